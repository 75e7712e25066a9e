import Foundation
import Reports
import Testing

/// What the formats of others say beyond being valid.
struct MachineFormatTests {
    private func object(_ format: ReportFormat, _ result: ScanResult = Sample.estate) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(try text(result, as: format).utf8)) as? [String: Any])
    }

    private func run(_ result: ScanResult = Sample.estate) throws -> [String: Any] {
        try #require((try object(.sarif, result)["runs"] as? [[String: Any]])?.first)
    }

    // MARK: - SARIF

    @Test func everyVerdictHasItsKind() throws {
        let results = try #require(try run(Sample.everything)["results"] as? [[String: Any]])
        let kinds = ["fail": "fail", "accepted": "fail", "manual": "review", "notObservable": "open"]
        for result in results {
            guard let verdict = (result["properties"] as? [String: Any])?["verdict"] as? String else {
                #expect(["pass", "notApplicable"].contains(result["kind"] as? String))
                continue
            }
            #expect(result["kind"] as? String == kinds[verdict])
            // SARIF forbids a level on anything but a fail.
            #expect((result["level"] as? String == "none") == (result["kind"] as? String != "fail"))
            #expect((result["suppressions"] as? [Any])?.count == (verdict == "accepted" ? 1 : 0))
        }
    }

    @Test func anAcceptedFindingCarriesItsJustification() throws {
        let results = try #require(try run()["results"] as? [[String: Any]])
        let suppressions = results.compactMap { ($0["suppressions"] as? [[String: String]])?.first }
        #expect(
            suppressions == [
                ["kind": "external", "status": "accepted", "justification": "ops/agent-admin: The agent loads eBPF programs; ticket OPS-17."]
            ])
    }

    @Test func aRunWithGapsIsNoSuccess() throws {
        let invocation = try #require((try run()["invocations"] as? [[String: Any]])?.first)
        #expect(invocation["executionSuccessful"] as? Bool == false)
        #expect((invocation["toolExecutionNotifications"] as? [Any])?.count == 2)
        let clean = try #require((try run(Sample.clean)["invocations"] as? [[String: Any]])?.first)
        #expect(clean["executionSuccessful"] as? Bool == true)
    }

    @Test func rulesPointIntoTheirTaxonomies() throws {
        let run = try run()
        let taxonomies = try #require(run["taxonomies"] as? [[String: Any]])
        let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
        let rules = try #require(driver["rules"] as? [[String: Any]])
        for rule in rules {
            for relationship in try #require(rule["relationships"] as? [[String: Any]]) {
                let target = try #require(relationship["target"] as? [String: Any])
                let component = try #require(target["toolComponent"] as? [String: Any])
                let taxonomy = taxonomies[try #require(component["index"] as? Int)]
                #expect(taxonomy["name"] as? String == component["name"] as? String)
                #expect((taxonomy["taxa"] as? [[String: String]])?.contains { $0["id"] == target["id"] as? String } == true)
            }
        }
        for (result, index) in (try #require(run["results"] as? [[String: Any]])).map({ ($0, $0["ruleIndex"] as? Int ?? -1) }) {
            #expect(rules[index]["id"] as? String == result["ruleId"] as? String)
        }
    }

    @Test func strangersMakeNoLinks() throws {
        let results = try #require(try run()["results"] as? [[String: Any]])
        let messages = results.compactMap { ($0["message"] as? [String: String])?["text"] }
        #expect(messages.contains { $0.contains(#"\[click\](https://evil.example)"#) })
    }

    // MARK: - OSCAL

    @Test func everyIdentifierIsThereOnceAndEveryReferenceLeadsSomewhere() throws {
        let document = try #require(try object(.oscal)["assessment-results"] as? [String: Any])
        let result = try #require((document["results"] as? [[String: Any]])?.first)
        var identifiers: [String: Set<String>] = [:]
        for name in ["observations", "risks", "findings"] {
            let items = try #require(result[name] as? [[String: Any]])
            identifiers[name] = Set(items.compactMap { $0["uuid"] as? String })
            #expect(identifiers[name]?.count == items.count)
        }
        let local = try #require(result["local-definitions"] as? [String: Any])
        let subjects = Set((try #require(local["inventory-items"] as? [[String: Any]])).compactMap { $0["uuid"] as? String })
        for observation in try #require(result["observations"] as? [[String: Any]]) {
            for subject in observation["subjects"] as? [[String: String]] ?? [] { #expect(subjects.contains(subject["subject-uuid"] ?? "")) }
        }
        for finding in try #require(result["findings"] as? [[String: Any]]) {
            for each in finding["related-observations"] as? [[String: String]] ?? [] {
                #expect(identifiers["observations"]?.contains(each["observation-uuid"] ?? "") == true)
            }
            for each in finding["related-risks"] as? [[String: String]] ?? [] {
                #expect(identifiers["risks"]?.contains(each["risk-uuid"] ?? "") == true)
            }
        }
    }

    @Test func statesOfControlsAreHonest() throws {
        let document = try #require(try object(.oscal)["assessment-results"] as? [String: Any])
        let result = try #require((document["results"] as? [[String: Any]])?.first)
        var states: [String: String] = [:]
        for finding in try #require(result["findings"] as? [[String: Any]]) {
            let target = try #require(finding["target"] as? [String: Any])
            let status = try #require(target["status"] as? [String: String])
            states[target["target-id"] as? String ?? ""] = "\(status["state"] ?? "") \(status["reason"] ?? "")"
        }
        #expect(states["sample-privileged"] == "not-satisfied fail")
        #expect(states["sample-node"] == "not-satisfied other", "what nobody could look at is not satisfied")
        #expect(!states.values.contains { $0.hasPrefix("satisfied") })
        let risks = try #require(result["risks"] as? [[String: Any]])
        #expect(risks.filter { $0["status"] as? String == "deviation-approved" }.count == 1)
    }

    // MARK: - Policy reports

    @Test func aResultNamesWhoMustAct() throws {
        let items = try #require(try object(.policyreport)["items"] as? [[String: Any]])
        let agent = try #require(items.first { ($0["scope"] as? [String: Any])?["name"] as? String == "agent" })
        #expect(agent["summary"] as? [String: Int] == ["fail": 2, "warn": 0, "error": 0, "skip": 0])
        let owners = try #require((agent["metadata"] as? [String: Any])?["ownerReferences"] as? [[String: String]])
        #expect(owners.first?["uid"] == "6f1d6b7e-0a0b-4c55-9d5e-3f6a4c0f1b11")
        let results = try #require(agent["results"] as? [[String: Any]])
        let accepted = try #require(results.first { ($0["properties"] as? [String: String])?["verdict"] == "accepted" })
        #expect(accepted["result"] as? String == "fail" && accepted["scored"] as? Bool == false)
        let properties = try #require(accepted["properties"] as? [String: String])
        #expect(properties["responsibility"] == "customer" && properties["accountable"] == "team-ops" && properties["grant"] == "ops/agent-admin")
        #expect(accepted["category"] as? String == "P2b Privileges only on application")
    }

    @Test func passesAreCountedOnlyWhereTheyAreKnown() throws {
        let known = try #require(try object(.openreports, Sample.everything)["items"] as? [[String: Any]])
        #expect(known.allSatisfy { ($0["summary"] as? [String: Int])?["pass"] != nil })
        let unknown = try #require(try object(.openreports)["items"] as? [[String: Any]])
        #expect(unknown.allSatisfy { ($0["summary"] as? [String: Int])?["pass"] == nil })
    }
}
