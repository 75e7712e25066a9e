import Documents
import NodeEvidence
import Testing

/// Which policies leave out what attribution needs, and which put secrets into the log.
struct AuditReviewTests {
    private func policy(_ rules: String, head: String = "") throws -> AuditPolicy {
        try AuditPolicy(
            try #require(
                DocumentTree.parse(
                    "apiVersion: audit.k8s.io/v1\nkind: Policy\n\(head)\nrules:\n\(rules.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))"
                ).tree.roots.first))
    }

    private func review(_ rules: String, head: String = "") throws -> [AuditReview.Shortfall] {
        AuditReview(try policy(rules, head: head)).shortfalls
    }

    private static let secrets = """
        - level: Metadata
          resources:
          - {group: "", resources: [secrets, configmaps, serviceaccounts/token]}
          - {group: authentication.k8s.io, resources: [tokenreviews]}
        """

    @Test(arguments: [
        secrets + "\n- level: Request", secrets + "\n- level: RequestResponse",
        // Exemptions that matter to nobody's question.
        "- {level: None, nonResourceURLs: ['/healthz*', /version]}\n- {level: None, resources: [{group: '', resources: [events]}]}\n"
            + "- {level: None, users: ['system:kube-proxy'], verbs: [watch], resources: [{group: '', resources: [endpoints, services]}]}\n"
            + "- {level: None, userGroups: ['system:nodes'], verbs: [get], resources: [{group: '', resources: [nodes, nodes/status]}]}\n"
            + secrets + "\n- level: Request",
        // A milder rule behind a stricter one exempts nobody.
        secrets + "\n- level: Request\n- {level: None, users: [ops]}",
    ])
    func policiesThatRecordAllThatIsNeeded(rules: String) throws {
        #expect(try review(rules, head: "omitStages: [RequestReceived]").isEmpty)
    }

    @Test func withoutARuleNothingIsRecorded() throws {
        let found = try review("- {level: Request, users: [nobody]}")
        #expect(found.contains { $0.kind == .notRecorded && $0.title == "workloads" && $0.whom.isEmpty && $0.place.fieldPath == "rules" })
        #expect(found.contains { $0.title == "by requests that fail to authenticate" } && found.contains { $0.title == "by system:anonymous" })
    }

    @Test func metadataIsTooLittleForChanges() throws {
        let found = try review("- level: Metadata")
        let titles = Set(found.map(\.title))
        #expect(
            titles == [
                "workloads", "exposure and isolation", "namespaces", "roles and bindings", "admission", "extensions", "grants",
                "debugging containers",
                "client certificates",
            ])
        #expect(found.allSatisfy { $0.kind == .tooLittle && $0.level == .metadata && $0.wanted == .request && $0.place.fieldPath == "rules[0]" })
        let workloads = found.filter { $0.title == "workloads" }.flatMap(\.requests)
        #expect(workloads.count == 24 && workloads.contains("patch cronjobs.batch") && !workloads.contains("delete pods"))
    }

    @Test(arguments: [
        ("- {level: None, users: [ops, admin]}", ["by user 'admin'", "by user 'ops'"], "rules[0]"),
        ("- {level: None, userGroups: ['system:masters']}", ["by group 'system:masters'"], "rules[0]"),
        (
            "- {level: None, namespaces: [shop, bank], resources: [{group: '', resources: ['pods/*']}]}",
            ["in namespace 'bank'", "in namespace 'shop'"], "rules[0]"
        ),
        ("- {level: None, resources: [{group: apps, resources: ['*'], resourceNames: [web]}]}", ["of 'web'"], "rules[0]"),
        // Of several entries for one group each may name others, and one about another resource says nothing.
        (
            "- {level: None, resources: [{group: apps, resources: [controllerrevisions], resourceNames: [x]}, "
                + "{group: apps, resources: [deployments], resourceNames: [web]}, {group: apps, resources: [deployments], resourceNames: [db]}]}",
            ["of 'web'", "of 'db'"], "rules[0]"
        ),
        ("- {level: None, users: [ops], namespaces: [shop], verbs: [patch]}", ["by user 'ops' in namespace 'shop'"], "rules[0]"),
        ("- {level: Metadata, verbs: [patch], resources: [{group: apps}]}", [""], "rules[0]"),
    ])
    func exemptionsAreFoundWithWhoeverIsExempt(rule: String, whom: [String], place: String) throws {
        let found = try review(rule + "\n" + Self.secrets + "\n- level: Request").filter { !$0.title.hasPrefix("by ") }
        #expect(Set(found.map(\.whom)) == Set(whom), "\(found.map(\.whom))")
        #expect(found.allSatisfy { $0.place.fieldPath == place })
    }

    @Test func whatIsOmittedLosesItsResult() throws {
        let found = try review(Self.secrets + "\n- level: Request", head: "omitStages: [ResponseComplete]")
        #expect(!found.isEmpty && found.allSatisfy { $0.kind == .withoutResult })
        #expect(!found.contains { $0.title == "ways into containers" }, "the start of the answer tells their result")
        let more = try review(Self.secrets + "\n- {level: Request, omitStages: [ResponseStarted]}", head: "omitStages: [ResponseComplete]")
        #expect(more.contains { $0.title == "ways into containers" })
    }

    @Test func secretsInTheLogAreFound() throws {
        let found = try review("- level: RequestResponse").filter { $0.kind == .secretBody }
        #expect(found.map(\.title) == ["Secrets", "ConfigMaps", "tokens", "tokens"])
        #expect(found.first?.requests.contains("get secrets") == true)
        // The question of a TokenRequest holds no token.
        let asked = try review("- level: Request").filter { $0.kind == .secretBody }
        #expect(asked.flatMap(\.requests).contains("create tokenreviews.authentication.k8s.io"))
        #expect(!asked.flatMap(\.requests).contains("create serviceaccounts/token"))
        let some = try review("- {level: Request, userGroups: [audited]}\n" + Self.secrets + "\n- level: Request").filter { $0.kind == .secretBody }
        #expect(Set(some.map(\.whom)) == ["by group 'audited'"])
    }

    @Test(arguments: [
        ("- {level: Meta}", ["'Meta' is no level"]), ("- {verbs: [get]}", ["a rule has no level"]), ("[]", ["it has no rules"]),
        ("- {level: None, omitStages: [End]}", ["'End' is no stage"]),
        ("- {level: None, nonResourceURLs: ['/a*/b']}", ["'/a*/b' is no URL path that may end in *"]),
        ("- {level: None, nonResourceURLs: [healthz]}", ["'healthz' is no URL path that may end in *"]),
        ("- {level: None, nonResourceURLs: ['*']}", []),
        ("- {level: None, nonResourceURLs: [/a], namespaces: [b]}", ["a rule is either about resources or about other URLs"]),
        ("- {level: None, resources: [{group: '*'}]}", ["'*' is no API group; there is no wildcard for groups"]),
        ("- {level: None, resources: [{group: '', resourceNames: [a]}]}", ["names of objects need a resource beside them"]),
    ])
    func knowsWhatTheServerRefuses(rules: String, messages: [String]) throws {
        #expect(try policy(rules).refusals.map(\.message) == messages)
    }

    @Test(arguments: [
        "- level: 1", "- {level: None, users: ops}", "- {level: None, users: [1]}", "- {level: None, resources: [pods]}", "level: None",
        "- {level: None, omitManagedFields: 'yes'}", "- {level: None, resources: [{group: 1}]}", "- None",
    ])
    func wrongTypesAreThrown(rules: String) {
        #expect(throws: WrongType.self) { try policy(rules) }
    }

    /// Whoever writes the policy decides what a review costs, so it ends, and says that it has not seen everything.
    @Test func longPoliciesAreNotGoneThroughToTheEnd() throws {
        let users = "[\((0..<40).map { "u\($0)" }.joined(separator: ","))]"
        #expect(AuditReview(try policy("- {level: None, users: \(users)}\n- {level: Request}")).isComplete == false, "more users than are tried")
        let many = (0..<150).map { "- {level: None, users: [a, b, c, d, e, f, g, h], namespaces: [n\($0)]}" }.joined(separator: "\n")
        let review = AuditReview(try policy(many + "\n- level: Request"))
        #expect(!review.isComplete && review.shortfalls.contains { $0.whom == "by user 'a' in namespace 'n0'" })
        #expect(AuditReview(try policy(Self.secrets + "\n- level: Request")).isComplete)
    }
}
