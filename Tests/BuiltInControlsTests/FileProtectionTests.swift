import BuiltInControls
import Controls
import Documents
import Kubernetes
import Testing

/// Modes and owners of files in evidence of a machine: each row of each edition, met and missed, with exact places.
struct FileProtectionTests {
    /// A file that a row means, on a machine that runs the program.
    struct Row: Sendable, CustomTestStringConvertible {
        let control: String
        let row: String
        let program: String
        let path: String
        var type = "file"
        /// The widest mode in the editions 1.23, 1.10, 1.11, 1.12.
        var limits: [UInt16] = [0o644, 0o600, 0o600, 0o600]

        var testDescription: String { "\(row) \(control)" }
    }

    static let editions = ["cis-1.23", "cis-1.10", "cis-1.11", "cis-1.12"]

    static let modes: [Row] = [
        Row(control: "kube-apiserver-manifest-mode", row: "1.1.1", program: "kube-apiserver", path: manifest("kube-apiserver")),
        Row(
            control: "kube-controller-manager-manifest-mode", row: "1.1.3", program: "kube-controller-manager",
            path: manifest("kube-controller-manager")),
        Row(control: "kube-scheduler-manifest-mode", row: "1.1.5", program: "kube-scheduler", path: manifest("kube-scheduler")),
        Row(control: "etcd-manifest-mode", row: "1.1.7", program: "etcd", path: manifest("etcd")),
        Row(control: "network-plugin-configuration-mode", row: "1.1.9", program: "kubelet", path: "/etc/cni/net.d/10-a.conflist"),
        Row(
            control: "etcd-data-mode", row: "1.1.11", program: "etcd", path: "/var/lib/etcd", type: "directory",
            limits: [0o700, 0o700, 0o700, 0o700]),
        Row(
            control: "admin-kubeconfig-mode", row: "1.1.13", program: "kube-apiserver", path: "/etc/kubernetes/super-admin.conf",
            limits: [0o600, 0o600, 0o600, 0o600]),
        Row(control: "kube-scheduler-kubeconfig-mode", row: "1.1.15", program: "kube-scheduler", path: "/etc/kubernetes/scheduler.conf"),
        Row(
            control: "kube-controller-manager-kubeconfig-mode", row: "1.1.17", program: "kube-controller-manager",
            path: "/etc/kubernetes/controller-manager.conf"),
        Row(
            control: "cluster-certificate-mode", row: "1.1.20", program: "kube-apiserver", path: "/etc/kubernetes/pki/etcd/ca.crt",
            limits: [0o644, 0o600, 0o644, 0o644]),
        Row(
            control: "cluster-private-key-mode", row: "1.1.21", program: "kube-apiserver", path: "/etc/kubernetes/pki/etcd/ca.key",
            limits: [0o600, 0o600, 0o600, 0o600]),
        Row(
            control: "service-account-signing-key", row: "1.1.21", program: "kube-apiserver", path: "/etc/kubernetes/pki/sa.key",
            limits: [0o600, 0o600, 0o600, 0o600]),
        Row(control: "kubelet-service-mode", row: "4.1.1", program: "kubelet", path: "/lib/systemd/system/kubelet.service"),
        Row(control: "kube-proxy-kubeconfig-mode", row: "4.1.3", program: "kube-proxy", path: "/var/lib/kube-proxy/kubeconfig"),
        Row(control: "kubelet-kubeconfig-mode", row: "4.1.5", program: "kubelet", path: "/etc/kubernetes/kubelet.conf"),
        Row(
            control: "kubelet-client-ca-mode", row: "4.1.7", program: "kubelet", path: "/etc/kubernetes/pki/ca.crt",
            limits: [0o644, 0o600, 0o644, 0o644]),
        Row(control: "kubelet-configuration-mode", row: "4.1.9", program: "kubelet", path: "/var/lib/kubelet/config.yaml"),
    ]

    static let owners: [Row] =
        modes.compactMap { row in
            let ids = ["service-account-signing-key", "cluster-certificate-mode", "cluster-private-key-mode"]
            guard !ids.contains(row.control), let number = Int(row.row.split(separator: ".")[2]) else { return nil }
            let next = row.row.split(separator: ".").dropLast().joined(separator: ".") + ".\(number + 1)"
            return Row(control: row.control.replacing("-mode", with: "-owner"), row: next, program: row.program, path: row.path, type: row.type)
        } + [Row(control: "cluster-pki-owner", row: "1.1.19", program: "kube-apiserver", path: "/etc/kubernetes/pki/etcd/ca.key")]

    private static func manifest(_ program: String) -> String { "/etc/kubernetes/manifests/\(program).yaml" }

