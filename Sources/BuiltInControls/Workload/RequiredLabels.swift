import Controls
import Documents
import Kubernetes

extension Control {
    /// A finding needs somebody to tell. Which labels say who that is, the organisation decides (`requiredLabels`);
    /// without a list there is nothing to judge.
    ///
    /// Fields: `metadata.labels` of workloads that nothing else owns, and of namespaces. Allowed: each required label with a value.
    static let requiredLabels = Control(
        id: "required-labels",
        title: "Label workloads as the organisation asks",
        severity: .low,
        duty: "C8b",
        summary: "A workload that does not say whose it is has nobody who fixes it.",
        remedy: "Add the missing labels to `metadata.labels`.",
        references: [.ackPolicy("ACKRequiredLabels")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, labels: {team: shop}}
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
              labels: # ✗
                app: web
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """
        ],
        check: .objects(labelledKinds) { object, report throws(WrongType) in
            guard !report.settings.requiredLabels.isEmpty else { return report.notApplicable() }
            if try !object.metadata["ownerReferences"].items().isEmpty { return report.notApplicable() }
            let labels = object.labels
            _ = try labels.entries()
            for required in report.settings.requiredLabels where !labels.entry(named: required).exists {
                let place = labels.exists ? labels : object.metadata
                report.fail(place, "\(object.kind) '\(object.name)' lacks the label '\(required)'", value: required)
            }
        })
}

private let labelledKinds = [
    "Pod", "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "ReplicationController", "Job", "CronJob", "Namespace",
]
