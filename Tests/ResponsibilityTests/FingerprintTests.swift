import Controls
import Responsibility
import Testing

struct FingerprintTests {
    private static let base = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec:
          template:
            spec:
              containers:
              - name: app
                image: a
                securityContext:
                  privileged: true
                  capabilities:
                    add: [NET_RAW, SYS_ADMIN]
              - name: side
                image: b
                securityContext: {privileged: true}
        """

    private func prints(_ text: String) throws -> [String: [String]] {
        let estate = try TestEstate(text)
        var prints: [String: [String]] = [:]
        for found in estate.attributed { prints[estate.controls[found.finding.control].id, default: []].append(found.fingerprint) }
        return prints.mapValues { $0.sorted() }
    }

    /// Written down, since it must be the same on every machine, today and in a year.
    @Test func isTheSameEverywhere() throws {
        let found = try TestEstate(FingerprintTests.base).findings(of: "privileged-containers").map(\.fingerprint)
        #expect(found == ["9223216c9f2dfbbc6dee0242f9e804ee", "f7f0e7af6d3c2d8378dd089ed78d4c7a"])
    }

    @Test func isThirtyTwoHexadecimalDigitsAndUnique() throws {
        let all = try TestEstate(FingerprintTests.base).attributed.map(\.fingerprint)
        #expect(Set(all).count == all.count && all.count > 4)
        for print in all {
            #expect(print.utf8.count == 32)
            #expect(print.allSatisfy { $0.isHexDigit && !$0.isUppercase })
        }
    }

    @Test func survivesWhatChangesNothing() throws {
        let base = try prints(FingerprintTests.base)
        let moved = "# a remark\n\n\n" + FingerprintTests.base.replacing("image: a", with: "image: a:2\n        command: [x]")
        #expect(try prints(moved) == base)
        #expect(try prints(FingerprintTests.base.replacing("[NET_RAW, SYS_ADMIN]", with: "[SYS_ADMIN, NET_RAW]")) == base)
        #expect(try prints(FingerprintTests.base.replacing("apps/v1", with: "apps/v1beta1")) == base)
        let reordered = """
            apiVersion: apps/v1
            kind: Deployment
            spec:
              template:
                spec:
                  containers:
                  - {securityContext: {privileged: true}, image: b, name: side}
                  - {name: app, image: a, securityContext: {capabilities: {add: [NET_RAW, SYS_ADMIN]}, privileged: true}}
            metadata: {namespace: shop, name: web}
            """
        #expect(try prints(reordered) == base)
        let inList =
            "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Namespace, metadata: {name: x}}\n- "
            + FingerprintTests.base.replacing("\n", with: "\n  ")
        #expect(try prints(inList) == base)
    }

    @Test(
        arguments: [
            ("name: web", "name: api"), ("namespace: shop", "namespace: shop2"), ("kind: Deployment", "kind: StatefulSet"),
            ("apiVersion: apps/v1\nkind: Deployment", "apiVersion: extensions/v1beta1\nkind: Deployment"),
        ])
    func changesWithWhatItNames(old: String, new: String) throws {
        let base = try prints(FingerprintTests.base)
        let other = try prints(FingerprintTests.base.replacing(old, with: new))
        for (control, prints) in base { #expect(Set(prints).isDisjoint(with: other[control] ?? []), "\(control)") }
    }

    @Test func partsDoNotRunIntoEachOther() throws {
        let one = "{apiVersion: v1, kind: Service, metadata: {name: bc, namespace: a}, spec: {x: 1}}"
        let other = "{apiVersion: v1, kind: Service, metadata: {name: c, namespace: ab}, spec: {x: 1}}"
        #expect(try Set(prints(one)["twice"] ?? []).isDisjoint(with: prints(other)["twice"] ?? []))
    }

    @Test func theSameControlTwiceAtOnePlaceGivesTwoPrints() throws {
        let estate = try TestEstate("{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {x: 1}}")
        let found = estate.findings(of: "twice")
        #expect(found.count == 2 && found[0].fingerprint != found[1].fingerprint)
        #expect(Set(found.map(\.finding.message)) == ["once", "again"])
    }

    @Test func noCollisionAmongManyNames() throws {
        let objects = (0..<2_000).map { "{apiVersion: v1, kind: Service, metadata: {name: s\($0), namespace: n\($0 % 7)}, spec: {}}" }
        let all = try TestEstate(objects.joined(separator: "\n---\n")).attributed.map(\.fingerprint)
        #expect(all.count == 4_000 && Set(all).count == 4_000)
        for half in [all.map { $0.prefix(16) }, all.map { $0.suffix(16) }] { #expect(Set(half).count == 4_000) }
    }
}
