import Controls
import Documents
import Foundation
import Kubernetes
import Responsibility
import Testing

@testable import Reports

/// How fast a hundred thousand findings are written. `DEMARC_MEASURE=1 swift test -c release --filter Throughput` prints it;
/// the bounds are far below what an idle machine reaches, and only hold for optimised builds.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["DEMARC_MEASURE"] == "1"), .serialized)
struct ThroughputTests {
    @Test(arguments: ReportFormat.allCases)
    func aHundredThousandFindings(format: ReportFormat) throws {
        let result = ThroughputTests.large
        var bytes = 0
        let clock = ContinuousClock()
        let time = try clock.measure { try render(result, as: format) { bytes += $0.count } }
        print("\(format): \(rate(bytes, time)), \(result.findings.count) findings")
        if format == .json { #expect(bytes > 60_000_000) }
    }

    @Test func twoThreads() async throws {
        let clock = ContinuousClock()
        let start = clock.now
        let parts = await JSONReport(ThroughputTests.large).parts(2)
        print("json, 2 threads: \(rate(parts.reduce(0) { $0 + $1.count }, clock.now - start))")
    }

    private func rate(_ bytes: Int, _ time: Duration) -> String {
        let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
        return String(format: "%.1f MB in %.3f s, %.0f MB/s", Double(bytes) / 1e6, seconds, Double(bytes) / 1e6 / seconds)
    }

    /// 250 files with 40 Deployments each, ten findings on each Deployment.
    private static let large: ScanResult = {
        var sources: [(name: String, text: String)] = []
        for file in 0..<250 {
            let documents = (0..<40).map { number in
                let containers = (0..<3).map { container in
                    """
                          - name: container-\(container)
                            image: registry.example.com/team/service-\(number):1.4
                            securityContext:
                              privileged: true
                              capabilities:
                                add: [NET_ADMIN]
                    """
                }
                return """
                    apiVersion: apps/v1
                    kind: Deployment
                    metadata: {name: service-\(file)-\(number), namespace: team-\(file % 20)}
                    spec:
                      template:
                        spec:
                          containers:
                    \(containers.joined(separator: "\n"))

                    """
            }
            sources.append((name: "manifests/team-\(file % 20)/part-\(file).yaml", text: documents.joined(separator: "---\n")))
        }
        return Sample.result(of: sources, allVerdicts: false)
    }()
}
