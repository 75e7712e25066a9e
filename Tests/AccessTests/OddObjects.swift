/// Roles and bindings that are odd, each in one way, as JSON; some of them are valid. Every one has a name of its own.
enum OddObjects {
    static let all: [String] = {
        var objects: [String] = []
        func add(_ kind: String, metadata: String? = nil, _ rest: String) {
            let name = "\"name\": \"odd-\(objects.count)\""
            let place = kind.hasPrefix("Cluster") ? "" : ", \"namespace\": \"shop\""
            let metadata = metadata.map { "\($0)\(place)" } ?? name + place
            objects.append("{\"apiVersion\": \"rbac.authorization.k8s.io/v1\", \"kind\": \"\(kind)\", \"metadata\": {\(metadata)}, \(rest)}")
        }
        for rule in rules {
            add("Role", "\"rules\": [\(rule)]")
            add("ClusterRole", "\"rules\": [\(rule)]")
        }
        for metadata in metadata {
            add("Role", metadata: metadata, "\"rules\": []")
            add("RoleBinding", metadata: metadata, "\"roleRef\": \(reference)")
        }
        for selector in selectors { add("ClusterRole", "\"aggregationRule\": \(selector)") }
        for reference in references {
            add("RoleBinding", "\"roleRef\": \(reference)")
            add("ClusterRoleBinding", "\"roleRef\": \(reference)")
        }
        for subject in subjects {
            add("RoleBinding", "\"roleRef\": \(reference), \"subjects\": [\(subject)]")
            add("ClusterRoleBinding", "\"roleRef\": \(reference), \"subjects\": [\(subject)]")
        }
        return objects
    }()

    private static let reference = #"{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"}"#

    private static let rules = [
        #"{"verbs": ["get"], "apiGroups": [""], "resources": ["pods"]}"#, #"{"verbs": [], "apiGroups": [""], "resources": ["pods"]}"#,
        #"{"apiGroups": [""], "resources": ["pods"]}"#, #"{"verbs": [""], "apiGroups": [""], "resources": [""]}"#,
        #"{"verbs": ["get"], "resources": ["pods"]}"#, #"{"verbs": ["get"], "apiGroups": [""]}"#,
        #"{"verbs": ["get"], "apiGroups": [""], "resources": []}"#, #"{"verbs": ["get"], "nonResourceURLs": ["/a"]}"#,
        #"{"verbs": ["get"], "nonResourceURLs": ["a b", ""]}"#, #"{"verbs": [], "nonResourceURLs": ["/a"]}"#,
        #"{"verbs": ["get"], "nonResourceURLs": ["/a"], "resources": ["pods"]}"#,
        #"{"verbs": ["get"], "nonResourceURLs": ["/a"], "apiGroups": [""]}"#,
        #"{"verbs": ["get"], "nonResourceURLs": ["/a"], "resourceNames": ["x"]}"#,
        #"{"verbs": ["get"], "nonResourceURLs": [], "apiGroups": [""], "resources": ["pods"]}"#,
        #"{"verbs": ["get"], "apiGroups": [""], "resources": ["pods", "secrets"], "resourceNames": ["x", ""]}"#,
        #"{"verbs": [null], "apiGroups": [null], "resources": [null]}"#, #"{"verbs": null, "apiGroups": [""], "resources": ["pods"]}"#,
        #"{"verbs": "get", "apiGroups": [""], "resources": ["pods"]}"#, #"{"verbs": [1], "apiGroups": [""], "resources": ["pods"]}"#, "null",
        "{}", "[]", #"{"verbs": ["get"], "apiGroups": [""], "resources": ["pods"], "resourceNames": null}"#,
    ]

