import Documents
import NodeEvidence
import Testing

struct EvidenceDocumentTests {
    @Test func readsEverySection() throws {
        let document = try Evidence.document(
            """
            nodeName: cp-1
            kubernetesVersion: 1.31.2
            processes:
            - {name: kube-apiserver, argv: [/usr/local/bin/kube-apiserver, --profiling=false], user: root}
            - {name: sh, argv: [sh, -c, kubelet]}
            files:
            - {path: /etc/kubernetes/admin.conf, mode: "0600", owner: root, group: root}
            - {path: /etc/kubernetes/pki, type: directory, mode: "755", owner: root, group: "1000"}
            - {path: /etc/cni, missing: true}
            sockets:
            - {address: 0.0.0.0, port: 6443, process: kube-apiserver}
            """)
        #expect(document.nodeName == "cp-1" && document.kubernetesVersion == "1.31.2" && document.isControlPlane)
        #expect(try document.components(.kubeAPIServer)?.count == 1)
        #expect(try document.components(.kubelet)?.isEmpty == true)
        let file = try #require(try document.file("/etc/kubernetes/admin.conf"))
        #expect(file.mode == 0o600 && file.owner == "root" && file.type == .file && !file.isMissing)
        #expect(try document.file("/etc/kubernetes/pki")?.mode == 0o755)
        #expect(try document.file("/etc/cni")?.isMissing == true)
        #expect(try document.file("/never/looked/at") == nil)
        #expect(try document.files(below: "/etc/kubernetes").map(\.path) == ["/etc/kubernetes/admin.conf", "/etc/kubernetes/pki"])
        #expect(try document.sockets?.map(\.port) == [6443])
    }

    @Test func aListThatWasNotCollectedIsNotEmpty() throws {
        let document = try Evidence.document("nodeName: a")
        #expect(try document.processes == nil && document.files == nil && document.sockets == nil)
        #expect(try document.components(.kubelet) == nil)
        #expect(try Evidence.document("processes: []").components(.kubelet)?.isEmpty == true)
    }

    /// A list that is none throws.
    @Test(arguments: ["processes: {}", "files: text", "sockets: 1"])
    func whatIsNoListThrows(yaml: String) throws {
        let document = try Evidence.document(yaml)
        #expect(throws: WrongType.self) { _ = (try document.processes, try document.files, try document.sockets) }
    }

    /// Of a list with broken entries the others are read, and the broken ones are told.
    @Test(arguments: [
        "1", "{name: 1}", "{name: kubelet, argv: kubelet}", "{name: kubelet, argv: [kubelet, 1]}", "{name: kubelet, argv: [kubelet, ~]}",
        "{name: etcd, argv: [etcd], environment: []}", "{name: kubelet, container: 1}",
    ])
    func brokenProcessesAreTold(entry: String) throws {
        let document = try Evidence.document("processes: [\(entry), {name: kube-proxy, argv: [kube-proxy]}]")
        #expect(try document.processes?.map(\.name) == ["kube-proxy"])
        #expect(try document.components(.kubeProxy)?.count == 1)
        #expect(document.brokenEntries.count == 1 && document.brokenEntries.first?.value.fieldPath.hasPrefix("processes[0]") == true)
    }

    @Test(arguments: [
        "{path: relative}", "{path: 1}", "{mode: '0600'}", "{path: /a, mode: 600}", "{path: /a, mode: rw-r--r--}", "{path: /a, mode: '9999'}",
        "{path: /a, mode: '17777'}", "{path: /a, owner: 0}", "{path: /a, content: []}", "{path: /a, missing: 'no'}", "{path: /a, type: door}",
        "just text",
    ])
    func brokenFilesAreTold(entry: String) throws {
        let document = try Evidence.document("files: [\(entry), {path: /fine}]")
        #expect(try document.files?.map(\.path) == ["/fine"])
        #expect(try document.file("/fine") != nil)
        #expect(document.brokenEntries.count == 1)
    }

