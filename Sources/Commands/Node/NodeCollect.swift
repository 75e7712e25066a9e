internal import ArgumentParser
internal import NodeEvidence

struct NodeCollect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "collect",
        abstract: "Write what this machine shows about itself into one document of evidence.",
        discussion: """
            sudo demarc node collect -o evidence.json
            demarc node collect --root /mnt/disk --node-name cp-1 -o evidence.json
            demarc node collect --root /host --proc /proc --node-name "$NODE_NAME"
            demarc node collect --probe-listeners | jq '.sockets[], .certificates[]'

            Processes with their arguments, configuration, modes and owners of files, listening sockets, settings of the kernel, packages, public parts of \
            certificates, containers. No program is run, nothing is changed, nothing is sent anywhere. Private keys, tokens and passwords are left out \
            where they are read; the file is for its owner only (mode 0600) all the same. What the document holds: docs/evidence.md.

            It runs with whatever rights it has. What is refused is listed in the document, under `refusals`, and is never judged as good. The exit code is \
            0 then too, with a remark: a document with gaps is one that can be judged. It is 3 when nothing of Kubernetes could be seen, and 2 when the root \
            cannot be entered or the file cannot be written.
            """)

    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("A file instead of standard output; it is replaced as a whole.", valueName: "file"))
    var output: String?

    @Option(help: ArgumentHelp("The directory that stands for /, such as a mounted disk. No link leads out of it.", valueName: "dir"))
    var root = "/"

    @Option(help: ArgumentHelp("Where processes are read (default: proc below the root).", valueName: "dir"))
    var proc: String?

    @Flag(help: "Also connect to each listening TCP port and keep the certificates it shows.")
    var probeListeners = false

    @Option(help: ArgumentHelp("The name of the node (default: what the kubelet is told, otherwise the machine's).", valueName: "name"))
    var nodeName: String?

    @Option(help: ArgumentHelp("The version of Kubernetes (default: as images and packages show it).", valueName: "version"))
    var kubernetesVersion: String?

    @Option(help: ArgumentHelp("A path of the machine to leave alone, with all below it; may repeat.", valueName: "path"))
    var exclude: [String] = []

    @Flag(name: .shortAndLong, help: "No remarks.")
    var quiet = false

    func run() async throws {
        var options = CollectorOptions(toolVersion: Version.current)
        options.root = root
        options.processes = proc
        options.nodeName = nodeName
        options.kubernetesVersion = kubernetesVersion
        options.excluded = exclude
        options.probesListeners = probeListeners
        let result: CollectorResult
        do {
            result = try NodeCollector(options).collect()
        } catch {
            throw Failure.usage("\(error.path) cannot be entered: \(error.message); give --root a directory that can be read")
        }
        if let output {
            try PrivateFile.replace(output, with: result.json)
        } else {
            try result.json.withUnsafeBytes { try Output.standard.write($0) }
        }
        if !quiet { remark(on: result) }
        guard result.sawKubernetes else {
            throw Failure.incomplete(
                "nothing of Kubernetes was seen: no component runs and none of its files are there; run as root, or check --root and --proc")
        }
    }

    private func remark(on result: CollectorResult) {
        guard !result.isComplete else { return }
        let shown = 5
        for refusal in result.refusals.prefix(shown) { Output.note("note: \(refusal)") }
        let rest = result.refusals.count - shown
        let more = rest > 0 ? " (\(rest) more in the document)" : ""
        let what = result.refusals.count == 1 ? "1 thing was refused; what it" : "\(result.refusals.count) things were refused\(more); what they"
        let remedy = result.wantsRights ? " Run as root to see more." : ""
        Output.note("note: \(what) would show is not observable.\(remedy)")
    }
}
