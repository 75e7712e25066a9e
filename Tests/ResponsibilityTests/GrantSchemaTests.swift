import Documents
import Foundation
import Kubernetes
import Responsibility
import Testing

/// The schema of the custom resource and the reader of grants are about the same documents.
struct GrantSchemaTests {
    private static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func schema() throws -> Value {
        let file = package.appending(path: "deploy/admission/privilegegrants.yaml")
        let root = try #require(DocumentTree.parse(Array(try Data(contentsOf: file)), source: file.path).tree.roots.first)
        let version = try #require(try root["spec"]["versions"].items().first { _ in true })
        return version["schema"]["openAPIV3Schema"]
    }

    /// A grant with every field there is, but for `name` and `person`, whose places `selector` and `team` may take.
    private static let full = """
        apiVersion: demarc.dev/v1alpha1
        kind: PrivilegeGrant
        metadata: {name: web, namespace: shop}
        spec:
          workload: {apiGroup: apps, kind: Deployment, name: web, serviceAccountName: web}
          privileges:
          - {control: host-paths, container: app, value: /var/log, readOnly: true}
          imageDigests: [DIGEST]
          justification: because
          ticket: T-1
          accountable: {person: ann}
          notBefore: 2026-06-01T00:00:00Z
          expires: 2026-06-01T03:00:00Z
          tier: application
          liabilityTextHash: DIGEST
          emergency: {reason: fire}
        status:
          observedGeneration: 1
          phase: active
          approvedSpecs: []
          usage: {}
          conditions:
          - {type: Active, status: "True", reason: InForce, message: m, lastTransitionTime: 2026-06-01T00:00:00Z, observedGeneration: 1}
          decisions:
          - {action: apply, by: {username: ann, groups: [dev]}, at: 2026-06-01T00:00:00Z, specHash: DIGEST, reason: r}
        """.replacing("DIGEST", with: TestGrant.digest)

    private func faults(_ text: String) throws -> [String] {
        let object = try #require(SourceObjects(DocumentTree.parse(text).tree).objects.first)
        return PrivilegeGrant.read(object).faults.map(\.message)
    }

    /// Names of the fields at a place of the schema, and of the full grant.
    private func names(_ schema: Value, _ grant: Value) throws -> (schema: [String], grant: [String]) {
        (try schema["properties"].entries().map(\.key).sorted(), try grant.entries().map(\.key).sorted())
    }

    @Test func theyKnowTheSameFields() throws {
        #expect(try faults(Self.full).isEmpty)
        let grant = try #require(DocumentTree.parse(Self.full).tree.roots.first)
        let root = try Self.schema()["properties"]
        func first(_ value: Value) throws -> Value { try #require(try value.items().first { _ in true }) }
        let (spec, status) = (root["spec"]["properties"], root["status"]["properties"])
        let places: [(Value, Value, [String])] = [
            (root["spec"], grant["spec"], []), (spec["workload"], grant["spec"]["workload"], ["selector"]),
            (spec["privileges"]["items"], try first(grant["spec"]["privileges"]), []), (spec["accountable"], grant["spec"]["accountable"], ["team"]),
            (spec["emergency"], grant["spec"]["emergency"], []), (root["status"], grant["status"], []),
            (status["conditions"]["items"], try first(grant["status"]["conditions"]), []),
            (status["decisions"]["items"], try first(grant["status"]["decisions"]), []),
            (status["decisions"]["items"]["properties"]["by"], try first(grant["status"]["decisions"])["by"], []),
        ]
        for (schema, value, others) in places {
            let (known, written) = try names(schema, value)
            #expect(known == (written + others).sorted(), "\(value.fieldPath)")
        }
        for other in ["selector: {matchLabels: {a: b}}", "name: web"] {
            #expect(try faults(Self.full.replacing("name: web, service", with: "\(other), service")).isEmpty)
        }
    }

    /// What the one requires the other requires.
    @Test func theyRequireTheSameFields() throws {
        let root = try Self.schema()["properties"]
        let (spec, status) = (root["spec"], root["status"]["properties"])
        let places: [(Value, String)] = [
            (spec, "spec"), (spec["properties"]["workload"], "workload"), (spec["properties"]["privileges"]["items"], "privileges"),
            (spec["properties"]["emergency"], "emergency"), (status["decisions"]["items"], "decisions"),
        ]
        for (schema, place) in places {
            for field in try schema["required"].strings() {
                let marker = place == "spec" ? "\n  \(field):" : "\(field): "
                let cut = try #require(Self.full.firstRange(of: "\nspec:")).upperBound
                #expect(Self.full[cut...].contains(marker), "\(place).\(field)")
                let without = Self.full[..<cut] + Self.full[cut...].replacing(marker, with: marker.replacing(field, with: "x\(field)"))
                #expect(try !faults(String(without)).isEmpty, "\(place).\(field)")
            }
        }
    }

    @Test func theyKnowTheSameWords() throws {
        let root = try Self.schema()["properties"]
        let status = root["status"]["properties"]
        #expect(try root["spec"]["properties"]["tier"]["enum"].strings() == Privilege.Tier.allCases.map(\.rawValue))
        #expect(try status["phase"]["enum"].strings() == GrantPhase.allCases.map(\.rawValue))
        let condition = status["conditions"]["items"]["properties"]
        #expect(try condition["type"]["enum"].strings() == GrantCondition.Kind.allCases.map(\.rawValue))
        #expect(try condition["status"]["enum"].strings() == GrantCondition.Status.allCases.map(\.rawValue))
        let actions = try status["decisions"]["items"]["properties"]["action"]["enum"].strings()
        #expect(Set(actions) == Set(GrantDecision.Action.allCases.map(\.rawValue)))
        #expect(try status["decisions"]["maxItems"].int() == Int64(PrivilegeGrant.mostDecisions))
        #expect(try status["approvedSpecs"]["maxItems"].int() == Int64(PrivilegeGrant.mostApprovedSpecs))
    }

    /// Servers before 1.25 get the definition without its rules: each place that has some is taken out there.
    @Test func theRulesAreLeftOutForOldServers() throws {
        var places: [String] = []
        func walk(_ value: Value, _ path: String) throws {
            if value.kind == .mapping {
                for entry in try value.entries() {
                    if entry.key == "x-kubernetes-validations" {
                        places.append(path + "/" + entry.key)
                    } else {
                        try walk(entry, path + "/" + entry.key)
                    }
                }
            }
        }
        try walk(try Self.schema(), "/spec/versions/0/schema/openAPIV3Schema")
        let file = Self.package.appending(path: "deploy/admission-before-1.25/kustomization.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        let removed = text.matches(of: #/path: (\S*x-kubernetes-validations)/#).map { String($0.1) }
        #expect(Set(places) == Set(removed) && !places.isEmpty)
        let chart = try String(contentsOf: Self.package.appending(path: "deploy/charts/demarc/templates/privilegegrants.yaml"), encoding: .utf8)
        #expect(chart.matches(of: #/semverCompare ">=1.25.0-0"[^\n]*\n +x-kubernetes-validations:/#).count == places.count)
    }
}