    @Test(arguments: ["{port: 70000}", "{port: '80'}", "{address: 1, port: 80}", "{}", "{port: -1}"])
    func brokenSocketsAreTold(entry: String) throws {
        let document = try Evidence.document("sockets: [\(entry), {port: 22}]")
        #expect(try document.sockets?.map(\.port) == [22])
        #expect(document.brokenEntries.count == 1)
    }

    /// Whoever may run a Pod can name a process as he likes.
    @Test(arguments: [
        ("", "", ["kube-apiserver"]), ("container: abc, ", "", []),
        ("container: abc, ", "- {path: /etc/kubernetes/manifests/web.yaml, content: 'spec: {}'}", []),
        ("container: abc, ", "- {path: /etc/kubernetes/manifests/kube-apiserver.yaml}", ["kube-apiserver"]),
        (
            "container: abc, ", "- {path: /etc/kubernetes/manifests/a.yaml, content: 'spec: {containers: [{command: [kube-apiserver]}]}'}",
            ["kube-apiserver"]
        ),
    ])
    func processesInContainersNeedAStaticPod(container: String, file: String, found: [String]) throws {
        let document = try Evidence.document(
            "processes: [{\(container)name: kube-apiserver, argv: [kube-apiserver, --profiling=false]}]\nfiles:\n\(file.isEmpty ? "- {path: /other}" : file)"
        )
        #expect(try document.components(.kubeAPIServer)?.map(\.kind.rawValue) == found)
        #expect(document.impostors.map(\.name) == (found.isEmpty ? ["kube-apiserver"] : []))
        #expect(document.isControlPlane == !found.isEmpty)
    }

    /// A file system judged from outside has no processes; its static Pods say what would run.
    @Test func staticPodsStandForProcesses() throws {
        let document = try Evidence.document(
            """
            files:
            - path: /etc/kubernetes/manifests/kube-apiserver.yaml
              content: |
                apiVersion: v1
                kind: Pod
                metadata: {name: kube-apiserver}
                spec:
                  containers:
                  - name: kube-apiserver
                    command: [kube-apiserver, --profiling=false]
            """)
        let component = try #require(try document.components(.kubeAPIServer)?.first)
        #expect(component.flags?.last("profiling")?.value == "false")
        #expect(component.place.fieldPath == "files[0].content")
        #expect(document.isControlPlane)
    }

    @Test func processesAreWorthMoreThanManifests() throws {
        let document = try Evidence.document(
            """
            processes: [{name: kube-apiserver, argv: [kube-apiserver, --profiling=true]}]
            files:
            - {path: /etc/kubernetes/manifests/a.yaml, content: "spec: {containers: [{command: [kube-apiserver, --profiling=false]}]}"}
            """)
        #expect(try document.components(.kubeAPIServer)?.map { $0.flags?.last("profiling")?.value } == ["true"])
    }

    @Test(arguments: [
        ("hyperkube, kubelet", ComponentKind.kubelet), ("/hyperkube, apiserver", .kubeAPIServer), ("hyperkube, kube-proxy", .kubeProxy),
    ])
    func theOneBinaryThatHoldsThemAll(argv: String, kind: ComponentKind) throws {
        let document = try Evidence.document("processes: [{name: hyperkube, argv: [\(argv), --v=2]}]")
        #expect(try document.components(kind)?.first?.flags?.last("v")?.value == "2")
    }

    /// The first argument is only what whoever started it wrote there.
    @Test(arguments: [("[/opt/wrapped, --v=2]", "2"), ("['', --v=2]", "2"), ("[/opt/wrapped]", nil)])
    func theNameOfTheProcessCountsWhereItsFirstArgumentSaysNothing(argv: String, level: String?) throws {
        let document = try Evidence.document("processes: [{name: kubelet, argv: \(argv)}]")
        let kubelet = try #require(try document.components(.kubelet)?.first)
        #expect(kubelet.flags?.last("v")?.value == level)
        #expect(try Evidence.document("processes: [{name: wrapped, argv: \(argv)}]").components(.kubelet)?.isEmpty == true)
    }

