import Documents

extension BootstrapRoles {
    /// The roles and bindings of a fresh API server as objects, for estates that were not dumped from one: manifests bind
    /// `edit` or `cluster-admin` without holding them. Read off the same tables as everything else here.
    public static let objects: [KubernetesObject] = {
        let documents = roleDocuments([bootstrapRoleTable, bootstrapControllerTable]) + bindingDocuments(bootstrapBindingTable)
        let parsed = DocumentTree.parse("[\(documents.joined(separator: ",\n"))]", source: objectSource)
        guard let items = try? parsed.tree.roots.first?.items() else { return [] }
        return items.compactMap { root in
            try? KubernetesObject(root: root, apiVersion: "\(rbacGroup)/v1", kind: root["kind"].text)
        }
    }()

    /// What findings call the place where these objects stand.
    public static let objectSource = "the API server's own roles"

    /// Labels that make the rules of one default role part of another.
    private static let aggregatedInto = [
        "system:aggregate-to-admin": "admin", "edit": "admin", "system:aggregate-to-edit": "edit", "view": "edit", "system:aggregate-to-view": "view",
    ]

    private static func roleDocuments(_ tables: [String]) -> [String] {
        tables.flatMap { "\n\($0)".split(separator: "\n= ") }.map { block in
            let lines = block.split(separator: "\n")
            let rules = lines.dropFirst().map(ruleDocument).joined(separator: ", ")
            return "{\(metadata(lines[0])), \(aggregation(lines[0]))\"rules\": [\(rules)]}"
        }
    }

    /// Three roles have no rules of their own but gather them.
    private static func aggregation(_ key: some StringProtocol) -> String {
        guard let role = ["admin", "edit", "view"].first(where: { key == "ClusterRole \($0)" }) else { return "" }
        return "\"aggregationRule\": {\"clusterRoleSelectors\": [{\"matchLabels\": {\"\(aggregationLabel(role))\": \"true\"}}]}, "
    }

    /// `Role kube-system/extension-apiserver-authentication-reader` or `ClusterRole edit`.
    private static func metadata(_ key: some StringProtocol) -> String {
        let parts = key.split(separator: " ", maxSplits: 1)
        let path = parts[1].split(separator: "/", maxSplits: 1)
        let namespace = path.count == 2 ? ", \"namespace\": \"\(path[0])\"" : ""
        let label = aggregatedInto[String(path[path.count - 1])].map { ", \"labels\": {\"\(aggregationLabel($0))\": \"true\"}" } ?? ""
        return "\"kind\": \"\(parts[0])\", \"metadata\": {\"name\": \"\(path[path.count - 1])\"\(namespace)\(label)}"
    }

    private static func aggregationLabel(_ role: String) -> String { "\(rbacGroup)/aggregate-to-\(role)" }

    /// `groups:resources:verbs:names` or `url:paths:verbs`; only names may hold a colon.
    private static func ruleDocument(_ line: Substring) -> String {
        if line.utf8.starts(with: "url:".utf8) {
            let parts = line.split(separator: ":", omittingEmptySubsequences: false)
            return "{\"nonResourceURLs\": \(list(parts[1])), \"verbs\": \(list(parts[2]))}"
        }
        let parts = line.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false)
        let names = parts[3].isEmpty ? "" : ", \"resourceNames\": \(list(parts[3]))"
        return "{\"apiGroups\": \(list(parts[0])), \"resources\": \(list(parts[1])), \"verbs\": \(list(parts[2]))\(names)}"
    }

    private static func list(_ items: Substring) -> String {
        "[\(items.split(separator: ",", omittingEmptySubsequences: false).map { "\"\($0)\"" }.joined(separator: ", "))]"
    }

    /// `ClusterRoleBinding name = ClusterRole role < Group subject`, a line for each subject.
    private static func bindingDocuments(_ table: String) -> [String] {
        var order: [String] = []
        var subjects: [String: [String]] = [:]
        for line in table.split(separator: "\n") {
            let parts = line.split(separator: " < ", maxSplits: 1)
            let head = String(parts[0])
            if subjects[head] == nil { order.append(head) }
            subjects[head, default: []].append(subjectDocument(parts[1]))
        }
        return order.map { head in
            let parts = head.split(separator: " = ", maxSplits: 1)
            let role = parts[1].split(separator: " ", maxSplits: 1)
            let reference = "{\"apiGroup\": \"\(rbacGroup)\", \"kind\": \"\(role[0])\", \"name\": \"\(role[1])\"}"
            return "{\(metadata(parts[0])), \"roleRef\": \(reference), \"subjects\": [\((subjects[head] ?? []).joined(separator: ", "))]}"
        }
    }

    /// `Group system:masters`, `ServiceAccount kube-system/cronjob-controller`.
    private static func subjectDocument(_ text: Substring) -> String {
        let parts = text.split(separator: " ", maxSplits: 1)
        guard parts[0] == "ServiceAccount" else { return "{\"kind\": \"\(parts[0])\", \"name\": \"\(parts[1])\"}" }
        let path = parts[1].split(separator: "/", maxSplits: 1)
        return "{\"kind\": \"ServiceAccount\", \"namespace\": \"\(path[0])\", \"name\": \"\(path[1])\"}"
    }
}
