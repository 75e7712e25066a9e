import ClusterSupport
import Foundation
import Testing

/// The custom resources that `demarc serve` writes and reads, as a cluster has them.
enum ReportDefinitions {
    static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// One of the two APIs of reports.
    struct API: Sendable, CustomTestStringConvertible {
        let group, version, kind: String
        /// Resources of a namespace, and of none.
        let namespaced, clusterWide: String
        /// The published schema of its namespaced kind, and of the other.
        let schemas: [String]

        static let openReports = API(
            group: "openreports.io", version: "v1alpha1", kind: "Report", namespaced: "reports", clusterWide: "clusterreports",
            schemas: ["Report", "ClusterReport"].map { "openreports.openreports.io.v1alpha1.\($0).schema.json" })
        static let policyReport = API(
            group: "wgpolicyk8s.io", version: "v1alpha2", kind: "PolicyReport", namespaced: "policyreports", clusterWide: "clusterpolicyreports",
            schemas: ["PolicyReport", "ClusterPolicyReport"].map { "wg-policy.wgpolicyk8s.io.v1alpha2.\($0).schema.json" })

        var path: String { "/apis/\(group)/\(version)" }
        var testDescription: String { group }

        /// Both definitions. Structural: a field that is not named here would be dropped, and the test would see that.
        var definitions: String {
            [(kind, namespaced, "Namespaced"), ("Cluster" + kind, clusterWide, "Cluster")].map { kind, plural, scope in
                """
                {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"\(plural).\(group)",\
                "annotations":{"api-approved.kubernetes.io":"unapproved, for tests"}},"spec":{"group":"\(group)","scope":"\(scope)",\
                "names":{"plural":"\(plural)","singular":"\(kind.lowercased())","kind":"\(kind)","listKind":"\(kind)List"},\
                "versions":[{"name":"\(version)","served":true,"storage":true,"schema":{"openAPIV3Schema":\(schema)}}]}}
                """
            }.joined(separator: "\n")
        }

        /// Field names and values as both APIs publish them; `source` at the top is OpenReports' alone.
        private var schema: String {
            let text = #"{"type":"string"}"#
            func object(_ fields: [(String, String)], required: String = "") -> String {
                let fields = fields.map { "\"\($0)\":\($1)" }.joined(separator: ",")
                return #"{"type":"object",\#(required.isEmpty ? "" : #""required":[\#(required)],"#)"properties":{\#(fields)}}"#
            }
            let results = #"["pass","fail","warn","error","skip"]"#
            let timestamp = object(
                [("nanos", #"{"type":"integer","format":"int32"}"#), ("seconds", #"{"type":"integer","format":"int64"}"#)],
                required: #""nanos","seconds""#)
            let reference = object(["apiVersion", "fieldPath", "kind", "name", "namespace", "resourceVersion", "uid"].map { ($0, text) })
            let result = object(
                [
                    ("category", text), ("message", text), ("policy", text), ("rule", text), ("source", text), ("scored", #"{"type":"boolean"}"#),
                    ("properties", #"{"type":"object","additionalProperties":{"type":"string"}}"#),
                    ("resources", #"{"type":"array","items":\#(reference)}"#),
                    ("result", #"{"type":"string","enum":\#(results)}"#), ("timestamp", timestamp),
                    ("severity", #"{"type":"string","enum":["critical","high","low","medium","info"]}"#),
                ], required: #""policy""#)
            let summary = object(["error", "fail", "pass", "skip", "warn"].map { ($0, #"{"type":"integer"}"#) })
            let source = group == "openreports.io" ? [("source", text)] : []
            return object(
                [
                    ("apiVersion", text), ("kind", text), ("metadata", #"{"type":"object"}"#), ("scope", reference), ("summary", summary),
                    ("results", #"{"type":"array","items":\#(result)}"#),
                ] + source)
        }
    }

    /// The definition of PrivilegeGrant as it is installed before Kubernetes 1.25, which knows no rules in definitions.
    static func grants() throws -> String {
        let text = try String(contentsOf: package.appending(path: "deploy/admission/privilegegrants.yaml"), encoding: .utf8)
        return text.replacing(#/\n *x-kubernetes-validations:(\n +- rule: [^\n]*\n +message: [^\n]*)+/#, with: "")
    }

    /// Creates definitions and waits until their resources are served, and found by a program that looks for them once, when it starts.
    static func install(_ definitions: String, _ paths: [String], in api: APIServer) async throws {
        for answer in try api.create(definitions) { try #require(answer.status == 201, "\(answer.body)") }
        for path in paths {
            let isServed = try await eventually { try api.serves(path) }
            try #require(isServed, "\(path)")
        }
    }

    /// Checks a document against a published schema, where these are (`DEMARC_CONFORMANCE_DATA`).
    ///
    /// - Returns: what is wrong with it; nil where it is valid, or where nobody can say.
    static func fault(of document: String, schema: String) throws -> String? {
        let data =
            ProcessInfo.processInfo.environment["DEMARC_CONFORMANCE_DATA"].map { URL(filePath: $0, directoryHint: .isDirectory) }
            ?? package.appending(path: "../shared/data")
        let file = data.appending(path: "schemas/\(schema)")
        guard FileManager.default.fileExists(atPath: file.path) else {
            print("skipped: no \(file.path); set DEMARC_CONFORMANCE_DATA to validate reports")
            return nil
        }
        let checked = try BoundedProcess.run(
            "python3", [package.appending(path: "Tests/ReportsTests/validate.py").path, file.path], input: document, seconds: 60)
        if checked.code == 77 { print("skipped: \(checked.output)") }
        return [0, 77].contains(checked.code) ? nil : checked.output + checked.complaint
    }
}
