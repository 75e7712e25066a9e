import Documents
import Testing

@testable import NodeEvidence

struct RuntimeConfigurationTests {
    static func read(_ files: [(String, String?)], processes: String = "[]") throws -> [RuntimeConfiguration] {
        var lines = ["kind: NodeEvidence", "processes: \(processes)", "files:"]
        for (path, text) in files {
            guard let text else {
                lines.append("- {path: \(path), missing: true}")
                continue
            }
            lines += ["- path: \(path)", "  content: |"] + text.split(separator: "\n").map { "    \($0)" }
        }
        let root = try #require(DocumentTree.parse(lines.joined(separator: "\n")).tree.roots.first)
        return try RuntimeConfiguration.all(in: EvidenceDocument(root))
    }

    static let main = "/etc/containerd/config.toml"

    @Test(arguments: [
        ("version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.box]", 2),
        ("version = 3\n[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.box]", 2), ("[plugins.cri.containerd.runtimes.box]", 1),
        ("version = 1\n[plugins.cri.containerd.runtimes.box]", 2),
    ])
    func allVersionsOfTheFormatAreRead(header: String, line: Int) throws {
        let text = header + "\nruntime_type = \"io.containerd.runsc.v1\"\nsnapshotter = \"erofs\"\nprivileged_without_host_devices = true\n"
        let table = header.split(separator: "\n").last.map { $0.dropLast() + ".options]" } ?? ""
        let runtime = try #require(
            try Self.read([(Self.main, text + table + "\nConfigPath = \"/etc/containerd/runsc.toml\"\nTypeUrl = \"x\"")]).first)
        #expect(runtime.runtime == .containerd && runtime.problems.isEmpty && runtime.defaultHandler == "runc")
        #expect(
            runtime.handlers == [
                RuntimeHandler(
                    name: "box", type: "io.containerd.runsc.v1", configurationPath: "/etc/containerd/runsc.toml",
                    keepsHostDevicesAway: true, file: Self.main, line: line),
                RuntimeHandler(name: "runc", type: "io.containerd.runc.v2", file: Self.main, line: 0),
            ])
    }

    /// Until 1.7 a section in an imported file takes the place of the one before it; from 2.0 on the two become one.
    @Test(arguments: [(2, "io.containerd.grpc.v1.cri", ["kata", "runc"]), (3, "io.containerd.cri.v1.runtime", ["kata", "runc", "runsc"])])
    func importsAreFollowed(version: Int, plugin: String, handlers: [String]) throws {
        let runtime = try #require(
            try Self.read([
                (
                    Self.main,
                    "version = \(version)\nimports = [\"conf.d/*.toml\"]\n[plugins.\"\(plugin)\".containerd.runtimes.runsc]\nruntime_type = \"io.containerd.runsc.v1\""
                ),
                (
                    "/etc/containerd/conf.d/kata.toml",
                    "version = \(version)\nimports = [\"../config.toml\", \"/etc/containerd/config.toml\"]\n[plugins.\"\(plugin)\".containerd.runtimes.kata]\nruntime_type = \"io.containerd.kata.v2\""
                ), ("/etc/containerd/conf.d/note.txt", "no toml"), ("/etc/containerd/conf.d/sub/x.toml", "no toml"),
            ]).first)
        #expect(runtime.handlers.map(\.name).sorted() == handlers)
        #expect(runtime.handler("kata")?.file == "/etc/containerd/conf.d/kata.toml" && runtime.handler("kata")?.line == 3)
        // The circle ends; a path with `..` is none that the evidence has.
        #expect(runtime.problems.map(\.file) == ["/etc/containerd/conf.d/../config.toml"])
    }

    @Test(arguments: [
        ("version = 2\nimports = \"x\"", 2, "imports should be an array, not a string"),
        ("version = 2\nimports = [1]", 2, "an entry of imports should be a string, not an integer"),
        ("version = \"2\"", 1, "version should be an integer, not a string"),
        ("version = 2\nplugins = 1", 2, "plugins should be a table, not an integer"),
        ("version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".containerd]\nruntimes = []", 3, "runtimes should be a table, not an array"),
        ("version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes]\na = 1", 3, "a should be a table, not an integer"),
        (
            "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.a]\nruntime_type = 1", 3,
            "runtime_type should be a string, not an integer"
        ),
        (
            "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".containerd]\ndefault_runtime_name = \"gone\"", 0,
            "default_runtime_name is 'gone', which is no runtime of the configuration"
        ),
        ("version = 2\nimports = [\"/missing.toml\"]", 0, "the evidence does not hold the file"), ("version = ", 1, "expected a value"),
    ])
    func faultsAreProblems(text: String, line: Int, message: String) throws {
        let runtime = try #require(try Self.read([(Self.main, text)]).first)
        #expect(runtime.problems.map(\.line) == [line] && runtime.problems.map(\.message) == [message])
    }

    @Test func theFileIsTheOneTheProcessWasGiven() throws {
        let text = "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.x]\nruntime_type = \"io.containerd.runsc.v1\""
        for argument in ["--config, /opt/c.toml", "--config=/opt/c.toml", "-c, /opt/c.toml"] {
            let found = try Self.read([(Self.main, nil), ("/opt/c.toml", text)], processes: "[{name: containerd, argv: [containerd, \(argument)]}]")
            #expect(found.first?.handler("x")?.file == "/opt/c.toml", "\(argument)")
        }
        // Without a file containerd runs on what it was built with.
        let bare = try Self.read([(Self.main, nil)], processes: "[{name: containerd, argv: [containerd]}]")
        #expect(bare.first?.handlers.map(\.name) == ["runc"] && bare.first?.problems.isEmpty == true)
        // A file that nobody looked for is another matter.
        let unknown = try Self.read([], processes: "[{name: containerd, argv: [containerd]}]")
        #expect(unknown.first?.handlers.isEmpty == true && unknown.first?.problems.map(\.message) == ["the evidence does not hold the file"])
        #expect(try Self.read([]).isEmpty)
    }

    @Test func filesOfCRIOWinInTheirOrder() throws {
        let runtime = try #require(
            try Self.read([
                (
                    "/etc/crio/crio.conf",
                    "[crio.runtime]\ndefault_runtime = \"crun\"\n[crio.runtime.runtimes.kata]\nruntime_type = \"vm\"\nruntime_path = \"/usr/bin/containerd-shim-kata-v2\""
                ),
                ("/etc/crio/crio.conf.d/10-a.conf", "[crio.runtime.runtimes.crun]\nruntime_path = \"/usr/bin/crun\"\n[crio.runtime.runtimes.runsc]"),
                (
                    "/etc/crio/crio.conf.d/20-b.conf",
                    "[crio.runtime]\ndefault_runtime = \"kata\"\n[crio.runtime.runtimes.runsc]\nruntime_path = \"/usr/bin/runc\""
                ),
            ]).first)
        #expect(runtime.runtime == .crio && runtime.defaultHandler == "kata" && runtime.problems.isEmpty)
        #expect(runtime.handlers.map(\.name) == ["kata", "crun", "runsc", "runc"])
        #expect(runtime.handler("kata")?.engine.isSandbox == true)
        #expect(runtime.handler("runsc")?.engine == .host("runc") && runtime.handler("runsc")?.file == "/etc/crio/crio.conf.d/20-b.conf")
    }

    @Test(
        arguments: [
            ("io.containerd.runsc.v1", nil, RuntimeEngine.gVisor), ("io.containerd.runc.v2", nil, .host("runc")),
            ("io.containerd.runc.v1", "/usr/bin/crun", .host("crun")),
            ("io.containerd.runc.v2", "/usr/local/bin/runsc", .gVisor),
            ("io.containerd.runtime.v1.linux", "kata-runtime", .virtualMachine("kata-runtime")),
            ("io.containerd.kata.v2", nil, .virtualMachine("kata")), ("io.containerd.kata-qemu.v2", nil, .virtualMachine("kata-qemu")),
            ("/opt/bin/containerd-shim-runsc-v1", nil, .gVisor), ("containerd-shim-rund-v2", nil, .virtualMachine("rund")),
            ("io.containerd.runsc.v1", "/bin/runc", .host("runc")),
            ("io.containerd.wasmtime.v1", nil, .unknown("wasmtime")),
            ("vm", "/usr/bin/containerd-shim-kata-v2", .virtualMachine("containerd-shim-kata-v2")),
            ("oci", "nvidia-container-runtime", .host("nvidia-container-runtime")), ("", nil, .unknown("")),
            ("io.containerd.", nil, .unknown("io.containerd.")),
            ("io.containerd.runscx.v1", nil, .unknown("runscx")),
        ] as [(String, String?, RuntimeEngine)])
    func shimsAndProgramsTellTheEngine(shim: String, binary: String?, engine: RuntimeEngine) {
        #expect(RuntimeEngine(shim: shim, binary: binary) == engine)
    }

    /// Docker in Docker starts none of the machine's Pods, wherever it stands in the list.
    @Test(arguments: ["containerd", "crio"])
    func aRuntimeInAContainerIsSomebodyElses(name: String) throws {
        let tenants = "{name: \(name), pid: 9, argv: [\(name), --config=/t.toml], container: c}"
        let machines = "{name: \(name), pid: 6, argv: [\(name), --config=/m.toml]}"
        let files: [(String, String?)] = [("/t.toml", "a = 1"), ("/m.toml", "b = 1")]
        #expect(try Self.read(files, processes: "[\(tenants), \(machines)]").map { $0.files.map(\.path) } == [["/m.toml"]])
        #expect(try Self.read(files, processes: "[\(tenants)]").isEmpty)
    }

    @Test func programsConfirmASandboxOnly() {
        #expect(RuntimeEngine.confirms(.gVisor, programs: ["x", "runsc-sandbox"]) && !RuntimeEngine.confirms(.gVisor, programs: ["nginx"]))
        #expect(RuntimeEngine.confirms(.virtualMachine("kata"), programs: ["qemu-system-x86_64"]))
        #expect(!RuntimeEngine.confirms(.host("runc"), programs: ["runsc-sandbox", "qemu-system-x86_64"]))
    }

    @Test func dangerousOptionsOfGVisorAreFound() throws {
        func options(_ text: String) throws -> (options: [GVisorOption], problem: RuntimeConfiguration.Problem?) {
            let content = text.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" }.joined(separator: "\n")
            let root = try #require(DocumentTree.parse("files:\n- path: /r.toml\n  content: |\n\(content)\n").tree.roots.first)
            let file = try #require(try EvidenceDocument(root).file("/r.toml"))
            return GVisorOption.read(file)
        }
        let found = try options(
            "log_path = \"x\"\n[runsc_config]\nnetwork = \"host\"\ndebug = true\nplatform = \"systrap\"\nhost-uds = \"none\"\nnvproxy = \"true\"\nnet-raw = \"false\"\noverlay2 = \"all:memory\""
        )
        #expect(found.problem == nil && found.options.map(\.name) == ["network", "debug", "nvproxy"] && found.options.map(\.line) == [3, 4, 7])
        #expect(try options("runsc_config = 1").problem?.message == "runsc_config should be a table, not an integer")
        #expect(try options("x").problem?.line == 1 && options("log_path = \"x\"").options.isEmpty)
    }
}
