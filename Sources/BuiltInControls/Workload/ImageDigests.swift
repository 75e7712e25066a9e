import Controls
import Documents
import Kubernetes

extension Control {
    /// A tag can be pushed again, by whoever may write to the registry; a digest is the content itself.
    ///
    /// Fields: `image` of every container. Allowed: a reference with `@sha256:…`.
    static let imageDigests = Control(
        id: "image-digests",
        title: "Pin images by digest",
        severity: .low,
        duty: "C1",
        summary: "A tag can be moved to other content by anyone who may push; only a digest says which bytes run.",
        remedy: "Append the digest that your build printed or the registry shows: `app:1.4.2@sha256:…`.",
        references: [.ackPolicy("ACKImageDigests")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0@sha256:8f3a1c1b5b3d4f0e9c7a6d2e1f0b9a8c7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f2a
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
                image: registry.example.com/app:1.0 # ✗
            """
        ],
        check: .containers { container, _, report throws(WrongType) in
            let image = container.node["image"]
            guard try image.isSomeImage(), !ImageReference(image).hasDigest else { return }
            report.fail(image, "the image '\(image.text)' of container '\(container.name)' is not pinned by a digest")
        })
}
