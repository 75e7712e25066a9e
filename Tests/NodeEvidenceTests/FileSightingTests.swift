import Documents
import NodeEvidence
import Testing

/// Which files a kind of file means, by what programs are told and by what lies where.
struct FileSightingTests {
    private func sightings(_ kind: ProtectedFile, _ yaml: String) throws -> FileSightings { try Evidence.document(yaml).sightings(of: kind) }

    struct Case: Sendable, CustomTestStringConvertible {
        let kind: ProtectedFile
        let yaml: String
        let paths: [String]
        var unseen = 0

        var testDescription: String { "\(kind): \(yaml.prefix(60))" }
    }

    /// What the program is told counts, and nothing else.
    @Test(arguments: [
        Case(
            kind: .kubeletKubeconfig,
            yaml: """
                processes: [{name: kubelet, argv: [kubelet, --kubeconfig, /opt/k.conf]}]
                files: [{path: /opt/k.conf}, {path: /etc/kubernetes/kubelet.conf}]
                """, paths: ["/opt/k.conf"]),
        Case(
            kind: .kubeletKubeconfig,
            yaml: """
                processes: [{name: kubelet, argv: [kubelet]}]
                files: [{path: /var/lib/kubelet/kubeconfig}]
                """, paths: ["/var/lib/kubelet/kubeconfig"]),
        Case(
            kind: .kubeletConfiguration,
            yaml: """
                processes: [{name: kubelet, argv: [kubelet, --config=/a.yaml, --config-dir=/d]}]
                files: [{path: /a.yaml}, {path: /d, type: directory}, {path: /d/1.conf}, {path: /d/1.txt}, {path: /d/e/2.conf}]
                """, paths: ["/d/1.conf", "/d/e/2.conf", "/a.yaml"]),
        Case(
            kind: .kubeletClientAuthority,
            yaml: """
                processes: [{name: kubelet, argv: [kubelet, --config=/a.yaml]}]
                files:
                - {path: /a.yaml, content: "authentication: {x509: {clientCAFile: /pki/ca.crt}}"}
                - {path: /pki/ca.crt}
                """, paths: ["/pki/ca.crt"]),
        Case(
            kind: .kubeProxyKubeconfig,
            yaml: """
                processes: [{name: kube-proxy, argv: [kube-proxy, --config=/p.yaml]}]
                files:
                - {path: /p.yaml, content: "clientConnection: {kubeconfig: /p.conf}"}
                - {path: /p.conf}
                """, paths: ["/p.conf"]),
        Case(
            kind: .schedulerKubeconfig,
            yaml: """
                processes: [{name: kube-scheduler, argv: [kube-scheduler, --config=/s.yaml, --kubeconfig=/ignored.conf]}]
                files:
                - {path: /s.yaml, content: "clientConnection: {kubeconfig: /s.conf}"}
                - {path: /s.conf}
                - {path: /ignored.conf}
                """, paths: ["/s.conf"]),
        Case(
            kind: .etcdData,
            yaml: """
                processes: [{name: etcd, argv: [etcd], environment: {ETCD_DATA_DIR: /data}}]
                files: [{path: /data, type: directory}, {path: /var/lib/etcd, type: directory}]
                """, paths: ["/data"]),
        Case(
            kind: .etcdData,
            yaml: """
                processes: [{name: etcd, argv: [etcd, --config-file=/etcd.yaml]}]
                files: [{path: /etcd.yaml, content: "data-dir: /data"}, {path: /data, type: directory}]
                """, paths: ["/data"]),
        Case(
            kind: .apiServerManifest,
            yaml: """
                processes:
                - {name: kubelet, argv: [kubelet, --config=/k.yaml]}
                - {name: kube-apiserver, argv: [kube-apiserver]}
                files:
                - {path: /k.yaml, content: "staticPodPath: /pods"}
                - {path: /pods/kube-apiserver.manifest}
                - {path: /pods/other.yaml, content: "spec: {containers: [{command: [kube-apiserver, --profiling=false]}]}"}
                - {path: /pods/kube-apiserver-proxy.yaml, content: "spec: {containers: [{command: [proxy]}]}"}
                - {path: /etc/kubernetes/manifests/kube-apiserver.yaml}
                """, paths: ["/pods/kube-apiserver.manifest", "/pods/other.yaml"]),
        Case(
            kind: .privateKeys,
            yaml: """
                processes:
                - {name: kube-apiserver, argv: [kube-apiserver, --tls-private-key-file=/tls/server.pem, --etcd-keyfile=/etc/kubernetes/pki/etcd.key]}
                files:
                - {path: /tls/server.pem}
                - {path: /etc/kubernetes/pki/etcd.key}
                - {path: /etc/kubernetes/pki/etcd.crt}
                - {path: /etc/kubernetes/pki/sa.key}
                - {path: /etc/kubernetes/pki/etcd/ca.key}
                - {path: /etc/kubernetes/pki2/ca.key}
                """, paths: ["/tls/server.pem", "/etc/kubernetes/pki/etcd.key", "/etc/kubernetes/pki/etcd/ca.key"]),
        Case(
            kind: .clusterPKI,
            yaml: """
                processes: [{name: kube-apiserver, argv: [kube-apiserver]}]
                files:
                - {path: /etc/kubernetes/pki, type: directory}
                - {path: /etc/kubernetes/pki/etcd, type: directory}
                - {path: /etc/kubernetes/pki/ca.srl}
                """, paths: ["/etc/kubernetes/pki", "/etc/kubernetes/pki/etcd", "/etc/kubernetes/pki/ca.srl"]),
        Case(
            kind: .auditLog,
            yaml: """
                processes: [{name: kube-apiserver, argv: [kube-apiserver, --audit-log-path=/log/audit.log]}]
                files:
                - {path: /log/audit.log}
                - {path: /log/audit-2026-11-27T12-00-00.000.log}
                - {path: /log/auditors.txt}
                """, paths: ["/log/audit-2026-11-27T12-00-00.000.log", "/log/audit.log"]),
        Case(
            kind: .runtimeSocket,
            yaml: """
                processes: [{name: kubelet, argv: [kubelet, "--container-runtime-endpoint=unix:///var/run/crio/crio.sock"]}]
                files: [{path: /run/crio/crio.sock, type: socket}, {path: /run/docker.sock, type: socket}]
                """, paths: ["/run/crio/crio.sock"]),
        Case(
            kind: .kubeletService,
            yaml: """
                processes: [{name: kubelet, argv: [kubelet]}]
                files:
                - {path: /usr/lib/systemd/system/kubelet.service}
                - {path: /etc/systemd/system/kubelet.service.d/10-kubeadm.conf}
                - {path: /etc/systemd/system/kubelet.service.d/README}
                """, paths: ["/etc/systemd/system/kubelet.service.d/10-kubeadm.conf", "/usr/lib/systemd/system/kubelet.service"]),
    ])
    func findsFiles(sought: Case) throws {
        let found = try sightings(sought.kind, sought.yaml)
        #expect(found.files.map(\.path) == sought.paths)
        #expect(found.unseen.count == sought.unseen, "\(found.unseen.map(\.reason))")
    }

