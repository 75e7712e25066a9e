import Controls
import Documents
import Kubernetes
import Responsibility
import Testing

struct GrantMatchTests {
    @Test func aGrantAcceptsTheFindingAndMovesItsOwner() throws {
        let found = try TestGrant().capability()
        #expect(found.finding.verdict == .accepted)
        #expect(found.grant == "shop/web")
        #expect(found.attribution.party == .customer && found.attribution.principal == "storage")
        #expect(found.attribution.basis == .grant && found.attribution.strength == .recorded)
        #expect(
            found.attribution.chain == [
                "fixedDuty: C5 is nobody's without condition",
                "grant: shop/web covers it until 2026-07-01T00:00:00Z; team:storage answers for it",
            ])
    }

    @Test func aGrantNeverProvesFromAFile() throws {
        for finding in try TestGrant().estate().attributed { #expect(finding.attribution.strength != .proven) }
    }

    /// Each dimension, spelled in another way that is the same.
    @Test(
        arguments: [
            ("value: SYS_ADMIN", "value: CAP_SYS_ADMIN"), ("value: SYS_ADMIN", "value: sys_admin"), ("value: SYS_ADMIN", "value: cap_Sys_Admin"),
            ("- {control: added-capabilities", "- {control: host-paths, value: /tmp}\n  - {control: added-capabilities"),
            ("imageDigests: [", "imageDigests: [\"\(TestGrant.otherDigest)\", "),
            ("kind: Deployment, name: web", "kind: Deployment, selector: {matchLabels: {app: web}}"),
            ("accountable: {team: storage}", "accountable: {person: dee}"), ("imageDigests: [\"\(TestGrant.digest)\"]", "imageDigests: []"),
        ])
    func covers(old: String, new: String) throws {
        #expect(try TestGrant(spec: [(old, new)]).capability().finding.verdict == .accepted)
    }

    @Test(arguments: [("SYS_ADMIN", "CAP_SYS_ADMIN"), ("SYS_ADMIN", "sys_admin"), ("name: app\n", "name: app\n        command: [x]\n")])
    func coversTheWorkloadSpelledOtherwise(old: String, new: String) throws {
        #expect(try TestGrant(object: [(old, new)]).capability().finding.verdict == .accepted)
    }

    /// Each dimension, different.
    @Test(
        arguments: [
            ("kind: Deployment, name: web", "kind: StatefulSet, name: web", nil),
            ("kind: Deployment, name: web", "kind: Deployment, name: web2", nil),
            ("metadata: {name: web, namespace: shop}", "metadata: {name: web, namespace: shop2}", nil),
            ("serviceAccountName: web}", "serviceAccountName: api}", "the service account is 'web', not 'api'"),
            ("container: app", "container: side", "it is for container 'side'"),
            ("container: app, ", "", "it is for the Pod, not for container 'app'"),
            ("value: SYS_ADMIN", "value: NET_ADMIN", "it is for 'NET_ADMIN'"), ("value: SYS_ADMIN", "value: ALL", "it is for 'ALL'"),
            ("control: added-capabilities", "control: privileged-containers", "no grant for this workload names this privilege"),
            (", value: SYS_ADMIN", "", "it is for ''"), ("value: SYS_ADMIN", "value: SYS_ADMIN, readOnly: true", "it is for reading only"),
            (TestGrant.digest, TestGrant.otherDigest, "the image of container 'app' is another one"),
            ("kind: Deployment, name: web", "kind: Deployment, selector: {matchLabels: {app: api}}", nil),
            ("kind: Deployment, name: web", "kind: Deployment, selector: {matchLabels: {app: web, tier: back}}", nil),
        ] as [(String, String, String?)])
    func doesNotCover(old: String, new: String, reason: String?) throws {
        let found = try TestGrant(spec: [(old, new)]).capability()
        #expect(found.finding.verdict == .fail && found.grant == nil)
        #expect(found.attribution.basis == .plane)
        let step = found.attribution.chain[1]
        #expect(reason.map { step.hasSuffix($0) } ?? (step == "grant: no grant names this workload"), "\(step)")
    }

    @Test(
        arguments: [
            ("app@\(TestGrant.digest)", "app:\(TestGrant.digest.dropFirst(7))", "has no digest"), ("app@\(TestGrant.digest)", "app", "has no digest"),
            ("app@\(TestGrant.digest)", "app:latest@\(TestGrant.otherDigest)", "is another one"),
            ("app@\(TestGrant.digest)", "app@\(TestGrant.digest.uppercased())", "has no digest"),
            ("serviceAccountName: web", "serviceAccountName: default", "the service account is 'default'"),
            ("      serviceAccountName: web\n", "", "the service account is 'default'"),
            ("add: [SYS_ADMIN]", "add: [SYS_ADMIN2]", "it is for 'SYS_ADMIN'"), ("- name: app", "- name: app2", "it is for container 'app'"),
        ])
    func doesNotCoverAnotherWorkload(old: String, new: String, reason: String) throws {
        let found = try TestGrant(object: [(old, new)]).capability()
        #expect(found.finding.verdict == .fail)
        #expect(found.attribution.chain[1].contains(reason), "\(found.attribution.chain[1])")
    }

    @Test func theOldNameOfTheServiceAccountFieldCounts() throws {
        #expect(try TestGrant(object: [("serviceAccountName: web", "serviceAccount: web")]).capability().finding.verdict == .accepted)
    }

    @Test func aSubsetOfTheCapabilitiesMayBeUsed() throws {
        let more = "- {control: added-capabilities, container: app, value: NET_RAW}\n  - {control: added-capabilities"
        let estate = try TestGrant(spec: [("- {control: added-capabilities", more)]).estate()
        #expect(try estate.only("added-capabilities").finding.verdict == .accepted)
        let wider = try TestGrant(object: [("add: [SYS_ADMIN]", "add: [SYS_ADMIN, KILL]")]).estate().findings(of: "added-capabilities")
        #expect(wider.map(\.finding.verdict) == [.accepted, .fail])
    }

    @Test func aTagThatLooksLikeADigestIsNone() throws {
        let grant = TestGrant(object: [("app@\(TestGrant.digest)", "app:v1@\(TestGrant.digest)")])
        #expect(try grant.capability().finding.verdict == .accepted)
        let short = TestGrant(object: [("app@\(TestGrant.digest)", "app@\(TestGrant.digest.dropLast())")])
        #expect(try short.capability().finding.verdict == .fail)
    }

    static func volume(_ readOnly: String) -> [(String, String)] {
        [
            ("add: [SYS_ADMIN]}}", "add: []}}\n        volumeMounts: [{name: logs, mountPath: /logs, readOnly: \(readOnly)}]"),
            ("      containers:", "      volumes: [{name: logs, hostPath: {path: /var/log}}]\n      containers:"),
        ]
    }

    @Test(arguments: [("true", "true", true), ("true", "false", true), ("false", "false", true), ("false", "true", false)])
    func aGrantForReadingDoesNotCoverWriting(mount: String, granted: String, isCovered: Bool) throws {
        let privilege = "{control: host-paths, value: /var/log, readOnly: \(granted)}"
        let grant = TestGrant(
            object: GrantMatchTests.volume(mount), spec: [("{control: added-capabilities, container: app, value: SYS_ADMIN}", privilege)])
        #expect(try grant.estate().only("host-paths").finding.verdict == (isCovered ? .accepted : .fail))
    }

    @Test func aPrivilegeOfThePodNeedsAllItsImages() throws {
        let privilege = [("{control: added-capabilities, container: app, value: SYS_ADMIN}", "{control: host-paths, value: /var/log}")]
        let one = TestGrant(object: GrantMatchTests.volume("true"), spec: privilege)
        #expect(try one.estate().only("host-paths").finding.verdict == .accepted)
        let two = TestGrant(
            object: GrantMatchTests.volume("true") + [
                ("      serviceAccountName", "      initContainers: [{name: init, image: other}]\n      serviceAccountName")
            ], spec: privilege)
        let found = try two.estate().only("host-paths")
        #expect(found.finding.verdict == .fail)
        #expect(found.attribution.chain[1].hasSuffix("the image of container 'init' has no digest"))
    }

    @Test func booleansAreComparedByMeaning() throws {
        let model = try ResponsibilityModel.read(
            ResponsibilityModel.document.replacing("tier: never, title: not here", with: "tier: self-service, longest: 90d"))
        let object = [("capabilities: {add: [SYS_ADMIN]}", "privileged: yes")]
        for value in ["true", "\"true\"", "on"] {
            let spec = [
                (
                    "{control: added-capabilities, container: app, value: SYS_ADMIN}",
                    "{control: privileged-containers, container: app, value: \(value)}"
                )
            ]
            let estate = try TestEstate(TestGrant(object: object, spec: spec).manifest, model: model)
            #expect(try estate.only("privileged-containers").finding.verdict == .accepted, "\(value)")
        }
    }

    @Test func aFindingWithoutValueIsGrantedWithoutValue() throws {
        let object = [("      securityContext: {runAsNonRoot: true}\n", "")]
        let spec = [("{control: added-capabilities, container: app, value: SYS_ADMIN}", "{control: run-as-non-root}")]
        #expect(try TestGrant(object: object, spec: spec).estate().only("run-as-non-root").finding.verdict == .accepted)
    }

    // MARK: - Owners

    static func owned(uid: String, owner: String = "web-1") -> String {
        """

        ---
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata: {name: web-1, namespace: shop, uid: u2, ownerReferences: [{kind: Deployment, name: web, uid: u1, controller: true}]}
        spec: {template: {spec: {containers: []}}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web-1-x, namespace: shop, ownerReferences: [{kind: ReplicaSet, name: \(owner), uid: \(uid), controller: true}]}
        spec:
          serviceAccountName: web
          runtimeClassName: gvisor
          securityContext: {runAsNonRoot: true}
          containers:
          - {name: app, image: "app@\(TestGrant.digest)", securityContext: {capabilities: {add: [SYS_ADMIN]}}}
        """
    }

    @Test func aPodOfTheWorkloadIsCoveredThroughItsOwners() throws {
        let text = try TestGrant(object: [("{name: web, namespace: shop}", "{name: web, namespace: shop, uid: u1}")]).manifest
        let found = try TestEstate(text + GrantMatchTests.owned(uid: "u2")).findings(of: "added-capabilities")
        #expect(found.map(\.finding.verdict) == [.accepted, .accepted])
    }

    @Test(arguments: [("u3", "web-1", "u1"), ("u2", "web-2", "u1"), ("u2", "web-1", "u9")])
    func aPodThatOnlyClaimsItsOwnerIsNot(uid: String, owner: String, root: String) throws {
        let text = try TestGrant(object: [("{name: web, namespace: shop}", "{name: web, namespace: shop, uid: \(root)}")]).manifest
        let found = try TestEstate(text + GrantMatchTests.owned(uid: uid, owner: owner)).findings(of: "added-capabilities")
        #expect(found.map(\.finding.verdict) == [.accepted, .fail])
        #expect(found.last?.attribution.chain[1].contains("is not in the estate or does not confirm it") == true)
    }

    /// Of Kubernetes' own kinds it is known what controllers make for them.
    @Test(arguments: [("apps/v1", "StatefulSet"), ("batch/v1", "Job")])
    func whatNoControllerMakesHasNoGrantOfItsOwner(version: String, kind: String) throws {
        let text = try TestGrant(object: [("{name: web, namespace: shop}", "{name: web, namespace: shop, uid: u1}")]).manifest
        let owned = GrantMatchTests.owned(uid: "u2").replacing("apps/v1\nkind: ReplicaSet", with: "\(version)\nkind: \(kind)")
            .replacing("kind: ReplicaSet, name", with: "kind: \(kind), name")
        let found = try TestEstate(text + owned).findings(of: "added-capabilities")
        #expect(found.map(\.finding.verdict) == [.accepted, .fail])
    }

    @Test func aPodOfTheSameNameAsTheWorkloadIsNotTheWorkload() throws {
        let text = try TestGrant().manifest + GrantMatchTests.owned(uid: "u2").replacing("web-1-x", with: "web")
        #expect(try TestEstate(text).findings(of: "added-capabilities").map(\.finding.verdict) == [.accepted, .fail])
    }

    @Test func aGrantDoesNotReachAFixedDutyOrAManualVerdict() throws {
        let manual = TestControls.control(
            "added-capabilities", "C5", [.podSecurity(.baseline, "capabilities_baseline")],
            .containers({ container, _, report in report.manual(container.securityContext["capabilities"]["add"], "look") }))
        let estate = try TestEstate(TestGrant().manifest, controls: [manual])
        #expect(try estate.only("added-capabilities").finding.verdict == .manual)
        #expect(try estate.only("added-capabilities").grant == nil)
    }

    @Test func theFirstGrantThatCoversCounts() throws {
        let one = try TestGrant().manifest
        let second = try #require(try TestGrant(spec: [("metadata: {name: web,", "metadata: {name: web-b,")]).manifest.components("---\n").last)
        let expired = try #require(
            try TestGrant(spec: [("metadata: {name: web,", "metadata: {name: web-a,"), ("expires: 2026-07-01", "expires: 2026-06-10")])
                .manifest.components("---\n").last)
        let workload = try #require(one.components("---\n").first)
        let estate = try TestEstate([workload, expired, second].joined(separator: "\n---\n"))
        #expect(try estate.only("added-capabilities").grant == "shop/web-b")
        #expect(estate.attributor.grants.isInForce("shop/web-b") && !estate.attributor.grants.isInForce("shop/web-a"))
    }

    @Test func manyGrantsAreFoundByTheirWorkload() throws {
        let parts = try TestGrant().manifest.components("---\n")
        var documents: [String] = []
        for index in 0..<300 {
            for part in parts {
                documents.append(
                    part.replacing("{name: web, namespace: shop}", with: "{name: web, namespace: n\(index)}"))
            }
        }
        let estate = try TestEstate(documents.joined(separator: "\n---\n"))
        let found = estate.findings(of: "added-capabilities")
        #expect(
            found.count == 300
                && found.allSatisfy { $0.finding.verdict == .accepted && $0.grant == estate.inventory.objects[$0.finding.object].namespace + "/web" })
    }
}

extension String {
    /// The parts between a separator.
    func components(_ separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: true).map(String.init)
    }
}
