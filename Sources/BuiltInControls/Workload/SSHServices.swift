import Controls
import Documents
import Kubernetes

extension Control {
    /// A Service on an SSH port leads to a login server in a container, which bypasses RBAC and the audit log.
    ///
    /// Fields: `ports[*].port`, `targetPort` and `name` of Services that select Pods. Allowed: anything but port 22
    /// or 2222 over TCP and the name `ssh`.
    static let sSHServices = Control(
        id: "ssh-services",
        title: "Offer no SSH through a Service",
        severity: .medium,
        duty: "C5",
        summary: "SSH into a container goes past RBAC and the audit log; a Service offers it to the whole cluster or beyond.",
        remedy: "Remove the port and use `kubectl exec` or `kubectl debug`, which are authorised and logged.",
        passing: [
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              selector: {app: web}
              ports:
              - {port: 80, targetPort: 8080}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              selector: {app: web}
              ports:
              - port: 2222 # ✗
                targetPort: 22
            """
        ],
        check: .objects(["Service"]) { object, report throws(WrongType) in
            guard object.apiVersion == "v1", object.spec["selector"].exists else { return report.notApplicable() }
            for port in try object.spec["ports"].items() {
                let number = port["port"]
                let target = port["targetPort"]
                let targetNumber = target.kind == .integer ? try target.int() : nil
                let isNumber = try isSSH(number.int())
                let isName = try port["name"].equals("ssh")
                guard isNumber || isName || isSSH(targetNumber), try !port["protocol"].equals("UDP") else { continue }
                report.fail(number, "Service '\(object.name)' offers SSH on port \(number.text)")
            }
        })
}

/// 2222 is where SSH servers listen that may not bind 22.
private func isSSH(_ port: Int64?) -> Bool { port == 22 || port == 2222 }
