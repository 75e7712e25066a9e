import ClusterSupport
import Foundation
import Testing

/// A real etcd and kube-apiserver, collected by the program and judged by it: what is set well passes, what is not fails, and nothing is
/// called passed that the evidence does not show.
@Suite(.enabled(if: APIServer.isAvailable, "\(APIServer.whyNot)"))
struct ControlPlaneScanTests {
    private struct Report: Decodable {
        struct Benchmark: Decodable {
            struct Row: Decodable {
                let id: String
                let status: String
                let reason: String
            }
            let rows: [Row]
        }
        struct Finding: Decodable {
            struct Location: Decodable {
                let fieldPath: String
            }
            let control: String
            let verdict: String
            let location: Location
            let message: String
        }
        let benchmark: Benchmark
        let findings: [Finding]

        func status(_ row: String) -> String? { benchmark.rows.first { $0.id == row }?.status }
        func found(_ control: String) -> [Finding] { findings.filter { $0.control == control && $0.verdict == "fail" } }
    }

    private static let weak = [
        "--anonymous-auth=true", "--profiling", "--tls-cipher-suites", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_RSA_WITH_AES_128_CBC_SHA",
    ]
    private static let strong = [
        "--anonymous-auth=false", "--profiling=false", "--audit-log-maxage=30", "--audit-log-maxbackup", "10",
        "--service-account-extend-token-expiration=false",
        "--enable-admission-plugins=NodeRestriction", "--enable-admission-plugins=AlwaysPullImages", "--tls-min-version=VersionTLS12",
        "--tls-cipher-suites=TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,TLS_AES_128_GCM_SHA256", "--profiling=true", "--profiling=false",
    ]

    /// Rows that the two command lines decide differently, then rows that hold or fail for both.
    @Test(arguments: [(weak, "fail"), (strong, "pass")])
    func settingsDecide(flags: [String], expected: String) async throws {
        try await APIServer.running(flags: flags) { server in
            let report = try scan(server)
            for row in ["1.2.1", "1.2.11", "1.2.14", "1.2.15", "1.2.17", "1.2.18", "1.2.29", "1.2.30"] {
                #expect(report.status(row) == expected, "\(row): \(report.benchmark.rows.first { $0.id == row }?.reason ?? "")")
            }
            for row in ["1.2.6", "1.2.8", "1.2.16", "1.2.19", "1.2.22", "1.2.24", "1.2.25", "3.2.1"] {
                #expect(report.status(row) == "pass", "\(row)")
            }
            // The server of these tests reads static tokens, encrypts nothing and speaks to etcd through a socket.
            for row in ["1.2.2", "1.2.7", "1.2.27", "1.2.28", "2.1", "2.2"] { #expect(report.status(row) == "fail", "\(row)") }
            // No kubelet and no scheduler run here.
            for row in ["1.4.1", "4.2.1"] { #expect(report.status(row) == "notObservable", "\(row)") }
            #expect(report.found("kube-apiserver-token-auth-file").first?.location.fieldPath.hasPrefix("processes[") == true)
        }
    }

    /// Collects, leaves out what other tests run on the same machine, and judges.
    private func scan(_ server: APIServer) throws -> Report {
        let collected = server.folder.appending(path: "evidence.json")
        let collect = try Program.run(["node", "collect", "--quiet", "-o", collected.path])
        #expect(collect.code == 0, "\(collect.errors)")
        var document = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: collected)) as? [String: Any])
        let own = Set(try server.processes().values.map(Int.init))
        let processes = try #require(document["processes"] as? [[String: Any]])
        document["processes"] = processes.filter { ($0["pid"] as? Int).map(own.contains) == true }
        let text = try JSONSerialization.data(withJSONObject: document)
        let evidence = String(decoding: text, as: UTF8.self)
        #expect(!evidence.contains(server.token))
        let result = try Program.run(["node", "scan", "-", "--benchmark", "cis-1.12", "--format", "json"], input: evidence)
        #expect(result.code == 1, "\(result.errors)")
        return try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
    }
}
