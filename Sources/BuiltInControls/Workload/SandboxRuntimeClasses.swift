import Controls
import Documents
import Kubernetes

extension Control {
    /// Containers share the kernel of their node: one hole in it and every tenant is open. A sandbox (gVisor, Kata) gives
    /// the Pod a kernel of its own.
    ///
    /// Fields: `runtimeClassName`, the handler of that RuntimeClass, and `sandboxRuntimeClasses` of the organisation.
    /// Allowed: a sandbox, also one of its variants (`kata-qemu`). Asked where it has a meaning: when the organisation
    /// requires it (`requiresSandbox`), when the estate has a RuntimeClass of a sandbox, and for the sandboxes of
    /// software agents, which exist to run code nobody trusts. Where the platform puts every Pod into a sandbox by
    /// itself, nothing is to be written down.
    static let sandboxRuntimeClasses = Control(
        id: "sandbox-runtime-classes",
        title: "Put Pods into a sandbox where one is on offer",
        severity: .medium,
        duty: "A3",
        summary: "Without a sandbox the Pod shares the kernel with its node and neighbours, and one hole in it opens them all.",
        remedy: "Set `runtimeClassName` to a sandbox of the platform, such as `gvisor` or `kata`.",
        references: [Reference("mitre-attack", "T1611")],
        passing: [
            """
            apiVersion: node.k8s.io/v1
            kind: RuntimeClass
            metadata: {name: isolated}
            handler: runsc
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              runtimeClassName: isolated
              containers:
              - name: app
                image: registry.example.com/app:1.0
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: other}
            spec:
              runtimeClassName: kata-qemu
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """
        ],
        failing: [
            """
            apiVersion: node.k8s.io/v1
            kind: RuntimeClass
            metadata: {name: gvisor}
            handler: runsc
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec: # ✗
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """,
            """
            apiVersion: extensions.agents.x-k8s.io/v1beta1
            kind: SandboxTemplate
            metadata: {name: python}
            spec:
              podTemplate:
                spec:
                  runtimeClassName: runc # ✗
                  containers:
                  - name: app
                    image: registry.example.com/app:1.0
            """,
        ],
        check: .pods { pod, report throws(WrongType) in
            guard report.isSandboxExpected else { return report.notApplicable() }
            let runtimeClass = pod.node["runtimeClassName"]
            if try report.isSandbox(runtimeClass) { return }
            let what = runtimeClass.exists ? "in runtime class '\(runtimeClass.text)', which is no sandbox" : "in no sandbox"
            report.fail(pod.node, missing: "runtimeClassName", "the Pod runs \(what)", value: runtimeClass.text)
        })
}

extension Report {
    fileprivate var isSandboxExpected: Bool {
        if settings.requiresSandbox { return true }
        let apiVersion = judgedObject.apiVersion
        if apiVersion.hasPrefix("agents.x-k8s.io/") || apiVersion.hasPrefix("extensions.agents.x-k8s.io/") { return true }
        // A cluster has a handful of RuntimeClasses at most.
        return inventory.objects(ofKind: "RuntimeClass").contains { object in
            isSandbox(named: object.name) || isSandbox(named: object.root["handler"].text)
        }
    }

    /// - Parameter runtimeClass: the `runtimeClassName` of a Pod.
    func isSandbox(_ runtimeClass: Value) throws(WrongType) -> Bool {
        guard let name = try runtimeClass.string() else { return false }
        if let object = inventory.object(kind: "RuntimeClass", namespace: "", name: name) {
            // What it is called does not matter once its handler is known.
            return isSandbox(named: try object.root["handler"].string() ?? name)
        }
        return isSandbox(named: name)
    }

    /// Whether a RuntimeClass or handler is called as sandboxes are here.
    func isSandbox(named name: String) -> Bool {
        settings.sandboxRuntimeClasses.contains { name == $0 || name.hasPrefix($0 + "-") }
    }
}
