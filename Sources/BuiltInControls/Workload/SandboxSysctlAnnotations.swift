import Controls
import Documents
import Kubernetes

extension Control {
    /// For sandboxed containers of ACK an annotation sets kernel parameters of the sandbox's own kernel. It weakens one Pod,
    /// not the node; it is a privilege all the same.
    ///
    /// Fields: annotation `securecontainer.alibabacloud.com/sysctls` of Pods, `name=value` with commas between.
    /// Allowed: none.
    static let sandboxSysctlAnnotations = Control(
        id: "sandbox-sysctl-annotations",
        title: "Apply before changing sysctls of a sandbox",
        severity: .medium,
        duty: "P2b",
        summary: "The annotation changes kernel settings of the sandbox past `securityContext.sysctls`, where nobody looks.",
        remedy: "Remove the annotation; set safe sysctls in `securityContext.sysctls`, or apply for the exact ones with a grant.",
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
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
                securecontainer.alibabacloud.com/sysctls: net.core.somaxconn=1024,kernel.msgmax=65536 # ✗
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            let annotation = pod.annotations["securecontainer.alibabacloud.com/sysctls"]
            guard let text = try annotation.string() else { return }
            for setting in text.split(separator: ",") {
                let name = String(setting.prefix { $0 != "=" }.filter { $0 != " " })
                report.fail(annotation, "the Pod changes sysctl '\(name)' of its sandbox", value: name)
            }
        })
}
