import BuiltInControls
import Controls
import Documents
import Kubernetes
import KubernetesClient
import Responsibility
import Testing

@testable import Server

/// What tests of the controller have in common: resources, manifests, rules, and numbers that look random and are the same each time.
enum LiveCluster {
    static let now = Timestamp(secondsSinceEpoch: 1_781_481_600)  // 2026-06-15T00:00:00Z

    static let resources: [String: Resource] = Dictionary(
        uniqueKeysWithValues: [
            ("", "v1", "pods", "Pod", true), ("", "v1", "namespaces", "Namespace", false), ("", "v1", "services", "Service", true),
            ("", "v1", "serviceaccounts", "ServiceAccount", true), ("", "v1", "configmaps", "ConfigMap", true),
            ("apps", "v1", "deployments", "Deployment", true), ("apps", "v1", "replicasets", "ReplicaSet", true),
            ("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", true),
            ("rbac.authorization.k8s.io", "v1", "roles", "Role", true), ("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding", true),
            ("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", false),
            ("rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding", false),
            ("demarc.dev", "v1alpha1", "privilegegrants", "PrivilegeGrant", true),
        ].map { ($0.3, Resource(group: $0.0, version: $0.1, name: $0.2, kind: $0.3, isNamespaced: $0.4, verbs: ["list", "watch"])) })

    static func resource(_ kind: String) -> Resource {
        resources[kind] ?? Resource(group: "example.com", version: "v1", name: kind.lowercased() + "s", kind: kind, isNamespaced: true)
    }

    private static let known = ResponsibilityModel.builtIn("acs").map {
        JudgingRules(catalogue: Catalogue(BuiltInControls.all + GrantControls.all), model: $0)
    }

    static func rules() throws -> JudgingRules { try #require(known) }

    static func value(_ json: String) -> Value { DocumentTree.parse(json, source: "test").tree.roots[0] }

    /// A grant that is in order, with the Deployment that it is for, as values of a cluster.
    static let granted: (deployment: Value, grant: Value) = {
        let manifest = GrantControls.all.first { $0.id == "grant-expiring" }?.passing.first?.manifest ?? ""
        let roots = DocumentTree.parse(manifest).tree.roots
        return (roots[0], roots[1])
    }()

    /// The events of a list, then those given.
    static func table(_ objects: [(kind: String, json: String)]) -> ObjectTable {
        var table = ObjectTable()
        for (kind, json) in objects { _ = table.take(.present(value(json)), of: resource(kind), source: "cluster/test") }
        return table
    }
}

/// SplitMix64: the same numbers each time.
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
