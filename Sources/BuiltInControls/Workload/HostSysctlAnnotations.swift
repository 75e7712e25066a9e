import Controls
import Documents
import Kubernetes

extension Control {
    /// On Elastic Container Instance an annotation changes kernel settings of the host below the Pod, once the account
    /// has been approved for it. The annotation is the use of a privilege, so it needs a grant like any other.
    ///
    /// Fields: annotation `k8s.aliyun.com/eci-host-sysctls` of Pods, a JSON list of `name` and `value`. Allowed: none.
    static let hostSysctlAnnotations = Control(
        id: "host-sysctl-annotations",
        title: "Apply before changing sysctls of the host",
        severity: .high,
        duty: "P2b",
        summary: "The annotation changes kernel settings of the host below the Pod: a privilege that must be applied for, and answered for.",
        remedy: "Remove the annotation; set safe sysctls in `securityContext.sysctls`, or apply for the exact ones with a grant.",
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, annotations: {k8s.aliyun.com/eci-cpu: "2"}}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: web
              annotations:
                k8s.aliyun.com/eci-host-sysctls: '[{"name":"vm.max_map_count","value":"262144"}]' # ✗
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            let annotation = pod.annotations["k8s.aliyun.com/eci-host-sysctls"]
            guard let text = try annotation.string() else { return }
            var names: [String] = []
            for root in DocumentTree.parse(text).tree.roots {
                for sysctl in try root.items() { names.append(try sysctl["name"].string() ?? "") }
            }
            if names.isEmpty { report.fail(annotation, "the Pod asks for sysctls of the host") }
            for name in names { report.fail(annotation, "the Pod changes sysctl '\(name)' of its host", value: name) }
        })
}
