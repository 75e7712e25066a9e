import Controls
import Documents
import Kubernetes

extension Control {
    /// Code from a registry nobody vouches for runs with the rights of the workload. Which registries are approved
    /// is for the organisation to say (`allowedRegistries`); without a list there is nothing to judge.
    ///
    /// Fields: `image` of every container. Allowed: images in or below one of the listed places, compared by whole
    /// components, so that `registry.example.com` does not stand for `registry.example.com.evil.net`. A name without
    /// a registry is one of Docker Hub's.
    static let allowedRegistries = Control(
        id: "allowed-registries",
        title: "Take images from approved registries only",
        severity: .high,
        duty: "C1",
        summary: "An image from a registry that nobody approved is code that nobody checked, running with the rights of the workload.",
        remedy: "Copy the image to an approved registry and name it there, or have the registry approved in `allowedRegistries`.",
        references: [.ackPolicy("ACKAllowedRepos")],
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
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com.evil.net/app:1.0 # ✗
              - name: proxy
                image: nginx:1.27 # ✗
            """
        ],
        check: .containers { container, _, report throws(WrongType) in
            guard !report.settings.allowedRegistries.isEmpty else { return report.notApplicable() }
            let image = container.node["image"]
            guard try image.isSomeImage() else { return }
            let reference = ImageReference(image)
            if !report.settings.allowedRegistries.contains(where: { reference.isIn($0) }) {
                report.fail(image, "container '\(container.name)' takes '\(image.text)' from a registry that is not approved")
            }
        })
}
