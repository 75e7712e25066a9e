import Foundation
import Testing

@testable import NodeEvidence

/// Ports of this machine that are asked for their certificates.
struct ListenerProbeTests {
    /// Listens on as many ports of the loopback address and answers on none.
    private static func withSilentPorts<R>(_ count: Int, _ body: () throws -> R) throws -> R {
        var descriptors: [Int32] = []
        defer { for descriptor in descriptors { close(descriptor) } }
        for _ in 0..<count {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            descriptors.append(descriptor)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            let result = withUnsafePointer(to: &address) {
                bind(descriptor, UnsafeRawPointer($0).assumingMemoryBound(to: sockaddr.self), socklen_t(MemoryLayout<sockaddr_in>.size))
            }
            try #require(result == 0 && listen(descriptor, 1) == 0)
        }
        return try body()
    }

    /// The time is one for all ports: those that are left when it is over are a refusal, not ports without certificates.
    @Test func portsShareTheirTime() throws {
        let found = try Self.withSilentPorts(3) {
            var options = CollectorOptions(toolVersion: "0.0.0")
            options.probesListeners = true
            options.limits.probes = 0
            return try Collected(NodeCollector(options).collect())
        }
        let text = try #require(found.refusal("listeners"))
        let unasked = try #require(text.firstMatch(of: /^0 seconds were over; (\d+) ports/).flatMap { Int($0.1) })
        #expect(unasked >= 3)
        #expect(!found.certificates.contains { $0["listener"] != nil })
        #expect(!found.result.isComplete)
    }
}