    private static let metadata = [
        #""name": "a:b c""#, #""name": "A""#, #""name": "a/b""#, #""name": "a%b""#, #""name": ".""#, #""name": "..""#, #""name": "...""#,
        #""name": """#,
        #""name": "caf\u00e9""#, #""name": "*""#, #""generateName": "gen-""#, #""labels": {"a": "b"}"#, #""name": "x1", "labels": {"a": "b c"}"#,
        #""name": "x2", "labels": {"a": 1}"#, #""name": 3"#, #""name": "x3", "labels": {"": "b"}"#, #""name": "x4", "labels": {"a/b/c": "b"}"#,
        #""name": "x5", "labels": {"a": null}"#,
        #""name": "x6", "annotations": {"a": 1}"#, #""name": "x7", "annotations": {"A/b c": ""}"#, #""name": "x8", "annotations": {"A.b/C": "x y"}"#,
        #""name": "x9", "labels": {"A.b/c": "x"}"#,
    ]

    private static let selectors = [
        #"{"clusterRoleSelectors": [{"matchLabels": {"a": "b"}}]}"#, #"{"clusterRoleSelectors": []}"#, "{}", "null",
        #"{"clusterRoleSelectors": [{}]}"#, #"{"clusterRoleSelectors": [null]}"#, #"{"clusterRoleSelectors": [{"matchLabels": {"a": "b c"}}]}"#,
        #"{"clusterRoleSelectors": [{"matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}]}]}"#,
        #"{"clusterRoleSelectors": [{"matchExpressions": [{"key": "a", "operator": "In", "values": []}]}]}"#,
        #"{"clusterRoleSelectors": [{"matchExpressions": [{"key": "a", "operator": "Exists", "values": ["b"]}]}]}"#,
        #"{"clusterRoleSelectors": [{"matchExpressions": [{"key": "a", "operator": "Like", "values": ["b"]}]}]}"#,
        #"{"clusterRoleSelectors": [{"matchExpressions": [{"key": "", "operator": "Exists"}]}]}"#,
        #"{"clusterRoleSelectors": {"matchLabels": {"a": "b"}}}"#,
    ]

    private static let references = [
        #"{"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "x"}"#, #"{"kind": "ClusterRole", "name": "x"}"#,
        #"{"apiGroup": "", "kind": "ClusterRole", "name": "x"}"#, #"{"apiGroup": "apps", "kind": "ClusterRole", "name": "x"}"#,
        #"{"apiGroup": "rbac.authorization.k8s.io", "kind": "clusterrole", "name": "x"}"#,
        #"{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": ""}"#,
        #"{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole"}"#,
        #"{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "a/b"}"#,
        #"{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "a b:c"}"#, "{}", "null",
    ]

    private static let subjects = [
        #"{"kind": "User", "name": "ann"}"#, #"{"kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": "ann"}"#,
        #"{"kind": "User", "apiGroup": "apps", "name": "ann"}"#, #"{"kind": "User", "name": ""}"#, #"{"kind": "User"}"#,
        #"{"kind": "User", "name": "a b/c", "namespace": "shop"}"#, #"{"kind": "Group", "name": "dev"}"#, #"{"kind": "Group", "name": ""}"#,
        #"{"kind": "Group", "apiGroup": "v1", "name": "dev"}"#, #"{"kind": "ServiceAccount", "name": "web", "namespace": "shop"}"#,
        #"{"kind": "ServiceAccount", "name": "web"}"#, #"{"kind": "ServiceAccount", "name": "web", "namespace": ""}"#,
        #"{"kind": "ServiceAccount", "name": "Web", "namespace": "shop"}"#, #"{"kind": "ServiceAccount", "name": "we:b", "namespace": "shop"}"#,
        #"{"kind": "ServiceAccount", "name": "web", "namespace": "sh:op"}"#, #"{"kind": "ServiceAccount", "name": "web", "namespace": "Sh op"}"#,
        #"{"kind": "ServiceAccount", "apiGroup": "rbac.authorization.k8s.io", "name": "web", "namespace": "shop"}"#,
        #"{"kind": "Robot", "name": "r2"}"#, #"{"kind": "user", "name": "ann"}"#, #"{"name": "ann"}"#, "null", "{}", #"{"kind": "User", "name": 1}"#,
        #"{"kind": "User", "name": "*"}"#,
    ]
}
