import Controls
import Documents
import Kubernetes

extension Control {
    /// Even the runtime's default capabilities are more than most programs use: with NET_RAW a container forges
    /// packets, with CHOWN and DAC_OVERRIDE it ignores file permissions.
    ///
    /// Fields: `securityContext.capabilities` of every container. Allowed: `drop` holds `ALL`, `add` nothing or
    /// `NET_BIND_SERVICE`. Windows Pods are left out from 1.25 on, when `spec.os` says so.
    /// Standard: Pod Security Standards, restricted, since 1.22; takes the place of the baseline check there.
    static let droppedCapabilities = Control(
        id: "dropped-capabilities",
        title: "Drop all capabilities",
        severity: .medium,
        duty: "C5",
        summary: "Capabilities that a program does not use only serve whoever breaks into it.",
        remedy: "Set `capabilities: {drop: [ALL]}` on every container, and add back NET_BIND_SERVICE only.",
        references: [
            .podSecurity(.restricted, "capabilities_restricted"), .cis("5.2.8"), .cis("5.2.9"), .nsa("capabilities"),
            .ackPolicy("ACKPSPCapabilities"),
        ],
        overrides: ["added-capabilities", "net-raw-capability"],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
                securityContext:
                  capabilities:
                    drop: [ALL]
                    add: [NET_BIND_SERVICE]
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              os: {name: windows}
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """,
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app # ✗
                image: registry.example.com/app:1.0
              - name: proxy
                image: registry.example.com/proxy:1.0
                securityContext:
                  capabilities:
                    drop: [NET_RAW] # ✗
                    add:
                    - CHOWN # ✗
            """
        ],
        checks: [
            .since(1, 22, .containers(judgeCapabilities)),
            .since(
                1, 25,
                .containers { container, pod, report throws(WrongType) in
                    if pod.isWindows { return report.notApplicable() }
                    try judgeCapabilities(container, pod, &report)
                }),
        ])
}

@Sendable
private func judgeCapabilities(_ container: Container, _ pod: PodSpec, _ report: inout Report) throws(WrongType) {
    let capabilities = container.securityContext["capabilities"]
    var dropsAll = false
    for dropped in try capabilities["drop"].items() where try dropped.equals("ALL") { dropsAll = true }
    if !dropsAll {
        report.fail(
            container.node, missing: "securityContext.capabilities.drop", "container '\(container.name)' does not drop ALL capabilities", value: "")
    }
    for added in try capabilities["add"].items() where try !added.equals("NET_BIND_SERVICE") {
        report.fail(added, "container '\(container.name)' adds the capability \(added.text)", value: grantedCapability(added.text))
    }
}
