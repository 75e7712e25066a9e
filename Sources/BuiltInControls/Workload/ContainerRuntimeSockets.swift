import Controls
import Documents
import Kubernetes

extension Control {
    /// Whoever talks to the container runtime starts privileged containers on the node at will; mounting the socket
    /// read-only changes nothing, since writing to a socket is no write to the file system.
    ///
    /// Fields: `volumes[*].hostPath.path`. Allowed: anything but the sockets of Docker, containerd, CRI-O,
    /// cri-dockerd and Podman, and the directories they live in.
    static let containerRuntimeSockets = Control(
        id: "container-runtime-sockets",
        title: "Keep the sockets of the container runtime out of Pods",
        severity: .critical,
        duty: "C5",
        summary: "The socket of the container runtime lets a container start privileged ones beside itself: it owns the node.",
        remedy: "Remove the volume. Build images with a builder that needs no daemon; read logs and metrics from the API.",
        references: [Reference("mitre-attack", "T1610"), Reference("mitre-attack", "T1611")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
              volumes:
              - name: host
                hostPath:
                  path: /var/lib/app
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
              volumes:
              - name: host
                hostPath:
                  path: /var/run/docker.sock # ✗
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
              volumes:
              - name: host
                hostPath:
                  path: /run//containerd/containerd.sock # ✗
            """,
        ],
        check: .pods { pod, report throws(WrongType) in
            try pod.forEachHostPath { volume, path throws(WrongType) in
                guard path.isRuntimeSocket else { return }
                let place = volume["hostPath"]["path"]
                report.fail(
                    place, "volume '\(volume["name"].text)' hands over the container runtime through '\(place.text)'",
                    readOnly: try pod.mountsReadOnly(volume))
            }
        })
}
