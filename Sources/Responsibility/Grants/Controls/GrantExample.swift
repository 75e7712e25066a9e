import Documents

/// The manifest behind the examples of controls about grants: a workload and a grant that is in order.
enum GrantExample {
    /// The instant the examples are judged for.
    static let now = Timestamp(secondsSinceEpoch: 1_781_481_600)  // 2026-06-15T00:00:00Z

    /// The manifest with some texts replaced, then signed: whoever reads an example sees the hashes a real
    /// grant would carry. A change that stands behind `unsigned` was made after the decisions.
    static func manifest(_ changes: [(String, String)] = [], unsigned late: [(String, String)] = []) -> String {
        var text = template
        for (old, new) in changes { text = text.replacing(old, with: new) }
        text = text.replacing("LIABILITY-HASH", with: liabilityHash)
        let grant = DocumentTree.parse(text).tree.roots.last
        text = text.replacing("SPEC-HASH", with: grant.map { CanonicalJSON.digest(of: $0["spec"]) } ?? "")
        for (old, new) in late { text = text.replacing(old, with: new) }
        return text
    }

    /// The same for a grant that was taken in an emergency, and has ended.
    static func emergency(_ changes: [(String, String)] = [], isReviewed: Bool = true) -> String {
        let decisions = template.firstRange(of: "  - {action: apply").map { template[$0.lowerBound...] } ?? ""
        let taken =
            "  - {action: break-glass, by: {username: ann@example.com, groups: [demarc-break-glass]}, at: 2026-06-14T20:01:00Z, specHash: SPEC-HASH}"
        let review = "\n  - {action: review, by: {username: ben@example.com}, at: 2026-06-14T23:30:00Z, specHash: SPEC-HASH}"
        let isFound = !isReviewed || !changes.isEmpty
        return manifest(
            [
                ("  - {type: Approved, status: \"True\"}\n", ""), (String(decisions), taken + (isFound ? " # ✗" : "") + (isReviewed ? review : "")),
                (
                    "accountable: {team: payments}",
                    "accountable: {person: ann@example.com}\n  emergency: {reason: The counters are needed to stop the outage}"
                ),
                ("notBefore: 2026-06-01T00:00:00Z", "notBefore: 2026-06-14T20:00:00Z"),
                ("expires: 2026-07-01T00:00:00Z", "expires: 2026-06-14T23:00:00Z"),
            ] + changes)
    }

    /// Read once: every command that knows the catalogue makes all examples.
    private static let liabilityHash = ResponsibilityModel.builtIn("acs")?.liabilityHash ?? ""

    private static let template = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: probe, namespace: shop}
        spec:
          template:
            spec:
              serviceAccountName: probe
              containers:
              - name: app
                image: registry.example.com/probe@sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0
                securityContext:
                  privileged: true
        ---
        apiVersion: demarc.dev/v1alpha1
        kind: PrivilegeGrant
        metadata: {name: probe, namespace: shop}
        spec:
          workload:
            kind: Deployment
            name: probe
            serviceAccountName: probe
          privileges:
          - control: privileged-containers
            container: app
            value: "true"
          imageDigests:
          - sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0
          justification: Reads hardware counters while we look for the cause of the stalls
          ticket: OPS-4711
          accountable: {team: payments}
          notBefore: 2026-06-01T00:00:00Z
          expires: 2026-07-01T00:00:00Z
          liabilityTextHash: LIABILITY-HASH
        status:
          conditions:
          - {type: Applied, status: "True"}
          - {type: Approved, status: "True"}
          - {type: Accepted, status: "True"}
          decisions:
          - {action: apply, by: {username: ann@example.com}, at: 2026-05-28T08:00:00Z, specHash: SPEC-HASH}
          - {action: approve, by: {username: ben@example.com}, at: 2026-05-29T08:00:00Z, specHash: SPEC-HASH}
          - {action: approve, by: {username: cyd@example.com}, at: 2026-05-29T09:00:00Z, specHash: SPEC-HASH}
          - {action: accept, by: {username: ann@example.com, groups: [payments]}, at: 2026-05-30T08:00:00Z, specHash: SPEC-HASH}
        """
}
