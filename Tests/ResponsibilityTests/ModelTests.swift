import BuiltInControls
import Controls
import Documents
import Kubernetes
import Responsibility
import Testing

struct BuiltInModelTests {
    static let rows = [
        "P1", "P2a", "P2b", "P2c", "P3a", "P3b", "P4", "A1", "A2", "A3", "A4", "A5", "A6", "C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8a", "C8b",
    ]

    @Test(arguments: ResponsibilityModel.builtInNames)
    func isReadWithoutFaults(name: String) throws {
        let document = try #require(ResponsibilityModel.builtInDocument(name))
        let reading = ResponsibilityModel.read(Array(document.utf8), source: name)
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        let model = try #require(reading.model)
        #expect(model.name == name)
        #expect(ResponsibilityModel.builtIn(name) == model)
    }

    @Test(arguments: ResponsibilityModel.builtInNames)
    func hasEveryRowWithItsSource(name: String) throws {
        let model = try #require(ResponsibilityModel.builtIn(name))
        #expect(model.duties.map(\.id) == BuiltInModelTests.rows)
        for duty in model.duties { #expect(!duty.title.isEmpty && !duty.sources.isEmpty, "\(duty.id)") }
        for transfer in model.transfers { #expect(!transfer.sources.isEmpty, "\(transfer.condition)") }
        for privilege in model.privileges { #expect(!privilege.sources.isEmpty, "\(privilege.control)") }
        for source in model.sources { #expect(source.url.hasPrefix("https://"), "\(source.id)") }
        #expect(model.liabilityHash != nil)
    }

    @Test(arguments: ResponsibilityModel.builtInNames)
    func hasTheDutyOfEveryControl(name: String) throws {
        let model = try #require(ResponsibilityModel.builtIn(name))
        let ids = Set(model.duties.map(\.id))
        for control in BuiltInControls.all + GrantControls.all { #expect(ids.contains(control.duty), "\(control.id)") }
    }

    @Test(arguments: ResponsibilityModel.builtInNames)
    func citesOnlyWhatItUsesAndKnowsItsSystemNamespaces(name: String) throws {
        let model = try #require(ResponsibilityModel.builtIn(name))
        let cited = Set(
            model.duties.flatMap(\.sources) + model.transfers.flatMap(\.sources) + model.privileges.flatMap(\.sources)
                + model.origins.flatMap(\.sources) + model.principals.flatMap(\.sources) + model.securityGroups.sources)
        #expect(Set(model.sources.map(\.id)) == cited)
        #expect(model.planes.isSystem(namespace: "kube-system"))
        #expect(!model.planes.isSystem(namespace: "default"))
        #expect(!model.planes.isSystem(namespace: "kube-system-2"))
    }

    @Test func theDefaultIsTheSeed() throws {
        let acs = try #require(ResponsibilityModel.builtIn(ResponsibilityModel.builtInNames[0]))
        #expect(acs.name == "acs")
        for duty in acs.duties {
            let party: Party = duty.id.hasPrefix("A") || ["P1", "P4"].contains(duty.id) ? .provider : duty.id.hasPrefix("P3") ? .shared : .customer
            #expect(duty.party == party, "\(duty.id)")
        }
        #expect(acs.duties.filter(\.isFixed).map(\.id) == ["A1", "A4", "A5"])
        #expect(ResponsibilityModel.builtIn("no-such") == nil)
    }

    /// What `reference/platforms.md` says about who rolls out patches of nodes and who picks a sandbox.
    @Test(
        arguments: [
            ("acs", Party.provider, Party.provider), ("ack", .shared, .customer), ("eks", .shared, .customer), ("eks-fargate", .provider, .provider),
            ("gke", .shared, .customer), ("gke-autopilot", .provider, .customer), ("aks", .shared, .customer),
            ("aks-automatic", .provider, .customer),
            ("self-managed", .customer, .customer),
        ])
    func differsByPlatform(name: String, nodePatches: Party, sandbox: Party) throws {
        let model = try #require(ResponsibilityModel.builtIn(name))
        #expect(model.duty("A4")?.party == nodePatches)
        #expect(model.duty("A3")?.party == sandbox)
    }

    @Test func onlyAuthenticatedIdentitiesAreMapped() throws {
        let model = try #require(ResponsibilityModel.builtIn("gke"))
        #expect(model.principal(user: "system:kube-scheduler", groups: ["system:authenticated"])?.party == .provider)
        #expect(model.principal(user: "system:node:a", groups: ["system:nodes", "system:authenticated"])?.party == .provider)
        #expect(model.principal(user: "ann@example.com", groups: ["system:authenticated"])?.party == .customer)
        #expect(model.principal(user: "system:serviceaccount:kube-system:default", groups: ["system:authenticated"])?.party == .customer)
        #expect(model.principal(user: "system:anonymous", groups: ["system:unauthenticated"]) == nil)
    }

    @Test func aModelThatNamesWhatDoesNotExistIsTold() throws {
        let control = TestControls.control("new", "Z9", [], .objects([], { _, _ in }))
        let problems = ResponsibilityModel.example.check(against: [control, TestControls.privileged])
        #expect(problems.contains { $0.contains("'new'") && $0.contains("'Z9'") })
        #expect(problems.contains { $0.contains("'pss:capabilities_baseline'") })
        #expect(!problems.contains { $0.contains("'pss:*'") || $0.contains("'privileged-containers'") })
        #expect(ResponsibilityModel.example.check(against: TestControls.all).isEmpty)
    }
}

struct ModelDifferenceTests {
    @Test func aModelDoesNotDifferFromItself() {
        for name in ResponsibilityModel.builtInNames {
            guard let model = ResponsibilityModel.builtIn(name) else { continue }
            #expect(ResponsibilityModel.differences(from: model, to: model).isEmpty)
        }
    }

    @Test func tellsWhatChangesForSomebodyWhoMoves() throws {
        let before = try #require(ResponsibilityModel.builtIn("eks"))
        let after = try #require(ResponsibilityModel.builtIn("eks-fargate"))
        let differences = ResponsibilityModel.differences(from: before, to: after)
        #expect(differences.contains(ModelDifference(path: "duties[A4].party", before: "shared", after: "provider")))
        #expect(differences.contains(ModelDifference(path: "planes.node.party", before: "customer", after: "provider")))
        #expect(differences.contains(ModelDifference(path: "transfers[customNodeImage].to", before: "customer", after: nil)))
        #expect(differences.contains(ModelDifference(path: "privileges[pss:hostPorts].tier", before: nil, after: "never")))
        #expect(!differences.contains { $0.path.hasPrefix("duties[C5]") })
        let back = ResponsibilityModel.differences(from: after, to: before)
        #expect(Set(back.map(\.path)) == Set(differences.map(\.path)))
    }
}

/// Each fault with its place.
struct ModelReaderTests {
    /// The example with one text replaced.
    private func faults(_ old: String, _ new: String) -> [DocumentFault] {
        #expect(ResponsibilityModel.document.contains(old), "the example has no '\(old)'")
        let text = ResponsibilityModel.document.replacing(old, with: new)
        let reading = ResponsibilityModel.read(Array(text.utf8), source: "model.yaml")
        #expect(reading.model == nil)
        return reading.faults
    }

    @Test(
        arguments: [
            ("title: An example", "titel: An example", "spec has no field 'titel'", 6, 3),
            ("demarc.dev/v1alpha1", "demarc.dev/v2", "'apiVersion' should be demarc.dev/v1alpha1", 1, 1),
            ("kind: ResponsibilityModel", "kind: Model", "'kind' should be ResponsibilityModel", 2, 1),
            ("  name: example\n", "  name: \"\"\n", "'name' is empty", 4, 3),
            ("  name: example\n", "  title: x\n", "'name' is missing", 3, 1),
            ("node: {party: shared}", "node: {party: nobody}", "'party' cannot be 'nobody'", 12, 12),
            ("    node: {party: shared}\n", "", "'party' is missing", 10, 3),
            ("names: [kube-system, managed-*]", "names: [\"*-system\"]", "'*-system' has a * before its end", 13, 41),
            ("{id: PAGE, title: A page", "{id: PAGE, titel: A page", "a source has no field 'titel'", 8, 16),
            ("sources: [PAGE]", "sources: [OTHER]", "there is no source 'OTHER'", 36, 62),
            ("{id: A3,", "{id: A5,", "duty 'A5' is there twice", 38, 6),
            ("parties: {provider: Prov,", "parties: {vendor: Prov,", "parties does not say who the provider is", 9, 3),
            ("fixed: true", "fixed: \"true\"", "'fixed' should be true or false", 38, 64),
            ("- user: system:kube-controller-manager", "- user: a\n    group: b", "a principal is exactly one of", 17, 5),
            ("managed-net/agent", "agent", "'agent' has no namespace", 20, 5),
            ("when: noUpstreamFix", "when: fullMoon", "'when' cannot be 'fullMoon'", 50, 6),
            ("when: noUpstreamFix", "when: unsafeSysctl", "transfer 'unsafeSysctl' is there twice", 50, 6),
            ("{when: noUpstreamFix,", "{managers: [a], when: noUpstreamFix,", "'managers' has a meaning for modifiedComponent only", 50, 6),
            ("longest: 30d", "longest: 30 days", "'30 days' is no length of time", 54, 84),
            ("tier: application, longest: 30d", "tier: application", "'longest' is missing", 54, 5),
            ("tier: never,", "tier: never, longest: 1d,", "what is never granted has no 'longest'", 52, 51),
            ("approvals: 2", "approvals: 0", "an application needs an approval", 54, 98),
            ("approvals: 2", "approvals: many", "'approvals' should be a whole number from 0 to 9", 54, 98),
            ("- annotation: vendor.example.com/product", "- value2: x", "an origin has no field 'value2'", 31, 5),
            ("title: A page, ", "", "'title' is missing", 8, 5),
        ] as [(String, String, String, Int, Int)])
    func tellsWhatIsWrongAndWhere(old: String, new: String, message: String, line: Int, column: Int) throws {
        let found = faults(old, new)
        let fault = try #require(found.first { $0.message.hasPrefix(message) }, "\(found)")
        #expect(fault.position.line == line && fault.position.column == column, "\(fault)")
        #expect(fault.source == "model.yaml" && !fault.remedy.isEmpty)
        #expect(fault.description.hasPrefix("model.yaml:\(line):\(column): "))
    }

    @Test func tellsEverythingAtOnce() {
        let found = faults("title: An example", "titel: An example\n  extra: 1")
        #expect(found.map(\.message).filter { $0.hasPrefix("spec has no field") }.count == 2)
        #expect(found.contains { $0.message == "'title' is missing" })
    }

    @Test(arguments: ["", "# nothing\n", "a: [", "a: 1\na: 2\n", "- 1\n", "\u{0}", "---\na: 1\n---\nb: 2\n", "kind: ResponsibilityModel"])
    func anythingElseIsNoModel(text: String) {
        let reading = ResponsibilityModel.read(Array(text.utf8), source: "model.yaml")
        #expect(reading.model == nil)
        #expect(!reading.faults.isEmpty)
    }

    @Test func aKeyThatStandsTwiceIsAFaultAndNotTheLastOneWins() {
        let found = faults("  title: An example", "  title: An example\n  title: Another")
        #expect(found.contains { $0.position.line > 0 })
    }
}

struct ModelTenantTests {
    private func read(_ tenants: String) -> ResponsibilityModel.Reading {
        let text = ResponsibilityModel.document.replacing("spec:\n", with: "spec:\n  tenants: \(tenants)\n")
        return ResponsibilityModel.read(Array(text.utf8), source: "model.yaml")
    }

    @Test func namesTheTenantsThatShareTheCluster() throws {
        let reading = read("[{name: shop, namespaces: [shop, shop-*], mayReach: [shared]}, {name: shared, namespaces: [ingress]}]")
        let tenants = try #require(reading.model?.tenants, "\(reading.faults)")
        #expect(tenants.all.map(\.name) == ["shop", "shared"])
        #expect(tenants.tenant(of: "shop-eu") == 0)
        #expect(tenants.mayReach(from: 0, to: 1))
    }

    @Test(arguments: [
        ("[{name: shop, namespaces: []}]", "tenant 'shop' has no namespaces", 13),
        ("[{name: shop, namespaces: [a]}, {name: shop, namespaces: [b]}]", "tenant 'shop' is there twice", 45),
        ("[{name: shop, namespaces: [a]}, {name: bank, namespaces: [a]}]", "'a' is a namespace of tenant 'shop' too", 57),
        ("[{name: shop, namespaces: [a], mayReach: [bank]}]", "there is no tenant 'bank'", 43),
        ("[{name: shop, namespaces: ['*-a']}]", "'*-a' has a * before its end", 26),
        ("[{name: shop, namespaces: [a], selector: {}}]", "a tenant has no field 'selector'", 43),
    ])
    func tellsWhatIsWrongAndWhere(tenants: String, message: String, column: Int) throws {
        let faults = read(tenants).faults
        let fault = try #require(faults.first { $0.message == message }, "\(faults)")
        #expect(fault.position == Position(line: 6, column: column), "\(fault)")
    }
}
