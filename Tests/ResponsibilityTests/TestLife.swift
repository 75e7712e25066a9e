import Controls
import Documents
import Kubernetes
import Responsibility
import Testing

/// A grant's life in few words: who did what to which of its specs, on which day of June.
///
///     TestLife("ann apply a 1", "ben approve a 2", "cyd approve a 2", "dee:storage accept a 3")
///
/// A spec is a letter; each has another justification. `a 1.5` is noon of the first day.
struct TestLife {
    var decisions: [String]
    /// The spec as it is.
    var spec = "a"
    /// Copies that the status holds, as letters.
    var copies: [String] = []
    /// Changes to the text of a spec, by letter.
    var changes: [String: [(String, String)]] = [:]
    var conditions: [String] = []
    /// What the grant is about: `SYS_ADMIN` needs two approvals and two keys, `NET_RAW` none.
    var capability = "SYS_ADMIN"

    init(_ decisions: String...) { self.decisions = decisions }
    init(_ decisions: [String]) { self.decisions = decisions }

    /// In force with spec `a` from the third day on.
    static let active = ["ann apply a 1", "ben approve a 2", "cyd approve a 2", "dee:storage accept a 3"]

    static func time(_ day: String) throws -> Timestamp {
        let first = try #require(Timestamp("2026-06-01T00:00:00Z"))
        return first.advanced(bySeconds: Int64((try #require(Double(day)) - 1) * 86_400))
    }

    private func text(_ letter: String, indent: String) throws -> String {
        var text = """
            workload: {kind: Deployment, name: web, serviceAccountName: web}
            privileges:
            - {control: added-capabilities, container: app, value: \(capability)}
            imageDigests: ["\(TestGrant.digest)"]
            justification: Mounts file systems, as \(letter) says
            accountable: {team: storage}
            notBefore: 2026-06-01T00:00:00Z
            expires: 2026-07-01T00:00:00Z
            liabilityTextHash: \(try #require(ResponsibilityModel.example.liabilityHash))
            """
        for (old, new) in changes[letter] ?? [] {
            #expect(text.contains(old), "spec \(letter) has no '\(old)'")
            text = text.replacing(old, with: new)
        }
        return text.split(separator: "\n").map { indent + $0 }.joined(separator: "\n")
    }

    func hash(_ letter: String) throws -> String {
        CanonicalJSON.digest(of: try #require(DocumentTree.parse(try text(letter, indent: "")).tree.roots.first))
    }

    var manifest: String {
        get throws {
            var lines = [
                "apiVersion: demarc.dev/v1alpha1", "kind: PrivilegeGrant", "metadata: {name: web, namespace: shop, generation: 7}", "spec:",
                try text(spec, indent: "  "), "status:", "  conditions:",
            ]
            lines += conditions.map { "  - {type: \($0), status: \"True\", lastTransitionTime: 2026-05-01T00:00:00Z}" }
            lines.append("  approvedSpecs:")
            for copy in copies { lines.append("  -\n" + (try text(copy, indent: "    "))) }
            lines.append("  decisions:")
            for decision in decisions {
                let words = decision.split(separator: " ").map(String.init)
                let isRobot = words[0].hasPrefix("system:")
                let who = isRobot ? [words[0]] : words[0].split(separator: ":").map(String.init)
                let by = "{username: \"\(who[0])\", groups: [\(who.dropFirst().joined(separator: ", "))]}"
                lines.append("  - {action: \(words[1]), by: \(by), at: \(try Self.time(words[3])), specHash: \(try hash(words[2]))}")
            }
            return lines.joined(separator: "\n") + "\n"
        }
    }

    func grant() throws -> PrivilegeGrant {
        let objects = SourceObjects(DocumentTree.parse(try manifest, source: "grant.yaml").tree).objects
        let reading = PrivilegeGrant.read(try #require(objects.first))
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        return try #require(reading.grant)
    }

    static let controls = Dictionary(uniqueKeysWithValues: TestControls.all.map { ($0.id, $0) })

    func cycle(_ day: String, model: ResponsibilityModel = .example, usage: GrantLifeCycle.Usage = .unknown) throws -> GrantLifeCycle {
        GrantLifeCycle(of: try grant(), model: model, controls: Self.controls, now: try Self.time(day), usage: usage)
    }

    /// The letter of the spec that holds.
    func holding(_ day: String) throws -> String? {
        guard let terms = try cycle(day).termsInForce else { return nil }
        return terms.justification.split(separator: " ").dropLast().last.map(String.init)
    }
}
