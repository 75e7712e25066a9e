import Controls
import Documents
import Kubernetes

extension Control {
    /// A Service whose selector matches nothing is broken, or waits for whoever first brings Pods with these labels,
    /// who then gets the traffic meant for another program.
    ///
    /// Fields: `spec.selector` of Services. Allowed: labels of a Pod in the same namespace. Services without a
    /// selector get their endpoints from elsewhere.
    static let danglingServices = Control(
        id: "dangling-services",
        title: "Select existing Pods in Services",
        severity: .low,
        duty: "C6",
        summary: "A Service that selects nothing serves nobody, until somebody brings Pods with these labels and takes over its name.",
        remedy: "Correct the labels or remove the Service.",
        passing: [
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: shop}
            spec: {selector: {app: web}, ports: [{port: 80}]}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: shop}
            spec:
              template:
                metadata: {labels: {app: web, tier: front}}
                spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: shop}
            spec:
              selector: {app: web} # ✗
              ports: [{port: 80}]
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: other, labels: {app: web}}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            """
        ],
        check: .objects(["Service"]) { service, report throws(WrongType) in
            guard service.isCoreService, try !service.spec["type"].equals("ExternalName") else { return report.notApplicable() }
            let selector = try LabelSelector(mapping: service.spec["selector"])
            guard !selector.matchesEverything else { return report.notApplicable() }
            if !report.inventory.hasWorkloads(selector, in: service.namespace) {
                report.fail(service.spec["selector"], "Service '\(service.name)' selects no Pod of the estate")
            }
        })
}