    /// What nobody looked at is said; what need not be there is not missed.
    @Test(arguments: [
        (ProtectedFile.kubeletKubeconfig, "processes: [{name: kubelet, argv: [kubelet]}]", "the evidence has no list 'files'"),
        (
            .kubeletKubeconfig, "processes: [{name: kubelet, argv: [kubelet, --kubeconfig=/k]}]\nfiles: []",
            "the evidence does not hold /k, which --kubeconfig names"
        ),
        (.kubeletKubeconfig, "processes: [{name: kubelet, argv: [kubelet, --kubeconfig=k]}]\nfiles: []", "--kubeconfig is a relative path, k"),
        (
            .kubeletKubeconfig, "processes: [{name: kubelet, argv: [kubelet, --kubeconfig=/k]}]\nfiles: [{path: /k, missing: true}]",
            "/k, which --kubeconfig names, is missing on the machine"
        ),
        (.kubeletKubeconfig, "processes: [{name: kubelet}]\nfiles: []", "the arguments of the kubelet were not to be seen"),
        (
            .kubeletKubeconfig, "files: []",
            "the evidence holds none of /etc/kubernetes/kubelet.conf, /var/lib/kubelet/kubeconfig, /etc/kubernetes/kubelet/kubeconfig"
        ),
        (
            .administratorKubeconfigs,
            "processes: [{name: kube-apiserver, argv: [kube-apiserver]}]\nfiles: [{path: /etc/kubernetes/admin.conf, missing: true}]",
            "the evidence holds none of /etc/kubernetes/admin.conf, /etc/kubernetes/super-admin.conf"
        ),
        (
            .apiServerManifest, "processes: [{name: kube-apiserver, argv: [kube-apiserver]}]\nfiles: []",
            "the evidence holds no manifests of static Pods"
        ),
        (
            .kubeletClientAuthority, "processes: [{name: kubelet, argv: [kubelet, --config=/c]}]\nfiles: []", "the evidence does not hold /c"
        ),
        (
            .networkPluginConfiguration, "processes: [{name: kubelet, argv: [kubelet]}]\nfiles: []",
            "the evidence holds none of /etc/cni/net.d/, /var/lib/cni/networks/"
        ),
    ])
    func saysWhatNobodyLookedAt(kind: ProtectedFile, yaml: String, reason: String) throws {
        let found = try sightings(kind, yaml)
        #expect(found.files.isEmpty && !found.isAbsent)
        #expect(found.unseen.map(\.reason) == [reason])
    }

