import Documents
import Foundation
import Testing

@testable import Blame

/// Releases of Helm: what came with the chart, and what its user gave.
struct HelmTests {
    private static let json = """
        {"name":"shop","version":3,"info":{"status":"deployed","last_deployed":"2026-11-24T05:00:00Z"},
        "chart":{"metadata":{"name":"web","version":"1.2.3"},"values":{"replicaCount":1,"image":{"tag":"1.0"},"privileged":false}},
        "config":{"replicaCount":5,"privileged":true,"image":{"pullPolicy":"Always"}}}
        """

    private static func secret(_ release: [UInt8]) -> Value {
        let inner = Data(release).base64EncodedString()
        let text = "{\"kind\":\"Secret\",\"data\":{\"release\":\"\(Data(inner.utf8).base64EncodedString())\"}}"
        return DocumentTree.parse(text).tree.roots[0]
    }

    /// By the program of that name, so that two sides of the format meet.
    private static func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "-c"]
        let (input, output) = (Pipe(), Pipe())
        (process.standardInput, process.standardOutput) = (input, output)
        try process.run()
        let writer = Thread {
            try? input.fileHandleForWriting.write(contentsOf: Data(bytes)); try? input.fileHandleForWriting.close()
        }
        writer.start()
        let packed = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Array(packed)
    }

    @Test func aReleaseIsRead() throws {
        for packed in [try Self.gzip(Array(Self.json.utf8)), Array(Self.json.utf8)] {
            let release = try HelmRelease(Self.secret(packed))
            #expect(release.name == "shop" && release.revision == 3 && release.chart == "web-1.2.3" && release.status == "deployed")
            #expect(release.deployed == "2026-11-24T05:00:00Z")
        }
    }

    @Test func valuesAreTheChartsOrTheUsers() throws {
        let release = try HelmRelease(packed: Array(Self.json.utf8))
        #expect(release.source(of: .number("5"), named: "replicas") == .override(path: "replicaCount"))
        #expect(release.source(of: .boolean(true), named: "privileged") == .override(path: "privileged"))
        #expect(release.source(of: .string("Always"), named: "imagePullPolicy") == .override(path: "image.pullPolicy"))
        #expect(release.source(of: .string("1.0"), named: "tag") == .probablyChart)
        let plain = try HelmRelease(
            packed: Array(
                Self.json.replacing(
                    "\"config\":{\"replicaCount\":5,\"privileged\":true,\"image\":{\"pullPolicy\":\"Always\"}}", with: "\"config\":{}"
                ).utf8))
        #expect(plain.source(of: .number("5"), named: "replicas") == .chart)
    }

    @Test func hostileReleasesAreRefused() throws {
        let packed = try Self.gzip([UInt8](repeating: UInt8(ascii: " "), count: 40 << 20))
        #expect(throws: HelmRelease.Unreadable(message: "the release unpacks to more than 32 MiB")) { try HelmRelease(Self.secret(packed)) }
        let cut = Array(try Self.gzip(Array(Self.json.utf8)).dropLast(20))
        #expect(throws: HelmRelease.Unreadable(message: "the release is no whole gzip")) { try HelmRelease(Self.secret(cut)) }
        #expect(throws: HelmRelease.Unreadable(message: "the release is no JSON object")) { try HelmRelease(packed: Array("[]".utf8)) }
        for text in ["{\"data\":{\"release\":\"%%%\"}}", "{\"data\":{\"release\":\"A\"}}", "{\"data\":{}}", "{\"data\":{\"release\":7}}", "7"] {
            #expect(throws: HelmRelease.Unreadable.self) { try HelmRelease(DocumentTree.parse(text).tree.roots[0]) }
        }
    }

    @Test func base64IsThatOfTheStandard() throws {
        for count in 0..<40 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
            #expect(try HelmRelease.base64(Array(Data(bytes).base64EncodedString().utf8)) == bytes)
        }
    }
}
