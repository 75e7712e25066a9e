import Controls
import Documents
import Kubernetes

extension Control {
    /// A sandbox has a kernel and a network of its own; the host's cannot be joined from there. Runtimes refuse such a Pod or,
    /// worse, open a hole for it.
    ///
    /// Fields: `hostNetwork`, `hostPID`, `hostIPC`, while `runtimeClassName` is a sandbox. Allowed: unset, false.
    static let sandboxedHostNamespaces = Control(
        id: "sandboxed-host-namespaces",
        title: "Join no host namespace from a sandbox",
        severity: .medium,
        duty: "A3",
        summary: "A sandbox cannot share the host's network or processes: the Pod fails to start, or its isolation is given up silently.",
        remedy: "Remove the host namespace; reach the Pod through a Service instead.",
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              runtimeClassName: gvisor
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              runtimeClassName: gvisor
              hostNetwork: true # ✗
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            for field in [pod.node["hostNetwork"], pod.node["hostPID"], pod.node["hostIPC"]] where try field.bool() == true {
                if try report.isSandbox(pod.node["runtimeClassName"]) {
                    report.fail(field, "\(field.key) contradicts the sandbox '\(pod.node["runtimeClassName"].text)'", value: field.key)
                }
            }
        })
}
