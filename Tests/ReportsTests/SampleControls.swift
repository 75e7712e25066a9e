import Controls
import Documents
import Kubernetes

/// Controls of the tests' own, so that golden files change with the reports and not with the catalogue.
enum SampleControls {
    static let all = [privileged, capabilities, tag, token, hostPath, wildcard, attestation, nodeConfiguration]

    static let privileged = Control(
        id: "sample-privileged", title: "Forbid privileged containers", severity: .critical, duty: "C5",
        summary: "A privileged container owns the node it runs on.",
        remedy: "Remove `privileged: true` or apply for the one capability that is needed.",
        references: [.podSecurity(.baseline, "privileged"), .cis("5.2.2")], passing: [Example(plain)], failing: [Example(privilegedPod)],
        check: .containers { container, _, report throws(WrongType) in
            let privileged = container.securityContext["privileged"]
            guard try privileged.bool() == true else { return }
            let name = container.name
            report.fail(privileged, "container '\(name)' is privileged", fix: { "# \(name)\n# ``` </script>\u{1B}[31m\nprivileged: false\n" })
        })

    static let capabilities = Control(
        id: "sample-capabilities", title: "Add no dangerous capabilities", severity: .high, duty: "P2b",
        summary: "SYS_ADMIN and its like are the keys of the kernel.", remedy: "Drop ALL and add what the program needs.",
        references: [.podSecurity(.baseline, "capabilities_baseline"), .nsa("capabilities")], passing: [Example(plain)],
        failing: [Example(privilegedPod)],
        check: .containers { container, _, report throws(WrongType) in
            for item in try container.securityContext["capabilities"]["add"].items() where try !item.equals("NET_BIND_SERVICE") {
                report.fail(item, "container '\(container.name)' adds the capability \(item.text)")
            }
        })

    static let tag = Control(
        id: "sample-image-digest", title: "Name images by digest", severity: .medium, duty: "C1",
        summary: "A tag can be moved to another image after review.", remedy: "Write the image as name@sha256:… .",
        references: [.ackPolicy("ACKImageTag")], passing: [Example(plain)], failing: [Example(privilegedPod)],
        check: .containers { container, _, report throws(WrongType) in
            let image = container.node["image"]
            guard let name = try image.string(), !name.contains("@sha256:") else { return }
            report.fail(image, "container '\(container.name)' runs \(name), which names no digest")
        })

    static let token = Control(
        id: "sample-service-account-token", title: "Mount no service account token that nobody uses", severity: .low, duty: "C3",
        summary: "A token in a container is a key to the API server.", remedy: "Set `automountServiceAccountToken: false`.",
        references: [.cis("5.1.6")], passing: [Example(plain)], failing: [Example(privilegedPod)],
        check: .pods { pod, report throws(WrongType) in
            if try pod.node["automountServiceAccountToken"].bool() != false {
                report.fail(pod.node, missing: "automountServiceAccountToken", "the Pod mounts a service account token")
            }
        })

    static let hostPath = Control(
        id: "sample-host-path", title: "Mount nothing of the node", severity: .high, duty: "A2",
        summary: "A path of the node leads out of the container.", remedy: "Use a volume of a storage class.",
        references: [.podSecurity(.baseline, "hostPathVolumes")], passing: [Example(plain)], failing: [Example(privilegedPod)],
        check: .pods { pod, report throws(WrongType) in
            for volume in try pod.node["volumes"].items() where volume["hostPath"].exists {
                let path = try volume["hostPath"]["path"].string() ?? ""
                let name = try volume["name"].string() ?? ""
                report.fail(volume["hostPath"], "volume '\(name)' is \(path) of the node", value: path)
            }
        })

    static let wildcard = Control(
        id: "sample-wildcard", title: "Grant no wildcards", severity: .high, duty: "C3",
        summary: "A wildcard also covers what does not exist yet.", remedy: "List resources and verbs.",
        references: [.cis("5.1.3")], passing: [Example(plain)], failing: [Example(privilegedPod)],
        check: .objects(["ClusterRole"]) { role, report throws(WrongType) in
            for rule in try role.root["rules"].items() {
                for verb in try rule["verbs"].items() where try verb.equals("*") { report.fail(verb, "a rule allows every verb") }
            }
        })

    static let attestation = Control(
        id: "sample-namespace-purpose", title: "Review what a namespace is for", severity: .info, duty: "P1",
        summary: "Only people know.", remedy: "Ask its owner.", passing: [Example(plain)], failing: [Example(privilegedPod)],
        check: .objects(["Namespace"]) { namespace, report throws(WrongType) in
            report.manual(namespace.root, "somebody must say what this namespace is for")
        })

    static let nodeConfiguration = Control(
        id: "sample-node", title: "Encrypt the node's disks", severity: .medium, duty: "A4",
        summary: "A disk that leaves the building must tell nothing.", remedy: "Encrypt it.", passing: [Example(plain)],
        failing: [Example(privilegedPod)],
        check: .objects(["Node"]) { node, report throws(WrongType) in
            report.notObservable(node.root, "the object does not tell whether its disks are encrypted")
        })

    private static let plain = """
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          automountServiceAccountToken: false
          containers: [{name: app, image: "registry.example.com/app@sha256:0"}]
        """

    private static let privilegedPod = """
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - name: app
            image: registry.example.com/app:1.0
            securityContext:
              privileged: true # ✗
        """
}
