import Controls
import Documents
import Kubernetes

extension Control {
    /// As for users: ids below 10,000 belong to groups of the node, such as `disk` or `docker`.
    ///
    /// Fields: `runAsGroup` of the Pod and of every container, `fsGroup` and `supplementalGroups` of the Pod, on Linux.
    /// Allowed: unset, or 10,000 and above, or any in a user namespace. Group 0 has a control of its own.
    static let lowGroupIDs = Control(
        id: "low-group-ids",
        title: "Use group ids that no group of the node has",
        severity: .low,
        duty: "C5",
        summary: "A process that leaves its container keeps its groups; low ids are groups of the node, such as `disk`.",
        remedy: "Use ids of 10000 or above.",
        references: [.ackPolicy("ACKPSPAllowedUsers"), .ackPolicy("ACKPSPFSGroup")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              securityContext: {runAsGroup: 10001, fsGroup: 10001}
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
              securityContext:
                fsGroup: 2000 # ✗
                supplementalGroups:
                - 999 # ✗
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            guard pod.sharesIDsWithNode else { return report.notApplicable() }
            try pod.forEachGroup { place, container, what throws(WrongType) in
                guard let id = try place.int(), id > 0, id < 10_000 else { return }
                if let container { report.enter(container) }
                report.fail(place, "\(what) \(id) is an id of the node's own groups")
            }
        })
}

extension PodSpec {
    /// Calls with each group id that the Pod and then its containers set, and what it is for.
    func forEachGroup(
        _ body: (_ place: Value, _ container: Container?, _ what: StaticString) throws(WrongType) -> Void
    ) throws(WrongType) {
        try body(securityContext["runAsGroup"], nil, "the Pod's group")
        try body(securityContext["fsGroup"], nil, "the volumes' group")
        for group in try securityContext["supplementalGroups"].items() { try body(group, nil, "the supplemental group") }
        for container in containers { try body(container.securityContext["runAsGroup"], container, "the container's group") }
    }
}
