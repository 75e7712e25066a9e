import Controls
import Documents
import Kubernetes

extension Control {
    /// Whoever patches nodes drains them first. A budget that allows no eviction stops the drain, so the node stays as
    /// it is, or the platform deletes the Pods by force.
    ///
    /// Fields: `spec.maxUnavailable` and `spec.minAvailable` of PodDisruptionBudgets. Allowed: at least one Pod may go:
    /// not 0 or 0% unavailable, not 100% available.
    static let blockingDisruptionBudgets = Control(
        id: "blocking-disruption-budgets",
        title: "Leave room for evictions in disruption budgets",
        severity: .medium,
        duty: "C8a",
        summary: "A budget that allows no eviction keeps nodes from being drained, and so from being patched.",
        remedy: "Set `maxUnavailable: 1`, and run two replicas or more.",
        passing: [
            """
            apiVersion: policy/v1
            kind: PodDisruptionBudget
            metadata: {name: web}
            spec:
              maxUnavailable: 1
              selector: {matchLabels: {app: web}}
            """
        ],
        failing: [
            """
            apiVersion: policy/v1
            kind: PodDisruptionBudget
            metadata: {name: web}
            spec:
              maxUnavailable: 0 # ✗
              selector: {matchLabels: {app: web}}
            """,
            """
            apiVersion: policy/v1
            kind: PodDisruptionBudget
            metadata: {name: web}
            spec:
              minAvailable: 100% # ✗
              selector: {matchLabels: {app: web}}
            """,
        ],
        check: .objects(["PodDisruptionBudget"]) { object, report throws(WrongType) in
            let unavailable = object.spec["maxUnavailable"]
            let noneMayGo = try unavailable.kind == .string ? unavailable.equals("0%") : unavailable.int() == 0
            if noneMayGo { report.fail(unavailable, "PodDisruptionBudget '\(object.name)' lets no Pod go") }
            let available = object.spec["minAvailable"]
            if available.kind == .string, try available.equals("100%") {
                report.fail(available, "PodDisruptionBudget '\(object.name)' lets no Pod go")
            }
        })
}