    @Test(arguments: modes, editions.indices)
    func modesAreMasks(row: Row, edition: Int) throws {
        let limit = row.limits[edition]
        let judge = { (mode: UInt16) in
            try self.judge(row.control, machine(row, "mode: \"\(String(mode, radix: 8))\", owner: root, group: root"), Self.editions[edition])
        }
        for mode in [limit, 0o400, 0] { #expect(try judge(mode).verdict == .pass, "\(String(mode, radix: 8))") }
        // One bit too many, also where the number is smaller than the limit.
        for bit in (0..<12).map({ UInt16(1) << UInt16($0) }) where limit & bit == 0 {
            let found = try judge(bit)
            #expect(found.fails == ["files[0].mode"], "\(String(bit, radix: 8)) in \(Self.editions[edition])")
            #expect(try judge(limit | bit).fails == ["files[0].mode"])
        }
    }

    /// Managed services let everybody read the files of the kubelet.
    @Test(arguments: ["eks-1.8.0", "gke-1.9.0", "aks-1.8"], ["kubelet-kubeconfig-mode", "kubelet-configuration-mode"])
    func managedServicesAllowReading(edition: String, control: String) throws {
        let row = try #require(Self.modes.first { $0.control == control })
        #expect(try judge(control, machine(row, "mode: \"0644\""), edition).verdict == .pass)
        #expect(try judge(control, machine(row, "mode: \"0664\""), edition).fails == ["files[0].mode"])
    }

    @Test(arguments: owners)
    func ownersAreNamed(row: Row) throws {
        let owner = row.control == "etcd-data-owner" ? "etcd" : "root"
        let judge = { try self.judge(row.control, machine(row, $0), "cis-1.12") }
        #expect(try judge("owner: \(owner), group: \(owner)").verdict == .pass)
        #expect(try judge("owner: app, group: \(owner)").fails == ["files[0].owner"])
        #expect(try judge("owner: \(owner), group: app").fails == ["files[0].group"])
        #expect(try judge("owner: app, group: app").fails == ["files[0].owner", "files[0].group"])
        let nameless = try judge("owner: \"1000\", group: \(owner)")
        #expect(nameless.fails == ["files[0].owner"])
        #expect(nameless.messages == ["the user of \(row.path) is 1000, a number without a name, not \(owner)"])
        #expect(try judge("mode: \"0600\"").verdict == .notObservable)
        #expect(try judge("owner: \(owner)").verdict == .notObservable)
    }

    /// A machine's list of users may call anybody root, and root anything.
    @Test(arguments: [
        ("owner: root, group: root, uid: 1000, gid: 0", ["files[0].owner"]), ("owner: toor, group: wheel, uid: 0, gid: 0", []),
        ("owner: \"0\", group: \"0\"", []), ("uid: 0, gid: 0", []), ("uid: 5, gid: 6", ["files[0]", "files[0]"]),
    ])
    func theNumberDecidesForRoot(entry: String, fails: [String]) throws {
        let row = try #require(Self.owners.first { $0.row == "1.1.14" })
        #expect(try judge("admin-kubeconfig-owner", machine(row, entry), "cis-1.12").fails == fails)
    }

    /// A name that says root is no word about who it is.
    @Test func theNumberIsNamed() throws {
        let row = try #require(Self.owners.first { $0.row == "1.1.14" })
        #expect(
            try judge("admin-kubeconfig-owner", machine(row, "owner: root, group: root, uid: 1000, gid: 7"), "cis-1.12").messages == [
                "the user of /etc/kubernetes/super-admin.conf is called root, but its uid is 1000, not 0",
                "the group of /etc/kubernetes/super-admin.conf is called root, but its gid is 7, not 0",
            ])
    }

    /// One file, two rows: told once, and each row fails.
    @Test(arguments: [("mode: \"0666\", owner: root, group: root", "mode"), ("mode: \"0644\", owner: app, group: root", "owner")])
    func anAuthorityThatTwoRowsMeanIsToldOnce(entry: String, what: String) throws {
        let path = "/etc/kubernetes/pki/ca.crt"
        let kubelet = "{name: kubelet, argv: [kubelet, --client-ca-file=\(path)]}"
        let ids = ["shared-client-ca-\(what)", "kubelet-client-ca-\(what)", what == "mode" ? "cluster-certificate-mode" : "cluster-pki-owner"]
        let control = try #require(BuiltInControls.all.first { $0.id == ids[0] })
        #expect(Set(control.references).isSuperset(of: what == "mode" ? [.cis("1.1.20"), .cis("4.1.7")] : [.cis("1.1.19"), .cis("4.1.8")]))
        func fails(_ processes: String) throws -> [Int] {
            try ids.map { try judge($0, "processes: [\(processes)]\nfiles: [{path: \(path), \(entry)}]", "cis-1.12").fails.count }
        }
        #expect(try fails("{name: kube-apiserver, argv: [kube-apiserver]}, " + kubelet) == [1, 0, 0])
        // A worker has no control plane to fail for, and a control plane may have no kubelet.
        #expect(try fails(kubelet) == [0, 1, 0])
        #expect(try fails("{name: kube-apiserver, argv: [kube-apiserver]}") == [0, 1, 1])
    }