    /// More of one kind than any machine runs is told, and nobody judges each of them against all files.
    @Test func aCrowdOfNamesakesIsNotJudged() throws {
        func document(_ count: Int) throws -> EvidenceDocument {
            let kubelets = repeatElement("{name: kubelet, argv: [kubelet, --config=/k.yaml]}", count: count).joined(separator: ", ")
            return try Evidence.document("processes: [\(kubelets), {name: etcd, argv: [etcd]}]\nfiles: [{path: /k.yaml, content: 'a: 1'}]")
        }
        #expect(try document(64).components(.kubelet)?.count == 64)
        #expect(try document(64).sightings(of: .kubeletConfiguration).files.map(\.path) == ["/k.yaml"])
        let crowd = try document(65)
        #expect(throws: WrongType.self) { try crowd.components(.kubelet) }
        #expect(throws: WrongType.self) { try crowd.sightings(of: .kubeletConfiguration) }
        #expect(try crowd.components(.etcd)?.count == 1)
    }

    /// Two containers may see different files at one path.
    @Test func theViewOfTheProcessCounts() throws {
        let document = try Evidence.document(
            """
            files: [{path: /c, mode: "0600"}, {path: /c, mode: "0644", process: kube-proxy}]
            """)
        #expect(try document.file("/c")?.mode == 0o600)
        #expect(try document.file("/c", seenBy: "kube-proxy")?.mode == 0o644)
        #expect(try document.file("/c", seenBy: "etcd")?.mode == 0o600)
    }

    /// A tenant's container may run a program of the same name with a file of its own at the same path.
    @Test(arguments: [
        // The machine's etcd sees the machine's file, or its own container's.
        ("{name: etcd, pid: 815, argv: [etcd, --config-file=/e.yaml]}", "", "600"),
        ("{name: etcd, pid: 815, argv: [etcd, --config-file=/e.yaml], container: a}", "", "600"),
        (
            "{name: etcd, pid: 815, argv: [etcd, --config-file=/e.yaml], container: a}",
            "{path: /e.yaml, mode: \"0640\", process: etcd, pid: 815}", "640"
        ),
        ("{name: etcd, argv: [etcd, --config-file=/e.yaml], container: a}", "{path: /e.yaml, mode: \"0640\", process: etcd}", "640"),
    ])
    func theNumberOfAProcessTellsItFromItsNamesake(process: String, own: String, mode: String) throws {
        let document = try Evidence.document(
            """
            processes: [\(process)]
            files:
            - {path: /etc/kubernetes/manifests/etcd.yaml, content: "{}"}
            - {path: /e.yaml, mode: "0666", process: etcd, pid: 9000}
            - {path: /e.yaml, mode: "0600"}
            \(own.isEmpty ? "" : "- \(own)")
            """)
        let etcd = try #require(try document.components(.etcd)?.first)
        #expect(try document.file("/e.yaml", seenBy: Viewer(etcd))?.mode == UInt16(mode, radix: 8))
        #expect(try document.file("/e.yaml")?.mode == 0o600)
    }

    /// What only another container shows is nobody else's.
    @Test func aTenantsFileIsNotTheMachines() throws {
        let document = try Evidence.document("files: [{path: /etc/containerd/config.toml, process: containerd, pid: 9000}]")
        #expect(try document.file("/etc/containerd/config.toml") == nil)
    }

    @Test func aManifestInAContainerStartsNothing() throws {
        let document = try Evidence.document(
            """
            processes: []
            files:
            - {path: /etc/kubernetes/manifests/a.yaml, process: kubelet, pid: 9, content: "spec: {containers: [{command: [etcd]}]}"}
            """)
        #expect(try document.components(.etcd)?.isEmpty == true)
    }
}
