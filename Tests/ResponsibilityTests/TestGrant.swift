import Documents
import Kubernetes
import Responsibility
import Testing

/// A grant and its workload that match in every dimension; each test breaks one.
struct TestGrant {
    static let digest = "sha256:" + String(repeating: "ab", count: 32)
    static let otherDigest = "sha256:" + String(repeating: "cd", count: 32)

    var object: [(String, String)] = []
    var spec: [(String, String)] = []
    /// Made after the decisions.
    var late: [(String, String)] = []

    static let workload = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec:
          template:
            metadata: {labels: {app: web, tier: front}}
            spec:
              serviceAccountName: web
              runtimeClassName: gvisor
              securityContext: {runAsNonRoot: true}
              containers:
              - name: app
                image: registry.example.com/app@\(digest)
                securityContext: {capabilities: {add: [SYS_ADMIN]}}
        """

    static let grant = """
        apiVersion: demarc.dev/v1alpha1
        kind: PrivilegeGrant
        metadata: {name: web, namespace: shop}
        spec:
          workload: {kind: Deployment, name: web, serviceAccountName: web}
          privileges:
          - {control: added-capabilities, container: app, value: SYS_ADMIN}
          imageDigests: ["\(digest)"]
          justification: Mounts file systems for customers
          accountable: {team: storage}
          notBefore: 2026-06-01T00:00:00Z
          expires: 2026-07-01T00:00:00Z
          liabilityTextHash: LIABILITY
        status:
          conditions:
          - {type: Approved, status: "True"}
          - {type: Accepted, status: "True"}
          decisions:
          - {action: apply, by: {username: ann, groups: [dev]}, at: 2026-05-28T08:00:00Z, specHash: HASH}
          - {action: approve, by: {username: ben}, at: 2026-05-29T08:00:00Z, specHash: HASH}
          - {action: approve, by: {username: cyd}, at: 2026-05-29T08:00:00Z, specHash: HASH}
          - {action: accept, by: {username: dee, groups: [storage]}, at: 2026-05-30T08:00:00Z, specHash: HASH}
        """

    /// Both documents, the grant signed for what its spec says.
    var manifest: String {
        get throws {
            var workload = TestGrant.workload
            for (old, new) in object {
                #expect(workload.contains(old), "the workload has no '\(old)'")
                workload = workload.replacing(old, with: new)
            }
            var grant = TestGrant.grant.replacing("LIABILITY", with: try #require(ResponsibilityModel.example.liabilityHash))
            for (old, new) in spec {
                #expect(grant.contains(old), "the grant has no '\(old)'")
                grant = grant.replacing(old, with: new)
            }
            let parsed = try #require(DocumentTree.parse(grant).tree.roots.first)
            grant = grant.replacing("HASH", with: CanonicalJSON.digest(of: parsed["spec"]))
            for (old, new) in late {
                #expect(grant.contains(old), "the grant has no '\(old)'")
                grant = grant.replacing(old, with: new)
            }
            return workload + "\n---\n" + grant
        }
    }

    func estate(now: String = "2026-06-15T00:00:00Z") throws -> TestEstate { try TestEstate(manifest, now: now) }

    /// What became of the one finding that the grant is for.
    func capability(now: String = "2026-06-15T00:00:00Z") throws -> AttributedFinding { try estate(now: now).only("added-capabilities") }
}