    @Test(arguments: (owners + modes).map(\.control))
    func everyRowIsReferredTo(id: String) throws {
        let control = try #require(BuiltInControls.all.first { $0.id == id })
        let row = try #require((Self.modes + Self.owners).first { $0.control == id })
        #expect(control.references.contains(.cis(row.row)))
        #expect(control.duty == "A5")
    }

    @Test func fourRowsAreMetWithoutTheFile() throws {
        for id in ["kubelet-service-mode", "kubelet-service-owner", "kube-proxy-kubeconfig-mode", "kube-proxy-kubeconfig-owner"] {
            let missing = [
                "/etc/systemd", "/run/systemd", "/usr/local", "/usr/lib/systemd", "/lib/systemd", "/etc/kubernetes", "/var/lib/kube-proxy",
            ]
            let files = missing.map { "{path: \($0), missing: true}" }.joined(separator: ", ")
            let yaml = "processes: [{name: kubelet, argv: [kubelet]}, {name: kube-proxy, argv: [kube-proxy]}]\nfiles: [\(files)]"
            #expect(try judge(id, yaml, "cis-1.12").verdict == .notApplicable, "\(id)")
        }
    }

    /// Nobody looked: never a pass.
    @Test(arguments: Set((owners + modes).map(\.control)).sorted())
    func withoutFilesNothingPasses(id: String) throws {
        let programs = ["kubelet", "kube-proxy", "kube-apiserver", "kube-scheduler", "kube-controller-manager", "etcd"]
        let processes = programs.map { "{name: \($0), argv: [\($0)]}" }.joined(separator: ", ")
        #expect(try judge(id, "processes: [\(processes)]", "cis-1.12").verdict == .notObservable)
        #expect(try judge(id, "", "cis-1.12").verdict == .notObservable)
        let found = try judge(id, "processes: [\(processes)]\nfiles: []", "cis-1.12").verdict
        #expect(found == .notObservable || found == .notApplicable)
        #expect(try judge(id, "processes: []\nfiles: []", "cis-1.12").verdict == .notApplicable)
    }

    /// A broken entry is no file that was looked at; the gap that names it is the document's.
    @Test(arguments: ["rw-r--r--", "9999", "07777777"])
    func hostileModesAreGaps(mode: String) throws {
        let yaml = "processes: [{name: kube-apiserver, argv: [kube-apiserver]}]\nfiles: [{path: /etc/kubernetes/admin.conf, mode: \"\(mode)\"}]"
        let found = try judge("admin-kubeconfig-mode", yaml, "cis-1.12")
        #expect(found.verdict == .notObservable)
    }

    // MARK: - Beyond the rows

    @Test func aSocketForAGroupIsRoot() throws {
        let judge = { (entry: String) in
            let files = "files: [{path: /run/docker.sock, type: socket, \(entry)}]"
            return try self.judge("container-runtime-socket-mode", "processes: [{name: kubelet, argv: [kubelet]}]\n" + files, "cis-1.12")
        }
        #expect(try judge("mode: \"0660\", owner: root, group: root").verdict == .pass)
        #expect(try judge("mode: \"0640\", owner: root, group: docker").verdict == .pass)
        #expect(try judge("mode: \"0660\", owner: root, group: docker, gid: 998").fails == ["files[0].group"])
        #expect(try judge("mode: \"0666\", owner: app, group: root").fails == ["files[0].mode", "files[0].owner"])
        #expect(try judge("owner: root").verdict == .notObservable)
    }

