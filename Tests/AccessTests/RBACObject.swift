import Foundation

/// An object of RBAC as the API's documents describe it, for tests that must not lean on what they test.
struct RBACObject: Codable, Hashable {
    var apiVersion = "rbac.authorization.k8s.io/v1"
    var kind: String
    var metadata: Metadata
    var rules: [Rule]?
    var aggregationRule: AggregationRule?
    var roleRef: RoleRef?
    var subjects: [Subject]?

    struct Metadata: Codable, Hashable {
        var name: String
        var namespace: String?
        var labels: [String: String]?
    }

    struct Rule: Codable, Hashable {
        var verbs: [String]?
        var apiGroups: [String]?
        var resources: [String]?
        var resourceNames: [String]?
        var nonResourceURLs: [String]?
    }

    struct AggregationRule: Codable, Hashable {
        var clusterRoleSelectors: [Selector]?
    }

    struct Selector: Codable, Hashable {
        var matchLabels: [String: String]?
        var matchExpressions: [Expression]?
    }

    struct Expression: Codable, Hashable {
        var key: String
        var `operator`: String
        var values: [String]?
    }

    struct RoleRef: Codable, Hashable {
        var apiGroup: String?
        var kind: String
        var name: String
    }

    struct Subject: Codable, Hashable {
        var kind: String
        var apiGroup: String?
        var namespace: String?
        var name: String
    }

    /// One JSON text a line, or all of them as one list.
    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    static func list(_ objects: [RBACObject]) throws -> String {
        "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [\n\(try objects.map { try $0.json }.joined(separator: ",\n"))\n]}"
    }
}

/// One question, as a SubjectAccessReview puts it: nothing is added to it.
struct RBACQuestion: Hashable, CustomStringConvertible {
    var user: String
    var groups: [String] = []
    var verb: String
    var group = ""
    var resource = ""
    var subresource = ""
    var namespace = ""
    var name = ""
    /// A question about a path, nil for one about a resource.
    var url: String?

    var description: String {
        let target =
            url ?? "\(resource)\(group.isEmpty ? "" : "." + group)\(subresource.isEmpty ? "" : "/" + subresource) '\(name)' in '\(namespace)'"
        return "\(user) of \(groups): \(verb) \(target)"
    }
}
