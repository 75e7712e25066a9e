import Controls
import Documents
import Kubernetes
import Responsibility
import Testing

struct GrantReaderTests {
    private func faults(_ changes: [(String, String)]) throws -> [DocumentFault] {
        try TestGrant(spec: changes).estate().attributor.grants.faults
    }

    @Test func aGoodGrantHasNone() throws {
        let grants = try TestGrant().estate().attributor.grants
        #expect(grants.faults.isEmpty)
        let grant = try #require(grants.grants.first)
        #expect(
            grant.key == "shop/web" && grant.workload.kind == "Deployment" && grant.workload.name == "web"
                && grant.workload.serviceAccountName == "web")
        #expect(grant.privileges.map(\.value) == ["SYS_ADMIN"] && grant.imageDigests == [TestGrant.digest])
        #expect(grant.accountable.description == "team:storage" && grant.justification == "Mounts file systems for customers")
        #expect(grant.decisions.map(\.action) == [.apply, .approve, .approve, .accept] && grant.decisions[0].groups == ["dev"])
        #expect(grant.conditions == ["Approved", "Accepted"] && grant.notBefore < grant.expires)
    }

    /// Lines count from the grant's first, columns from 1.
    @Test(
        arguments: [
            ("justification:", "reason:", "spec has no field 'reason'", 9, 3), ("justification:", "reason:", "'justification' is missing", 4, 1),
            ("kind: Deployment, name: web,", "kind: Deployment, name: web, uid: x,", "workload has no field 'uid'", 5, 43),
            ("kind: Deployment, name: web", "name: web", "'kind' is missing", 5, 3),
            ("kind: Deployment, name: web", "kind: Deployment", "a workload is exactly one of name, selector", 5, 3),
            ("name: web, serv", "name: web, selector: {matchLabels: {a: b}}, serv", "a workload is exactly one of name, selector", 5, 3),
            ("name: web, serv", "selector: {}, serv", "the selector matches everything", 5, 32),
            ("name: web, serv", "selector: {matchLabels: {}}, serv", "the selector matches everything", 5, 32),
            ("name: web, serv", "selector: {matchExpressions: []}, serv", "selector has no field 'matchExpressions'", 5, 43),
            (", serviceAccountName: web", "", "'serviceAccountName' is missing", 5, 3),
            ("value: SYS_ADMIN", "value: SYS_ADMIN, onNode: a", "a privilege has no field 'onNode'", 7, 69),
            ("value: SYS_ADMIN", "value: [SYS_ADMIN]", "'value' should be one value", 7, 51),
            ("{control: added-capabilities, ", "{", "'control' is missing", 7, 5), ("container: app", "container: ''", "'container' is empty", 7, 35),
            (
                "value: SYS_ADMIN}", "value: SYS_ADMIN}\n  - {control: added-capabilities, container: app, value: CAP_sys_admin}",
                "privilege 'added-capabilities' is there twice", 8, 5
            ),
            ("value: SYS_ADMIN", "value: SYS_ADMIN, readOnly: sure", "'readOnly' should be true or false", 7, 69),
            (
                "privileges:\n  - {control: added-capabilities, container: app, value: SYS_ADMIN}", "privileges: []",
                "'privileges' needs at least one item", 6, 3
            ),
            ("imageDigests: [\"\(TestGrant.digest)\"]", "imageDigests: [\"latest\"]", "'latest' is no digest", 8, 18),
            ("imageDigests: [\"\(TestGrant.digest)\"]", "imageDigests: [7]", "a digest should be a text", 8, 18),
            ("imageDigests: [\"\(TestGrant.digest)\"]", "imageDigests: all", "'imageDigests' should be a list", 8, 3),
            ("{team: storage}", "{team: storage, person: ann}", "'accountable' is exactly one of person, team", 10, 3),
            ("{team: storage}", "{}", "'accountable' is exactly one of person, team", 10, 3),
            (
                "justification: Mounts file systems for customers", "justification: '<fill in: why>'",
                "'justification' is still what the draft left there", 9, 3
            ),
            ("expires: 2026-07-01T00:00:00Z", "expires: 2026-07-01", "'2026-07-01' is no RFC 3339 time", 12, 3),
            ("expires: 2026-07-01T00:00:00Z", "expires: 1782864000", "'expires' should be a text", 12, 3),
            ("expires: 2026-07-01T00:00:00Z", "expires: 2026-06-01T00:00:00Z", "the grant ends before it begins", 12, 3),
            ("  notBefore: 2026-06-01T00:00:00Z\n", "", "'notBefore' is missing", 4, 1),
            ("justification:", "tier: always\n  justification:", "'tier' cannot be 'always'", 9, 3),
            ("metadata: {name: web, namespace: shop}", "metadata: {namespace: shop}", "the grant has no name", 3, 1),
            ("type: Approved,", "type: Blessed,", "'Blessed' is no condition", 16, 6),
            ("{type: Approved, status: \"True\"}", "{type: Approved, status: \"true\"}", "'true' is no status", 16, 22),
            ("{type: Approved, status: \"True\"}", "{type: Approved, status: true}", "'status' should be a text", 16, 22),
            ("action: apply", "action: wish", "'action' cannot be 'wish'", 19, 6),
            ("{username: ben}", "{groups: [a]}", "'username' is missing", 20, 23),
            ("{username: ben}", "{username: ben, uid: 1}", "by has no field 'uid'", 20, 43),
            ("conditions:", "usages: []\n  conditions:", "status has no field 'usages'", 15, 3),
            ("spec:", "extra: 1\nspec:", "the document has no field 'extra'", 4, 1),
            ("apiVersion: demarc.dev/v1alpha1", "apiVersion: demarc.dev/v1", "'apiVersion' should be demarc.dev/v1alpha1", 1, 1),
        ] as [(String, String, String, Int, Int)])
    func tellsWhatIsWrongAndWhere(old: String, new: String, message: String, line: Int, column: Int) throws {
        let found = try faults([(old, new)])
        let fault = try #require(found.first { $0.message.hasPrefix(message) }, "\(found)")
        let offset = TestGrant.workload.split(separator: "\n", omittingEmptySubsequences: false).count + 1
        #expect(fault.position.line - offset == line && fault.position.column == column, "\(fault.position.line - offset):\(fault.position.column)")
        #expect(!fault.remedy.isEmpty && fault.source == "estate.yaml")
    }

    @Test func aFaultyGrantGrantsNothing() throws {
        let grant = TestGrant(spec: [("value: SYS_ADMIN", "value: SYS_ADMIN, onNode: a")])
        #expect(try grant.capability().finding.verdict == .fail)
        #expect(try grant.estate().attributor.grants.grants.isEmpty)
    }

    @Test func aKeyThatStandsTwiceIsAFault() throws {
        let text = try TestGrant().manifest.replacing(
            "  accountable: {team: storage}", with: "  accountable: {team: storage}\n  accountable: {team: shop}")
        let object = try #require(SourceObjects(DocumentTree.parse(text).tree).objects.last)
        let reading = PrivilegeGrant.read(object)
        #expect(reading.grant == nil)
        #expect(reading.faults.contains { $0.message == "spec has a key twice" })
    }

    @Test func anotherGroupsPrivilegeGrantIsNotOurs() throws {
        let text = try TestGrant(spec: [("demarc.dev/v1alpha1", "example.com/v1")]).manifest
        let grants = try TestEstate(text).attributor.grants
        #expect(grants.grants.isEmpty && grants.faults.isEmpty)
    }

    @Test(arguments: [
        ("Net_Raw", "added-capabilities", "NET_RAW"), ("cap_KILL", "capabilities", "KILL"), ("CAP_KILL", "host-paths", "CAP_KILL"), ("/A", "x", "/A"),
    ])
    func valuesHaveANormalForm(value: String, control: String, normal: String) {
        #expect(PrivilegeValue.normal(value, control: control) == normal)
    }
}
