internal import Access
internal import Kubernetes

/// The words of `can-i` and `who-can`: a verb, what it is done to, and the estate to read.
///
/// A name and a path look alike, so there is one rule: the first two words are the verb and the resource. A further word is a
/// path when it is `-`, stands behind `--`, holds a `/`, ends in .yaml, .yml or .json, or exists as a file or directory; one
/// that is none of these is the name of an object. Names of objects have no slash.
struct AccessQuestion {
    let verb: String
    /// `deployments.apps/scale`, or a path of the API such as `/metrics`.
    let target: String
    let name: String?
    let paths: [String]
    /// What the reader should know about how the words were understood.
    private(set) var remarks: [String] = []

    /// - Parameters:
    ///   - surePaths: how many of the last words stood behind `--`.
    ///   - files: paths given with `-f`.
    /// - Throws: `Failure` with code `usage`.
    init(_ words: [String], surePaths: Int, files: [String], exists: (String) -> Bool) throws {
        let sure = min(surePaths, max(words.count - 2, 0))
        guard words.count >= 2, !words[0].isEmpty, !words[1].isEmpty else {
            throw Failure.usage("give a verb and a resource, then what to read: get pods rbac/")
        }
        (verb, target) = (words[0], words[1])
        var names: [String] = []
        var paths = files
        var ambiguous: [String] = []
        for word in words[2..<(words.count - sure)] {
            guard word != "-", !word.contains("/"), ![".yaml", ".yml", ".json"].contains(where: word.hasSuffix) else {
                paths.append(word)
                continue
            }
            if exists(word) {
                paths.append(word)
                if !word.contains("."), isDNSSubdomain(word) { ambiguous.append(word) }
            } else {
                names.append(word)
            }
        }
        paths += words.suffix(sure)
        guard names.count <= 1 else {
            throw Failure.usage("'\(names[1])' is no file or directory, and '\(names[0])' is the name already; check the path")
        }
        guard !paths.isEmpty else {
            let read = names.first.map { "'\($0)' is no file or directory and was taken for the name of an object; " } ?? ""
            throw Failure.usage(read + "which estate? Give files, directories, or - for standard input")
        }
        name = names.first
        self.paths = paths
        // A directory called like an object may have been meant as its name.
        if let word = ambiguous.first, names.isEmpty, paths.count > 1 {
            remarks.append("'\(word)' exists here and is read as a path; to ask about an object of that name, write \(target)/\(word)")
        }
    }

    // MARK: - The request

    /// Where a request is sent.
    enum Scope: Equatable {
        case namespace(String)
        case allNamespaces
    }

    /// What the words ask, and remarks on them.
    struct Reading {
        var request: AccessRequest
        /// RoleBindings can allow it, each in its namespace.
        var isNamespaced: Bool
        var remarks: [String] = []
        /// The estate and Kubernetes know the resource.
        var isKnown = true
    }

    func reading(_ table: ResourceTable, subresource: String?, scope: Scope) throws -> Reading {
        if target.hasPrefix("/") {
            guard subresource == nil else { throw Failure.usage("\(target) is a path and has no subresource; leave out --subresource") }
            guard name == nil else { throw Failure.usage("\(target) is a path and has no objects; leave out '\(name ?? "")'") }
            var reading = Reading(request: AccessRequest(verb, url: target), isNamespaced: false)
            if !Self.urlVerbs.contains(verb) { reading.remarks.append("'\(verb)' is no verb of a path: those are methods in lower case") }
            return reading
        }
        let resource = try ResourceArgument(target, name: name, subresource: subresource, in: table)
        let namespace = self.namespace(of: resource, scope)
        var reading = Reading(
            request: AccessRequest(verb, resource.resource, namespace: namespace, name: resource.name),
            isNamespaced: !resource.resource.isClusterScoped || !namespace.isEmpty, remarks: resource.remarks, isKnown: resource.isKnown)
        if resource.resource.isClusterScoped, case .namespace(let asked) = scope, asked != "default", namespace != asked {
            reading.remarks.append("\(resource.resource.displayName) lives outside namespaces, so '\(asked)' does not matter")
        }
        if !Self.verbs.contains(verb) { reading.remarks.append("'\(verb)' is no verb that Kubernetes knows; asked as written") }
        if !resource.name.isEmpty, verb == "create" && resource.resource.subresource.isEmpty || verb == "deletecollection" {
            reading.remarks.append(
                "a request to \(verb) carries no name, so a rule with resourceNames does not allow it on a cluster; asked as written")
        }
        return reading
    }

    /// Requests outside namespaces carry none; those about one namespace carry that one.
    private func namespace(of resource: ResourceArgument, _ scope: Scope) -> String {
        if resource.resource.isClusterScoped {
            let isOne = !resource.name.isEmpty && !["list", "watch", "create", "deletecollection"].contains(verb)
            let isNamespaces = resource.resource.group.isEmpty && resource.resource.path.prefix { $0 != "/" } == "namespaces"
            return isNamespaces && isOne ? resource.name : ""
        }
        if case .namespace(let namespace) = scope { return namespace }
        return ""
    }

    /// Source: Kubernetes, "Authorization", "Request verbs" and the special verbs of RBAC, Pod security and certificates.
    private static let verbs: Set<String> = [
        "get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "*", "use", "bind", "escalate", "impersonate",
        "approve", "sign", "attest",
    ]
    private static let urlVerbs: Set<String> = ["get", "head", "post", "put", "patch", "delete", "options", "*"]
}

extension APIResource {
    /// `deployments.apps/scale`, the way commands take it.
    var displayName: String {
        guard !group.isEmpty else { return path }
        let plural = path.prefix { $0 != "/" }
        return "\(plural).\(group)\(path.dropFirst(plural.count))"
    }
}
