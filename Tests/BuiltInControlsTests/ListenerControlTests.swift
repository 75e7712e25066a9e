import BuiltInControls
import Controls
import Testing

/// What controls over listening ports say, and of which benchmark rows they keep out.
struct ListenerControlTests {
    private static let ids = ["plaintext-listeners", "etcd-listeners-without-client-certificates", "wide-listeners", "unexpected-listeners"]

    /// The id, the verdict, the place and the message of each finding.
    private func findings(_ sockets: [String], processes: String = "") -> [String] {
        let controls = BuiltInControls.all.filter { Self.ids.contains($0.id) }
        let text = """
            {"apiVersion": "demarc.dev/v1alpha1", "kind": "NodeEvidence", "nodeName": "a", "processes": [\(processes)],
             "sockets": [\(sockets.joined(separator: ", "))]}
            """
        let judgement = MachineEvidence.judge(text, controls)
        #expect(judgement.gaps.isEmpty)
        return judgement.findings.map { "\(controls[$0.control].id) \($0.verdict.rawValue) \($0.fieldPath): \($0.message)" }
    }

    private static func socket(_ port: Int, _ transport: String = "tcp", process: String? = nil, address: String = "0.0.0.0") -> String {
        let process = process.map { #", "process": "\#($0)""# } ?? ""
        return #"{"protocol": "\#(transport)", "address": "\#(address)", "port": \#(port)\#(process)}"#
    }

    /// Rows about one program are verified by its settings: any other program's socket would fail them.
    @Test(arguments: ids)
    func noRowIsReferredTo(id: String) throws {
        let control = try #require(BuiltInControls.all.first { $0.id == id })
        #expect(control.references.allSatisfy { !$0.framework.hasPrefix("cis") })
    }

    @Test func overlaysOfTheKernelAreNoFinding() {
        #expect(findings([8_472, 8_473, 4_789, 6_081, 51_820, 51_821].map { Self.socket($0, "udp") }).isEmpty)
    }

    @Test func socketsWithoutProgramAreSaidOnce() {
        let sockets = [Self.socket(9_999, "udp"), Self.socket(9_999, "udp", address: "::"), Self.socket(7_000), Self.socket(8_472, "udp")]
        #expect(
            findings(sockets) == [
                "unexpected-listeners notObservable sockets: the programs were not to be seen that listen at 9999/udp, 7000/tcp"
            ])
        let many = findings((1...50).map { Self.socket($0) })
        #expect(many.count == 1 && many.first?.hasSuffix(", 20/tcp and 30 more") == true)
    }

    @Test func whatAsksForNoCredentialsIsFoundByItsPort() {
        let kubelet = #"{"name": "kubelet", "argv": ["kubelet", "--read-only-port=9255"]}"#
        let etcd = #"{"name": "etcd", "argv": ["etcd", "--listen-client-urls=https://0.0.0.0:9379"]}"#
        let unseen = "a program that was not to be seen at"
        #expect(
            findings([Self.socket(9_255), Self.socket(9_379), Self.socket(2_380)], processes: kubelet + "," + etcd) == [
                "plaintext-listeners fail sockets[0]: \(unseen) 0.0.0.0:9255/tcp is the kubelet's read-only port",
                "etcd-listeners-without-client-certificates fail sockets[1]: \(unseen) 0.0.0.0:9379/tcp is etcd for its clients, and asks for no certificate",
                "etcd-listeners-without-client-certificates fail sockets[2]: \(unseen) 0.0.0.0:2380/tcp is etcd for its peers, and asks for no certificate",
                "unexpected-listeners notObservable sockets: the programs were not to be seen that listen at 9255/tcp, 9379/tcp, 2380/tcp",
            ])
    }

    @Test func aWidePortIsThatProgramsOwn() {
        #expect(
            findings([Self.socket(323, "udp", process: "chronyd"), Self.socket(10_249, process: "kube-proxy")]) == [
                "wide-listeners fail sockets[0]: 'chronyd' at 0.0.0.0:323/udp is chrony's control",
                "wide-listeners fail sockets[1]: 'kube-proxy' at 0.0.0.0:10249/tcp is kube-proxy's metrics",
            ])
    }
}
