internal import Controls
internal import Documents
internal import Kubernetes
internal import Responsibility

/// The file of a grant, for changing a part of it and leaving the rest as people wrote it.
struct GrantDocument {
    let path: String
    let bytes: [UInt8]
    let object: KubernetesObject
    let grant: PrivilegeGrant
    /// Which document of the file.
    private let index: Int

    /// Finds a grant among files.
    /// - Throws: `Failure`: with `usage` when there is none or more than one, with `incomplete` when it cannot be read.
    static func find(_ reference: GrantReference, in plan: GrantPlan) throws -> GrantDocument {
        guard !plan.paths.isEmpty else {
            throw Failure.usage("where are the grants? Give --grants PATH, write grants: in .demarc.yaml, or ask a cluster with --cluster")
        }
        let reading = GrantFiles(plan.paths, limits: plan.limits).read()
        let found = reading.objects.filter(reference.names)
        guard let object = found.first else {
            let gaps = reading.gaps.map { "\n  \($0.source): \($0.message)" }.joined()
            throw Failure.usage("there is no grant \(reference) in \(plan.paths.joined(separator: ", "))\(gaps)")
        }
        guard found.count == 1 else {
            let places = found.map { "\($0.namespace)/\($0.name) in \($0.root.source)" }.joined(separator: ", ")
            throw Failure.usage("\(reference) is the name of \(found.count) grants: \(places); keep one, or name its namespace")
        }
        return try GrantDocument(path: object.root.source, reference: GrantReference(namespace: object.namespace, name: object.name), plan: plan)
    }

    /// The grant of that name in a file, or the only one there.
    init(path: String, reference: GrantReference? = nil, plan: GrantPlan) throws {
        let bytes: [UInt8]
        do {
            bytes = try SourceFile.read(path, limit: plan.limits.bytes)
        } catch {
            throw Failure.usage("\(path): \(error.message)")
        }
        try self.init(bytes: bytes, path: path, reference: reference, plan: plan)
    }

    init(bytes: [UInt8], path: String, reference: GrantReference? = nil, plan: GrantPlan) throws {
        let parsed = DocumentTree.parse(bytes, source: path, limits: plan.limits)
        if let problem = parsed.problems.first {
            let line = problem.position.map { ":\($0.line):\($0.column)" } ?? ""
            throw Failure.incomplete("\(path)\(line): \(problem.message)")
        }
        let objects = SourceObjects(parsed.tree, defaultNamespace: plan.namespace ?? "default").objects
        let found = objects.filter { $0.kind == "PrivilegeGrant" && $0.group == "demarc.dev" && reference?.names($0) ?? true }
        guard let object = found.first, found.count == 1 else {
            throw Failure.usage(
                found.isEmpty
                    ? "\(path) holds no PrivilegeGrant\(reference.map { " named \($0)" } ?? "")"
                    : "\(path) holds \(found.count) grants\(reference.map { " named \($0)" } ?? ""); name one of them")
        }
        guard let index = parsed.tree.roots.firstIndex(where: { $0.identity == object.root.identity }) else {
            throw Failure.usage("\(path): the grant stands in a list; put it into a document of its own")
        }
        (self.path, self.bytes, self.object, self.index) = (path, bytes, object, index)
        grant = try PrivilegeGrant.strictly(object)
    }

    // MARK: - Changing it

    /// What a grant shall say; all else stays as it is.
    struct Change {
        var status: ManifestText
        /// For another period.
        var times: (notBefore: Timestamp, expires: Timestamp)?
    }

    /// The file with a change. Comments and order of all but `status` stay where the grant is written as most people write it; a grant in braces is
    /// written anew.
    ///
    /// The result is read again before anybody sees it: a file that would say anything else than it should is never written.
    func text(with change: Change, plan: GrantPlan) throws -> [UInt8] {
        for text in [lineByLine(change), asAWhole(change)] {
            guard let text else { continue }
            if try says(text, change) { return Array(text.utf8) }
        }
        throw Failure.incomplete("\(path) cannot be changed without a risk for what else it says; write the grant as YAML in a file of its own")
    }

    private var root: Value { object.root }
    /// Split at the byte: to Swift a carriage return and the line feed behind it are one character.
    private var lines: [String] {
        bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    }

