import Controls
import Documents
import Kubernetes

extension Control {
    /// Entries in `/etc/hosts` win over DNS and never change: traffic goes on to an address that has long belonged to
    /// somebody else, and no DNS log shows it.
    ///
    /// Fields: `hostAliases`. Allowed: names for the loopback addresses.
    static let hostAliases = Control(
        id: "host-aliases",
        title: "Leave names to DNS",
        severity: .low,
        duty: "C6",
        summary: "Fixed addresses outlive what they pointed at: traffic goes to whoever has the address now, past DNS and its logs.",
        remedy: "Create a Service, with an ExternalName or endpoints if it lies outside, and use its name.",
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              hostAliases:
              - ip: 127.0.0.1
                hostnames: [app.local]
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
              hostAliases:
              - ip: 192.0.2.10 # ✗
                hostnames: [payments.example.com]
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            for alias in try pod.node["hostAliases"].items() {
                let address = alias["ip"]
                guard try !address.equals("127.0.0.1"), try !address.equals("::1"), address.exists else { continue }
                report.fail(address, "the Pod resolves names to the fixed address '\(address.text)'")
            }
        })
}
