import Controls
import Documents
import Kubernetes

extension Control {
    /// A Pod in a namespace of its host sees the host's processes, memory segments or network: it can read other
    /// tenants' traffic and arguments, and talk to services that listen on the node's loopback only.
    ///
    /// Fields: `hostNetwork`, `hostPID`, `hostIPC` of the Pod. Allowed: unset, false.
    /// Standard: Pod Security Standards, baseline, since 1.0.
    static let hostNamespaces = Control(
        id: "host-namespaces",
        title: "Forbid the host's namespaces",
        severity: .high,
        duty: "C5",
        summary: "With the host's network, process or IPC namespace a Pod reaches what belongs to the node and to other Pods on it.",
        remedy: "Remove `hostNetwork`, `hostPID` and `hostIPC`; publish ports through a Service, and debug with an ephemeral container.",
        references: [
            .podSecurity(.baseline, "hostNamespaces"), .cis("5.2.3"), .cis("5.2.4"), .cis("5.2.5"),
            .ackPolicy("ACKPSPHostNamespace"), .ackPolicy("ACKPSPHostNetworkingPorts"),
            .ackInspection("hostNetworkSet"), .ackInspection("hostPIDSet"), .ackInspection("hostIPCSet"),
        ],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              hostNetwork: false
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: monitor}
            spec:
              hostNetwork: true # ✗
              hostPID: true # ✗
              hostIPC: true # ✗
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            if let network = pod.node.written("hostNetwork"), try network.bool() == true {
                report.fail(network, "the Pod uses the network of its host", value: "hostNetwork")
            }
            if let processes = pod.node.written("hostPID"), try processes.bool() == true {
                report.fail(processes, "the Pod sees the processes of its host", value: "hostPID")
            }
            if let memory = pod.node.written("hostIPC"), try memory.bool() == true {
                report.fail(memory, "the Pod shares the IPC namespace of its host", value: "hostIPC")
            }
        })
}
