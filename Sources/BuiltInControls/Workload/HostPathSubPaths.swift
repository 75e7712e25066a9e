import Controls
import Documents
import Kubernetes

extension Control {
    /// The kubelet resolves a sub-path on the node. In a directory that containers can write, a link planted at the
    /// right moment has led outside it before (CVE-2017-1002101, CVE-2021-25741).
    ///
    /// Fields: `volumeMounts[*].subPath` and `subPathExpr` of every container, for volumes of type hostPath that some
    /// container may write. Allowed: unset, or read-only everywhere.
    static let hostPathSubPaths = Control(
        id: "host-path-sub-paths",
        title: "Mount no sub-path of a writable host path",
        severity: .medium,
        duty: "C5",
        summary: "The kubelet follows sub-paths on the node; in a writable directory a planted link has led outside it before.",
        remedy: "Name the full path in the volume, or make every mount of the volume read-only.",
        references: [Reference("cve", "CVE-2017-1002101"), Reference("cve", "CVE-2021-25741")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
                volumeMounts:
                - {name: host, mountPath: /data, subPath: app, readOnly: true}
              volumes:
              - name: host
                hostPath: {path: /srv/data}
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
                volumeMounts:
                - name: host
                  mountPath: /data
                  subPath: app # ✗
              volumes:
              - name: host
                hostPath: {path: /srv/data}
            """
        ],
        check: .containers { container, pod, report throws(WrongType) in
            try pod.forEachHostPath { volume, path throws(WrongType) in
                let name = volume["name"].text
                for mount in try container.mounts(of: name) {
                    let subPath = mount["subPath"].exists ? mount["subPath"] : mount["subPathExpr"]
                    guard subPath.exists, try !subPath.equals(""), try !pod.mountsReadOnly(volume) else { continue }
                    report.fail(subPath, "container '\(container.name)' mounts '\(subPath.text)' below the writable '\(path.text)' of its node")
                }
            }
        })
}
