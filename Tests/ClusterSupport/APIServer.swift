public import Foundation

/// A real Kubernetes API server that a test has for itself (`scripts/kube-apiserver.sh`).
///
/// It ends with the test's closure, also when that throws; and when the whole test process ends, however that happens, since the
/// script stops the server as soon as nobody holds the other end of its input.
public struct APIServer: Sendable {
    /// What went wrong between a test and its server.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    /// All that the server writes: `audit.log`, `log/`, `kubeconfig`, `run/NAME.pid`.
    public let folder: URL
    public let url: String
    /// That of an administrator, who is in `system:masters`.
    public let token: String
    /// The token of each further user.
    public let tokens: [String: String]
    /// Those of the script, behind the folder.
    private let arguments: [String]

    public var certificateAuthority: URL { folder.appending(path: "ca.crt") }
    public var kubeconfig: URL { folder.appending(path: "kubeconfig") }

    private static let support = URL(filePath: #filePath).deletingLastPathComponent()
    static let script = support.deletingLastPathComponent().deletingLastPathComponent().appending(path: "scripts/kube-apiserver.sh").path

    private static let assets = Result {
        let asked = try BoundedProcess.run(script, ["assets", "--no-build"], seconds: 60)
        guard asked.code == 0 else { throw Failure(description: asked.complaint) }
        return asked.output.trimmingCharacters(in: .newlines)
    }

    /// Why no API server can be had here, nil where it can: `.enabled(if: APIServer.isAvailable, "\(APIServer.whyNot)")`.
    public static let isAvailable = (try? assets.get()) != nil

    /// One line that says what is missing and how to get it.
    public static let whyNot = {
        if case .failure(let error) = assets { "\(error)" } else { "" }
    }()

    /// Runs `body` beside a new server with an empty store, and stops that.
    ///
    /// - Parameters:
    ///   - users: further users with their groups.
    ///   - controllers: those of kube-controller-manager that run too.
    ///   - ownAccounts: whether each controller acts as its own service account, and not as the administrator.
    ///   - flags: further flags of kube-apiserver.
    public static func running<R>(
        users: [String: [String]] = [:], controllers: [String] = [], ownAccounts: Bool = false, flags: [String] = [],
        _ body: (APIServer) async throws -> R
    ) async throws -> R {
        // The script makes and removes it: a test that is killed cannot.
        let folder = FileManager.default.temporaryDirectory.appending(path: "demarc-\(UUID().uuidString)")
        var arguments: [String] = []
        for (name, groups) in users.sorted(by: { $0.key < $1.key }) { arguments += ["--user", "\(name)=\(groups.joined(separator: ","))"] }
        if !controllers.isEmpty { arguments.append("--controller-manager=\(controllers.joined(separator: ","))") }
        if ownAccounts { arguments.append("--own-accounts") }
        arguments += ["--"] + flags
        let (process, input, output, errors) = (Process(), Pipe(), Pipe(), Pipe())
        process.executableURL = BoundedProcess.env
        process.arguments = BoundedProcess.listening + [script, "run", folder.path, "--remove"] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["KUBEBUILDER_ASSETS": try assets.get()]) { $1 }
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        defer {
            // The script gives each process some seconds, so this does not last.
            try? input.fileHandleForWriting.close()
            process.waitUntilExit()
        }
        // One word, or nothing when the script has given up.
        guard !output.fileHandleForReading.availableData.isEmpty else {
            throw Failure(description: String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self))
        }
        return try await body(APIServer(folder: folder, arguments: arguments))
    }

    init(folder: URL, arguments: [String]) throws {
        func line(_ name: String) throws -> String {
            try String(contentsOf: folder.appending(path: name), encoding: .utf8).trimmingCharacters(in: .newlines)
        }
        (self.folder, self.arguments) = (folder, arguments)
        url = try line("url")
        token = try line("token")
        // token,"name","id","groups": the script refuses names with quotes.
        tokens = try line("tokens.csv").split(separator: "\n").reduce(into: [:]) { tokens, row in
            let fields = row.split(separator: ",", maxSplits: 1)
            guard let name = fields.last?.split(separator: "\"").first, fields.count == 2 else { return }
            tokens[String(name)] = String(fields[0])
        }
    }

    /// Stops kube-apiserver, runs `body`, and starts it again: at the same address, with what is stored.
    public func restart(whileDown body: () async throws -> Void = {}) async throws {
        try Self.ask("stop", [folder.path, "kube-apiserver"])
        try await body()
        try Self.ask("start", [folder.path] + arguments)
    }

    private static func ask(_ verb: String, _ arguments: [String]) throws {
        let environment = ["KUBEBUILDER_ASSETS": try assets.get()]
        let asked = try BoundedProcess.run(script, [verb] + arguments, environment: environment, seconds: 180)
        guard asked.code == 0 else { throw Failure(description: asked.complaint) }
    }

    /// The id of each process that belongs to the server.
    public func processes() throws -> [String: Int32] {
        let files = try FileManager.default.contentsOfDirectory(at: folder.appending(path: "run"), includingPropertiesForKeys: nil)
        return try files.reduce(into: [:]) { processes, file in
            let words = try String(contentsOf: file, encoding: .utf8).split(separator: " ")
            processes[file.deletingPathExtension().lastPathComponent] = words.first.flatMap { Int32($0) }
        }
    }

    /// The events of the audit log so far, one JSON text each. It is written before a request is answered; a last line that is not whole yet is
    /// another request's.
    public func auditEvents() throws -> [String] {
        let text = try String(contentsOf: folder.appending(path: "audit.log"), encoding: .utf8)
        return text.lastIndex(of: "\n").map { text[..<$0].split(separator: "\n").map(String.init) } ?? []
    }

    /// Runs the client of this folder.
    func client(_ mode: String, input: String, seconds: Int) throws -> String {
        let arguments = [Self.support.appending(path: "client.py").path, mode, url, certificateAuthority.path, folder.appending(path: "token").path]
        let asked = try BoundedProcess.run("python3", arguments, input: input, seconds: seconds)
        guard asked.code == 0 else { throw Failure(description: "client.py \(mode) ended with \(asked.code): \(asked.complaint)") }
        return asked.output
    }
}
