import Documents
import Testing

@testable import NodeEvidence

struct ListenerReviewTests {
    private func standing(_ socket: String, moved: [Int: KnownListener] = [:], running: [String] = []) throws -> String {
        let root = try #require(DocumentTree.parse("sockets: [\(socket)]").tree.roots.first)
        let sockets = try #require(try EvidenceDocument(root).sockets)
        return switch ListenerReview(try #require(sockets.first), moved: moved, running: running).standing {
        case .loopback: "loopback"
        case .expected(let known): "expected: \(known.title)"
        case .tooWide(let known): "too wide: \(known.title)"
        case .plaintext(let known): "plaintext: \(known.title)"
        case .mutual(let known): "mutual: \(known.title)"
        case .unexpected(let program): "unexpected: \(program)"
        case .unknownProgram(let known): known.map { "unknown, by its port \($0.title)" } ?? "unknown"
        case .client: "client"
        }
    }

    @Test(arguments: [
        ("{address: 0.0.0.0, port: 10250, process: kubelet}", "expected: the kubelet"),
        ("{address: '::', port: 10255, process: kubelet}", "plaintext: the kubelet's read-only port"),
        ("{address: 127.0.0.1, port: 10255, process: kubelet}", "loopback"),
        ("{address: '::1', port: 2379, process: etcd}", "loopback"), ("{address: '::ffff:127.0.0.1', port: 1, process: a}", "loopback"),
        ("{address: '[::1]', port: 1, process: a}", "loopback"), ("{address: 127.9.9.9, port: 1}", "loopback"),
        ("{address: 10.0.0.1, port: 2379, process: etcd}", "mutual: etcd for its clients"),
        ("{address: 10.0.0.1, port: 2381, process: etcd}", "too wide: etcd's metrics"),
        ("{address: '::', port: 10257, process: kube-controller-manager}", "too wide: the controller manager's metrics and health"),
        ("{address: '::', port: 10257, process: kube-controller}", "too wide: the controller manager's metrics and health"),
        ("{address: 0.0.0.0, port: 2375, process: dockerd}", "plaintext: Docker's API"),
        ("{address: 0.0.0.0, port: 31000, process: kube-proxy}", "expected: a NodePort"),
        ("{address: 0.0.0.0, port: 31000, process: nc}", "unexpected: nc"),
        // Another program at a known port, and a known program at another port.
        ("{address: 0.0.0.0, port: 10250, process: nc}", "unexpected: nc"),
        ("{address: 0.0.0.0, port: 10251, process: kubelet}", "unexpected: kubelet"),
        ("{address: 0.0.0.0, port: 10250}", "unknown"), ("{address: 0.0.0.0, port: 10250, process: ''}", "unknown"),
        // The kernel's own sockets have no process.
        ("{protocol: udp, address: 0.0.0.0, port: 8472}", "expected: VXLAN"), ("{protocol: udp, address: '::', port: 4789}", "expected: VXLAN"),
        ("{protocol: udp, address: 0.0.0.0, port: 6081}", "expected: Geneve"), ("{protocol: udp, address: '::', port: 51820}", "expected: WireGuard"),
        ("{protocol: udp, address: 0.0.0.0, port: 8472, process: nc}", "unexpected: nc"), ("{address: 0.0.0.0, port: 8472}", "unknown"),
        ("{protocol: udp, address: 0.0.0.0, port: 9999}", "unknown"),
        ("{address: 0.0.0.0, port: 61678, process: aws-k8s-agent}", "expected: the metrics of Amazon's VPC plugin"),
        ("{protocol: udp, address: 169.254.20.10, port: 53, process: node-cache}", "expected: the node's DNS cache"),
        ("{protocol: udp, address: 127.0.0.53, port: 53, process: systemd-resolve}", "loopback"),
        ("{protocol: udp, address: 0.0.0.0, port: 68, process: dhclient}", "expected: DHCP"),
        ("{protocol: udp, address: 0.0.0.0, port: 40000, process: coredns}", "client"),
        ("{protocol: udp, address: 0.0.0.0, port: 5353, process: avahi-daemon}", "unexpected: avahi-daemon"),
        ("{protocol: tcp, address: 0.0.0.0, port: 40000, process: coredns}", "unexpected: coredns"),
        // What is no address is none of the machine's own.
        ("{address: 127.0.0.1.example.com, port: 1, process: a}", "unexpected: a"), ("{address: 127.0.0, port: 1, process: a}", "unexpected: a"),
        ("{address: 127.0.0.999, port: 1, process: a}", "unexpected: a"), ("{port: 1, process: a}", "unexpected: a"),
    ])
    func tellsWhatASocketMeans(socket: String, expected: String) throws {
        #expect(try standing(socket) == expected)
    }

    @Test func aSettingMovesAPortForItsProgramOnly() throws {
        let known = try #require(KnownListener.find(program: "kube-apiserver", port: 6_443, transport: "tcp"))
        #expect(try standing("{address: '::', port: 9443, process: kube-apiserver}", moved: [9_443: known]) == "expected: the API server")
        #expect(try standing("{address: '::', port: 9443, process: nc}", moved: [9_443: known]) == "unexpected: nc")
        #expect(
            try standing("{protocol: udp, address: '::', port: 9443, process: kube-apiserver}", moved: [9_443: known]) == "unexpected: kube-apiserver"
        )
    }

    /// Only TCP, and only ports of what runs here.
    @Test func aSocketWithoutProcessIsToldByItsPort() throws {
        let running = ["kubelet", "etcd"]
        let known = try #require(KnownListener.find(program: "etcd", port: 2_379, transport: "tcp"))
        #expect(
            try standing("{address: '::', port: 10255}", running: running) == "unknown, by its port the kubelet's read-only port")
        #expect(try standing("{address: '::', port: 9379}", moved: [9_379: known]) == "unknown, by its port etcd for its clients")
        #expect(try standing("{address: '::', port: 10255}", running: ["etcd"]) == "unknown")
        #expect(try standing("{protocol: udp, address: '::', port: 10255}", running: running) == "unknown")
        #expect(try standing("{address: 127.0.0.1, port: 10255}", running: running) == "loopback")
    }

    @Test func noProgramHasTwoMeaningsAtOnePort() {
        var seen: Set<String> = []
        for known in KnownListener.everything where known.ports.count == 1 {
            #expect(seen.insert("\(known.program.prefix(15)) \(known.ports.lowerBound) \(known.transport)").inserted, "\(known)")
        }
        #expect(seen.count > 40)
    }
}
