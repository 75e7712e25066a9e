import Controls
import Documents
import Kubernetes

extension Control {
    /// A HostProcess container is no container at all: it runs on the Windows node with the rights of the account it names.
    ///
    /// Fields: `securityContext.windowsOptions.hostProcess` of the Pod and of every container. Allowed: unset, false.
    /// Standard: Pod Security Standards, baseline, since 1.0.
    static let windowsHostProcess = Control(
        id: "windows-host-process",
        title: "Forbid HostProcess containers",
        severity: .critical,
        duty: "C5",
        summary: "A HostProcess container runs directly on its Windows node, with all the node's files, network and accounts.",
        remedy: "Remove `hostProcess`; tasks of the node belong to whoever runs the platform.",
        references: [.podSecurity(.baseline, "windowsHostProcess"), .cis("5.2.10")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              os: {name: windows}
              securityContext:
                windowsOptions: {hostProcess: false, runAsUserName: ContainerUser}
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: agent}
            spec:
              os: {name: windows}
              hostNetwork: true
              securityContext:
                windowsOptions:
                  hostProcess: true # ✗
              containers:
              - name: app
                image: registry.example.com/app:1.0
                securityContext:
                  windowsOptions:
                    hostProcess: true # ✗
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            try pod.eachSecurityContext(with: "windowsOptions", &report) { options, report throws(WrongType) in
                let hostProcess = options["hostProcess"]
                if try hostProcess.bool() == true {
                    let subject = report.subject
                    report.fail(hostProcess, "\(subject) runs as a process of its Windows host", value: "hostProcess")
                }
            }
        })
}
