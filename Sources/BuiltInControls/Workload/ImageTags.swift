import Controls
import Documents
import Kubernetes

extension Control {
    /// Without a tag the kubelet takes `latest`, and what `latest` means changes under a running application: two
    /// replicas may run different code, and a roll-back brings nothing back.
    ///
    /// Fields: `image` of every container. Allowed: a digest, or a tag that is neither `latest` nor one the
    /// organisation calls floating (`floatingImageTags`). `auto` is a placeholder that service meshes fill in.
    static let imageTags = Control(
        id: "image-tags",
        title: "Name a fixed version of every image",
        severity: .medium,
        duty: "C1",
        summary: """
            An image without a version, or with `latest`, is another program tomorrow: nobody can say what ran, and a roll-back restores \
            nothing.
            """,
        remedy: "Name the version that was tested, best with its digest: `registry/app:1.4.2@sha256:…`.",
        references: [.ackInspection("tagNotSpecified"), .ackPolicy("ACKImageDigests")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com:5000/app@sha256:8f3a1c1b5b3d4f0e9c7a6d2e1f0b9a8c7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f2a
            """,
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              initContainers:
              - name: set-up
                image: registry.example.com:5000/set-up # ✗
              containers:
              - name: app
                image: registry.example.com/app:latest # ✗
            """
        ],
        check: .containers { container, _, report throws(WrongType) in
            let image = container.node["image"]
            guard try image.isSomeImage() else { return }
            let reference = ImageReference(image)
            if reference.hasDigest { return }
            if !reference.hasTag {
                report.fail(image, "container '\(container.name)' names no version of its image, so it gets '\(image.text):latest'")
            } else if reference.hasTag("latest") || report.settings.floatingImageTags.contains(where: { $0 == reference.tag }) {
                report.fail(image, "container '\(container.name)' follows the floating tag of '\(image.text)'")
            }
        })
}

extension Value {
    /// Whether an image is named here: service meshes write `auto` where they put their own in.
    func isSomeImage() throws(WrongType) -> Bool {
        guard try !equals(""), try !equals("auto") else { return false }
        return exists
    }
}