    @Test(arguments: [
        // The program is not here.
        (ProtectedFile.apiServerManifest, "processes: [{name: kubelet, argv: [kubelet]}]\nfiles: []"),
        (.etcdData, "processes: []\nfiles: []"),
        (.privateKeys, "processes: [{name: kubelet, argv: [kubelet]}]\nfiles: []"),
        // Its arguments would name one.
        (.encryptionConfiguration, "processes: [{name: kube-apiserver, argv: [kube-apiserver]}]\nfiles: []"),
        (.kubeletConfiguration, "processes: [{name: kubelet, argv: [kubelet]}]\nfiles: []"),
        (.auditLog, "processes: [{name: kube-apiserver, argv: [kube-apiserver, --audit-log-path=-]}]\nfiles: []"),
        (.bootstrapKubeconfig, "processes: [{name: kubelet, argv: [kubelet, --bootstrap-kubeconfig=/b]}]\nfiles: [{path: /b, missing: true}]"),
        // Somebody looked in every place.
        (
            .administratorKubeconfigs,
            "processes: [{name: kube-apiserver, argv: [kube-apiserver]}]\nfiles: [{path: /etc/kubernetes, missing: true}]"
        ),
        (
            .apiServerManifest,
            "processes: [{name: kube-apiserver, argv: [kube-apiserver]}]\nfiles: [{path: /etc/kubernetes/manifests, missing: true}]"
        ),
        (
            .networkPluginConfiguration,
            "processes: [{name: kubelet, argv: [kubelet]}]\nfiles: [{path: /etc/cni, missing: true}, {path: /var/lib/cni/networks, type: directory}]"
        ),
    ])
    func needsNoneThere(kind: ProtectedFile, yaml: String) throws {
        let found = try sightings(kind, yaml)
        #expect(found.isAbsent, "\(found.files.map(\.path)) \(found.unseen.map(\.reason))")
    }

    /// A directory that was seen and not listed is not empty.
    @Test(arguments: [
        (ProtectedFile.apiServerManifest, "kube-apiserver", "/etc/kubernetes/manifests", "list"),
        (.apiServerManifest, "kube-apiserver", "/etc/kubernetes/manifests", "open"),
        (.apiServerManifest, "kube-apiserver", "/etc/kubernetes/manifests", "limit"),
        (.apiServerManifest, "kube-apiserver", "/etc/kubernetes", "open"),
        (.apiServerManifest, "kube-apiserver", "/", "limit"),
        (.apiServerManifest, "kube-apiserver", "/etc/kubernetes/manifests/kube-apiserver.yaml", "open"),
        (.clusterPKI, "kube-apiserver", "/etc/kubernetes/pki/etcd", "list"),
        (.administratorKubeconfigs, "kube-apiserver", "/etc/kubernetes/super-admin.conf", "open"),
        (.kubeletKeys, "kubelet", "/var/lib/kubelet/pki", "list"),
    ])
    func whatWasRefusedIsNotAbsent(kind: ProtectedFile, program: String, path: String, operation: String) throws {
        func evidence(_ refusals: String) -> String {
            """
            processes: [{name: \(program), argv: [\(program)]}]
            files:
            - {path: /etc/kubernetes/manifests, type: directory}
            - {path: /etc/kubernetes/pki, type: directory}
            - {path: /etc/kubernetes/pki/ca.crt}
            - {path: /etc/kubernetes/admin.conf}
            - {path: /var/lib/kubelet/pki, type: directory}
            - {path: /var/lib/kubelet/pki/kubelet.key}
            \(refusals)
            """
        }
        let reason = "\(path) was refused to the collector: Permission denied"
        let refusal = "refusals: [{path: \(path), operation: \(operation), error: Permission denied}]"
        #expect(try sightings(kind, evidence(refusal)).unseen.map(\.reason).contains(reason))
        #expect(!(try sightings(kind, evidence("collector: {excluded: [\(path)]}")).unseen.isEmpty))
        // What was refused elsewhere, or is of no matter to what is there, changes nothing.
        for other in [refusal.replacing(path, with: "/srv/x"), refusal.replacing("operation: \(operation)", with: "operation: redact")] {
            #expect(try sightings(kind, evidence(other)).unseen.isEmpty)
        }
        #expect(try sightings(kind, evidence(refusal).replacing("name: \(program), argv: [\(program)]", with: "name: sshd")).unseen.isEmpty)
    }

    @Test func aBrokenListOfRefusalsMayHoldAnything() throws {
        let yaml = "processes: [{name: kubelet, argv: [kubelet]}]\nfiles: [{path: /var/lib/kubelet/pki/kubelet.key}]\nrefusals: 1"
        #expect(try sightings(.kubeletKeys, yaml).unseen.map(\.reason) == ["the evidence's list of refusals cannot be read"])
    }