    @Test(arguments: [
        ("mode: \"0755\", owner: root, group: root", []), ("mode: \"0775\", owner: root, group: root", []),
        ("mode: \"1777\", owner: root, group: root", []), ("mode: \"0777\", owner: root, group: root", ["files[1].mode"]),
        ("mode: \"0775\", owner: root, group: staff", ["files[1].mode"]), ("mode: \"0700\", owner: app, group: app", ["files[1].owner"]),
        ("mode: \"0702\", owner: \"7\", group: root", ["files[1].owner", "files[1].mode"]),
    ])
    func directoriesAboveCount(entry: String, fails: [String]) throws {
        let found = try judge(
            "sensitive-files-parent-directories",
            """
            processes: [{name: kubelet, argv: [kubelet, --kubeconfig=/srv/k.conf]}]
            files:
            - {path: /srv/k.conf, mode: "0600", owner: root, group: root}
            - {path: /srv, type: directory, \(entry)}
            - {path: /, type: directory, mode: "0755", owner: root, group: root}
            """, "cis-1.12")
        #expect(found.fails == fails)
    }

    @Test func directoriesThatNobodyLookedAtAreSaid() throws {
        let found = try judge(
            "sensitive-files-parent-directories",
            "processes: [{name: kubelet, argv: [kubelet, --kubeconfig=/srv/k.conf]}]\nfiles: [{path: /srv/k.conf, mode: \"0600\"}]", "cis-1.12")
        #expect(found.verdict == .notObservable)
        #expect(found.messages.contains("the evidence does not hold 2 directories above files of Kubernetes, /srv for one"))
        let one = try judge(
            "sensitive-files-parent-directories",
            "processes: [{name: kubelet, argv: [kubelet, --kubeconfig=/k.conf]}]\nfiles: [{path: /k.conf, mode: \"0600\"}]", "cis-1.12")
        #expect(one.messages.contains("the evidence does not hold /, a directory above files of Kubernetes"))
    }

    /// Above etcd's data lies etcd's own directory.
    @Test func etcdOwnsWhatIsAboveItsData() throws {
        let yaml = """
            processes: [{name: etcd, argv: [etcd, --data-dir=/e/data]}]
            files:
            - {path: /e/data, type: directory, mode: "0700", owner: etcd, group: etcd}
            - {path: /e, type: directory, mode: "0700", owner: etcd, group: etcd}
            - {path: /, type: directory, mode: "0755", owner: root, group: root}
            """
        #expect(try judge("sensitive-files-parent-directories", yaml, "cis-1.12").verdict == .pass)
    }

    /// Thousands of files take as many steps, and each finding stands at its own file.
    @Test func judgesDirectoriesWithThousandsOfFiles() throws {
        let count = 5_000
        let files = (0..<count).map { "- {path: /etc/kubernetes/pki/\($0).key, mode: \"\($0.isMultiple(of: 2) ? "0600" : "0640")\"}" }
        let yaml = "processes: [{name: kube-apiserver, argv: [kube-apiserver]}]\nfiles:\n" + files.joined(separator: "\n")
        let found = try judge("cluster-private-key-mode", yaml, "cis-1.12")
        #expect(found.fails.count == count / 2)
        #expect(found.fails.first == "files[1].mode" && found.fails.last == "files[\(count - 1)].mode")
    }

    // MARK: - Judging

    private func machine(_ row: Row, _ entry: String) -> String {
        let flags = ["kubelet-client-ca": "--client-ca-file", "kubelet-configuration": "--config"]
        let flag = flags.first { row.control.hasPrefix($0.key) }.map { ", \($0.value)=\(row.path)" } ?? ""
        return "processes: [{name: \(row.program), argv: [\(row.program)\(flag)]}]\nfiles: [{path: \(row.path), type: \(row.type), \(entry)}]"
    }

    private struct Found {
        let verdict: Verdict
        /// Places of what fails, below the document, and all messages.
        let fails: [String]
        let messages: [String]
        let gaps: [String]
    }

    private func judge(_ id: String, _ yaml: String, _ edition: String) throws -> Found {
        let control = try #require(BuiltInControls.all.first { $0.id == id }, "no control \(id)")
        let parsed = DocumentTree.parse(
            "apiVersion: demarc.dev/v1alpha1\nkind: NodeEvidence\nnodeName: node-1\n" + yaml)
        #expect(parsed.problems.isEmpty)
        let inventory = Inventory(SourceObjects(parsed.tree).objects)
        #expect(inventory.objects.count == 1)
        var settings = Settings()
        settings.benchmark = edition
        let judgement = Catalogue([control]).judge(inventory, objects: inventory.objects.indices, settings: settings)
        let fails = judgement.findings.filter { $0.verdict == .fail }
        let verdict: Verdict =
            !fails.isEmpty
            ? .fail
            : !judgement.findings.isEmpty || !judgement.gaps.isEmpty ? .notObservable : judgement.notApplicable > 0 ? .notApplicable : .pass
        return Found(
            verdict: verdict, fails: fails.map(\.fieldPath), messages: judgement.findings.map(\.message), gaps: judgement.gaps.map(\.message))
    }
}
