import Controls
import Documents
import Kubernetes

extension Control {
    /// A login server in a container bypasses the API server: no RBAC, no audit log, and keys of its own.
    ///
    /// Fields: `ports[*].containerPort` and `ports[*].name` of every container. Allowed: anything but port 22 over TCP
    /// and the name `ssh`.
    static let sSHServers = Control(
        id: "ssh-servers",
        title: "Run no SSH server in a container",
        severity: .medium,
        duty: "C5",
        summary: "SSH into a container goes past RBAC and the audit log, with keys nobody manages.",
        remedy: "Remove the server and use `kubectl exec` or `kubectl debug`, which are authorised and logged.",
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
                ports:
                - {name: http, containerPort: 8080}
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
                ports:
                - containerPort: 22 # ✗
                - containerPort: 2222 # ✗
                  name: ssh
            """
        ],
        check: .containers { container, _, report throws(WrongType) in
            for port in try container.node["ports"].items() {
                let number = port["containerPort"]
                let isNumber = try number.int() == 22
                let isName = try port["name"].equals("ssh")
                guard isNumber || isName else { continue }
                report.fail(number, "container '\(container.name)' listens for SSH on port \(number.text)")
            }
        })
}