    /// A broken entry is no file that was looked at, and the document says so.
    @Test(arguments: ["rw-r--r--", "9999", "07777777", "-0600", "0x1ff", "", " 600", "+600"])
    func hostileModesAreNoSightings(mode: String) throws {
        let document = try Evidence.document("files: [{path: /etc/kubernetes/admin.conf, mode: \"\(mode)\"}]")
        let found = try document.sightings(of: .administratorKubeconfigs)
        #expect(found.files.isEmpty && !found.unseen.isEmpty)
        #expect(document.brokenEntries.map(\.value.fieldPath) == ["files[0].mode"])
    }

    // MARK: - Links

    @Test func followsLinks() throws {
        let found = try sightings(
            .kubeletKeys,
            """
            processes: [{name: kubelet, argv: [kubelet]}]
            files:
            - {path: /var/lib/kubelet/pki/kubelet-client-current.pem, type: symlink, target: kubelet-client-2026.pem, mode: "0777"}
            - {path: /var/lib/kubelet/pki/kubelet-client-2026.pem, mode: "0600"}
            - {path: /var/lib/kubelet/pki/kubelet.key, type: symlink, target: ../../../../keys/./k/../kubelet.key}
            - {path: /keys/kubelet.key, type: symlink, target: /keys/real}
            - {path: /keys/real}
            """)
        #expect(found.files.map(\.path) == ["/var/lib/kubelet/pki/kubelet-client-2026.pem", "/keys/real"])
        #expect(found.unseen.isEmpty)
    }

    @Test(arguments: [
        ("{path: /k, type: symlink, target: /k}", "/k is a symbolic link that leads in circles"),
        ("{path: /k, type: symlink, target: /l}, {path: /l, type: symlink, target: k}", "/k is a symbolic link that leads in circles"),
        ("{path: /k, type: symlink, target: /gone}", "/k leads to /gone, which the evidence does not hold"),
        ("{path: /k, type: symlink, target: /gone}, {path: /gone, missing: true}", "/k leads to /gone, which is missing"),
        ("{path: /k, type: symlink}", "/k is a symbolic link, and the evidence does not say to what"),
    ])
    func saysWhereALinkEnds(files: String, reason: String) throws {
        let found = try sightings(
            .kubeletKubeconfig, "processes: [{name: kubelet, argv: [kubelet, --kubeconfig=/k]}]\nfiles: [\(files)]")
        #expect(found.files.isEmpty)
        #expect(found.unseen.map(\.reason) == [reason])
    }

    /// What a ConfigMap or Secret brings into a Pod is no file of the machine.
    @Test func leavesOutVolumesOfObjects() throws {
        let found = try sightings(
            .kubeProxyKubeconfig,
            """
            processes: [{name: kube-proxy, argv: [kube-proxy, --kubeconfig=/var/lib/kube-proxy/kubeconfig.conf]}]
            files: [{path: /var/lib/kube-proxy/kubeconfig.conf, type: symlink, target: ..data/kubeconfig.conf, process: kube-proxy}]
            """)
        #expect(found.isAbsent)
    }

    /// The process in a container sees its own file at the path.
    @Test func takesTheFileThatTheProgramSees() throws {
        let found = try sightings(
            .schedulerKubeconfig,
            """
            processes: [{name: kube-scheduler, argv: [kube-scheduler, --kubeconfig=/s.conf], container: c}]
            files:
            - {path: /etc/kubernetes/manifests/kube-scheduler.yaml}
            - {path: /s.conf, mode: "0600"}
            - {path: /s.conf, mode: "0644", process: kube-scheduler}
            """)
        #expect(found.files.map(\.mode) == [0o644])
    }

    // MARK: - Directories

    @Test(arguments: [
        ("/a/b/c", ["/a/b", "/a", "/"]), ("/a", ["/"]), ("/", []), ("a", []), ("", []), ("/a/", ["/a", "/"]), ("//", ["/"]),
        (String(repeating: "/a", count: 3_000), []),
    ])
    func directoriesAbove(path: String, directories: [String]) {
        #expect(EvidenceDocument.directories(above: path) == directories)
    }

    @Test func walksUpOnceAndThroughLinks() throws {
        let document = try Evidence.document(
            """
            files:
            - {path: /run/k/a}
            - {path: /run/k/b}
            - {path: /run/k, type: symlink, target: ../data/k}
            - {path: /run, type: directory}
            - {path: /data, type: directory}
            - {path: /, type: directory}
            """)
        var above = DirectoriesAbove(in: document)
        let files = try #require(try document.files)
        #expect(try above.add(above: files[0]) == 0..<3)
        #expect(above.directories.map(\.directory.path) == ["/run", "/", "/data"])
        #expect(above.unseen == ["/data/k"])
        #expect(try above.add(above: files[1]).isEmpty)
    }
}
