import Controls
import Kubernetes

extension Control {
    /// Events say what happened to Pods and nodes; an intruder deletes them first.
    ///
    /// Fields: `events` in `rules`. Allowed: everything but `delete` and `deletecollection`.
    static let deleteEvents = Control(
        id: "delete-events",
        title: "Do not allow deleting events",
        severity: .medium,
        duty: "C6",
        summary: "Events are the first trace of an attack, and the first thing an attacker deletes.",
        remedy: "Remove `delete` and `deletecollection` on events; they expire by themselves.",
        references: [Reference("mitre-attack", "T1070")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: recorder, namespace: shop}
            rules:
            - apiGroups: ["", "events.k8s.io"]
              resources:
              - events
              verbs:
              - create
              - patch
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: cleaner, namespace: shop}
            rules:
            - apiGroups: [""]
              resources:
              - events # ✗
              verbs:
              - delete
            """
        ],
        check: .powers(
            Power(["delete", "deletecollection"], [APIResource("", "events"), APIResource("events.k8s.io", "events")], names: .count)))
}