    private func lineByLine(_ change: Change) -> String? {
        var lines = lines
        guard let entries = try? root.entries().map({ $0 }), entries.allSatisfy({ $0.position.column == 1 }) else { return nil }
        if let times = change.times {
            for (field, time) in [("notBefore", times.notBefore), ("expires", times.expires)] {
                let index = root["spec"].entry(named: field).position.line - 1
                guard lines.indices.contains(index), let line = GrantDocument.line(lines[index], setting: field, to: time.description) else {
                    return nil
                }
                lines[index] = line
            }
        }
        let block = ManifestText.map(["status": change.status]).yaml.split(separator: "\n").map(String.init)
        let status = root["status"]
        if status.isWritten {
            let start = status.position.line - 1
            guard lines.indices.contains(start) else { return nil }
            let next = lines[(start + 1)...].firstIndex { $0.first.map { !" \t#\r".contains($0) } ?? false } ?? lines.endIndex
            // What stands between the status and what follows belongs to what follows.
            var end = next
            while end > start + 1, lines[end - 1].isBlank || lines[end - 1].hasPrefix("#") { end -= 1 }
            lines.replaceSubrange(start..<end, with: block)
        } else {
            var end = endOfDocument(in: lines)
            while end > 1, lines[end - 1].isBlank { end -= 1 }
            lines.insert(contentsOf: block, at: end)
        }
        return GrantDocument.joined(lines)
    }

    private func asAWhole(_ change: Change) -> String? {
        var lines = lines
        let start = root.position.line - 1
        guard lines.indices.contains(start) else { return nil }
        var entries: [ManifestText.Entry] = []
        for entry in (try? root.entries().map { $0 }) ?? [] where entry.key != "status" {
            entries.append(
                .init(
                    entry.key,
                    ManifestText(entry) { value in
                        guard let times = change.times, value.fieldPath == "spec.notBefore" || value.fieldPath == "spec.expires" else { return nil }
                        return .replace(.text((value.key == "expires" ? times.expires : times.notBefore).description))
                    }))
        }
        let text = ManifestText.map(entries + [.init("status", change.status)]).yaml
        guard path.hasSuffix(".json") else {
            lines.replaceSubrange(start..<endOfDocument(in: lines), with: text.split(separator: "\n").map(String.init))
            return GrantDocument.joined(lines)
        }
        return DocumentTree.parse(text).tree.roots.first.map { CanonicalJSON.text(of: $0) + "\n" }
    }

    /// Behind the last line of the document.
    private func endOfDocument(in lines: [String]) -> Int {
        lines[(root.position.line - 1)...].firstIndex { $0.hasPrefix("---") || $0.hasPrefix("...") } ?? lines.endIndex
    }

    private static func joined(_ lines: [String]) -> String {
        let text = lines.joined(separator: "\n")
        return text.utf8.last == UInt8(ascii: "\n") ? text : text + "\n"
    }

    /// A line `field: value # comment` with another value; nil when it is not written so.
    private static func line(_ line: String, setting field: String, to value: String) -> String? {
        guard let key = line.firstRange(of: "\(field):"), line[..<key.lowerBound].allSatisfy({ $0 == " " }) else { return nil }
        let rest = line[key.upperBound...]
        let comment = rest.firstRange(of: " #").map { rest[$0.lowerBound...] } ?? ""
        let written = rest[..<(rest.firstRange(of: " #")?.lowerBound ?? rest.endIndex)].filter { $0 != " " && $0 != "\"" && $0 != "'" && $0 != "\r" }
        guard Timestamp(String(written)) != nil else { return nil }
        return "\(line[..<key.upperBound]) \"\(value)\"\(comment)"
    }

    /// Whether a text says what it should: the change, and all else as before.
    private func says(_ text: String, _ change: Change) throws -> Bool {
        let (old, new) = (DocumentTree.parse(bytes, source: path), DocumentTree.parse(Array(text.utf8), source: path))
        guard new.problems.isEmpty, new.tree.roots.count == old.tree.roots.count, new.tree.roots.indices.contains(index) else { return false }
        for (position, pair) in zip(old.tree.roots, new.tree.roots).enumerated() where position != index {
            guard CanonicalJSON.text(of: pair.0) == CanonicalJSON.text(of: pair.1) else { return false }
        }
        let result = new.tree.roots[index]
        guard let expected = DocumentTree.parse(ManifestText.map(["status": change.status]).yaml).tree.roots.first else { return false }
        guard CanonicalJSON.text(of: result["status"]) == CanonicalJSON.text(of: expected["status"]) else { return false }
        func others(_ root: Value) -> String {
            CanonicalJSON.text(of: root["metadata"]) + CanonicalJSON.text(of: root["spec"]["workload"])
                + CanonicalJSON.text(of: root["spec"]["privileges"])
                + CanonicalJSON.text(of: root["spec"]["accountable"])
        }
        guard let times = change.times else {
            return CanonicalJSON.digest(of: result["spec"]) == grant.specHash && others(result) == others(root)
        }
        return others(result) == others(root) && result["spec"]["notBefore"].text == times.notBefore.description
            && result["spec"]["expires"].text == times.expires.description
    }
}

extension String {
    /// Nothing but white space.
    fileprivate var isBlank: Bool { utf8.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") } }
}
