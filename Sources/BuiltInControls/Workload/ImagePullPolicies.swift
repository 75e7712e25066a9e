import Controls
import Documents
import Kubernetes

extension Control {
    /// `Never` runs whatever lies on the node under that name, put there by anyone, without the registry's word on
    /// whether this Pod may have it. `IfNotPresent` on a floating tag keeps an old, perhaps vulnerable image for ever.
    ///
    /// Fields: `imagePullPolicy` of every container. Allowed: unset, `Always`, and `IfNotPresent` for a fixed version.
    static let imagePullPolicies = Control(
        id: "image-pull-policies",
        title: "Ask the registry for images that can change",
        severity: .low,
        duty: "C1",
        summary: """
            A node keeps what it pulled once: a floating tag that is not pulled again stays old, and `Never` runs what somebody left on \
            the node.
            """,
        remedy: "Remove `imagePullPolicy` (Kubernetes then picks by the tag) or set `Always`.",
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
                imagePullPolicy: IfNotPresent
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
                imagePullPolicy: Never # ✗
              - name: proxy
                image: registry.example.com/proxy:latest
                imagePullPolicy: IfNotPresent # ✗
            """
        ],
        check: .containers { container, _, report throws(WrongType) in
            let policy = container.node["imagePullPolicy"]
            if try policy.equals("Never") {
                report.fail(policy, "container '\(container.name)' runs whatever its node has under the name of its image")
            } else if try policy.equals("IfNotPresent") {
                let image = container.node["image"]
                let reference = ImageReference(image)
                guard try image.isSomeImage(), !reference.hasDigest, !reference.hasTag || reference.hasTag("latest") else { return }
                report.fail(policy, "container '\(container.name)' keeps the first '\(image.text)' its node ever pulled")
            }
        })
}
