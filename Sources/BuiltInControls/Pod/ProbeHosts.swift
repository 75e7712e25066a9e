import Controls
import Documents
import Kubernetes

extension Control {
    /// The kubelet runs probes and hooks from the node. With a host of one's own choice they become requests that the
    /// node sends on behalf of the Pod's author: to its loopback, to metadata services, to other tenants.
    ///
    /// Fields: `httpGet.host` and `tcpSocket.host` of `livenessProbe`, `readinessProbe`, `startupProbe`,
    /// `lifecycle.postStart` and `lifecycle.preStop` of every container. Allowed: unset, empty.
    /// Standard: Pod Security Standards, baseline, since 1.34.
    static let probeHosts = Control(
        id: "probe-hosts",
        title: "Probe only the Pod itself",
        severity: .high,
        duty: "C5",
        summary: "A probe or hook with a host makes the node send requests where the author of the Pod wants, past all network policies.",
        remedy: "Remove `host`; a `Host` header belongs into `httpHeaders`.",
        references: [.podSecurity(.baseline, "hostProbesAndHostLifecycle")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
                livenessProbe:
                  httpGet: {path: /health, port: 8080, host: ""}
                lifecycle:
                  preStop:
                    exec: {command: [sleep, "5"]}
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
                livenessProbe:
                  httpGet:
                    port: 8080
                    host: 169.254.169.254 # ✗
                readinessProbe:
                  tcpSocket:
                    port: 10250
                    host: 127.0.0.1 # ✗
                lifecycle:
                  postStart:
                    httpGet:
                      port: 80
                      host: neighbour.example.com # ✗
            """
        ],
        checks: [
            .since(
                1, 34,
                .containers { container, _, report throws(WrongType) in
                    try judge(container.node.written("livenessProbe"), &report)
                    try judge(container.node.written("readinessProbe"), &report)
                    try judge(container.node.written("startupProbe"), &report)
                    guard let lifecycle = container.node.written("lifecycle") else { return }
                    try judge(lifecycle.written("postStart"), &report)
                    try judge(lifecycle.written("preStop"), &report)
                })
        ])
}

private func judge(_ handler: Value?, _ report: inout Report) throws(WrongType) {
    guard let handler else { return }
    let subject = report.subject
    if let host = handler.written("httpGet")?.written("host"), try !host.isEmptyString() {
        report.fail(host, "\(handler.key) of \(subject) asks the host '\(host.text)'")
    }
    if let host = handler.written("tcpSocket")?.written("host"), try !host.isEmptyString() {
        report.fail(host, "\(handler.key) of \(subject) connects to the host '\(host.text)'")
    }
}
