import Foundation

/// Today's Kubernetes, as far as its libraries are an API server (`scripts/modern-apiserver.sh`): custom resources, and admission by policies
/// and webhooks. `APIServer` is a whole one, of an older Kubernetes.
public enum ModernKubernetes {
    private static let script = URL(filePath: APIServer.script).deletingLastPathComponent().appending(path: "modern-apiserver.sh").path

    private static let assets = Result {
        let asked = try BoundedProcess.run(script, ["assets", "--no-build"], seconds: 60)
        guard asked.code == 0 else { throw APIServer.Failure(description: asked.complaint) }
        return URL(filePath: asked.output.trimmingCharacters(in: .newlines))
    }

    /// Why it cannot be had here: `.enabled(if: ModernKubernetes.isAvailable, "\(ModernKubernetes.whyNot)")`.
    public static let isAvailable = (try? assets.get()) != nil

    /// One line that says what is missing and how to get it.
    public static let whyNot = {
        if case .failure(let error) = assets { "\(error)" } else { "" }
    }()

    /// Runs `body` beside a new API server that knows CustomResourceDefinitions and nothing else, and stops that.
    public static func serving<R>(_ body: (APIServer) async throws -> R) async throws -> R {
        // The program makes and removes it: a test that is killed cannot.
        let folder = FileManager.default.temporaryDirectory.appending(path: "demarc-\(UUID().uuidString)")
        // Its log goes to a file: a pipe fills up while nobody reads it.
        let (process, input, output, log) = (Process(), Pipe(), Pipe(), try BoundedProcess.namelessFile())
        process.executableURL = BoundedProcess.env
        process.arguments =
            BoundedProcess.listening + [try program(), "serve", folder.path, try assets.get().appending(path: "etcd").path]
        process.standardInput = input
        process.standardOutput = output
        process.standardError = log
        try process.run()
        defer {
            try? input.fileHandleForWriting.close()
            process.waitUntilExit()
        }
        // One word, or nothing when the program has given up, which it does after a minute.
        guard !output.fileHandleForReading.availableData.isEmpty else {
            process.waitUntilExit()
            throw APIServer.Failure(description: "the server ended: \(try BoundedProcess.text(log))")
        }
        return try await body(APIServer(folder: folder, arguments: []))
    }

    static func program() throws -> String { try assets.get().appending(path: "modern-apiserver").path }
}

// MARK: - Admission

extension ModernKubernetes {
    /// What an API server asks its plugins about.
    public struct Request: Sendable {
        public var operation = "CREATE"
        /// `v1/Pod`, `apps/v1/Deployment`.
        public var kind: String
        public var resource: String
        public var subresource = ""
        public var namespace = "shop"
        public var name = "a"
        public var user = "ann"
        public var groups = ["system:authenticated"]
        /// JSON, with `apiVersion` and `kind`.
        public var object: String?
        public var oldObject: String?

        public init(_ kind: String, _ resource: String, _ object: String?) { (self.kind, self.resource, self.object) = (kind, resource, object) }

        /// The same with some of it changed.
        public func with(_ change: (inout Request) -> Void) -> Request {
            var request = self
            change(&request)
            return request
        }

        fileprivate func line() throws -> String {
            let parts = kind.split(separator: "/").map(String.init)
            let (group, version) = (parts.count > 2 ? parts[0] : "", parts.dropLast().last ?? "")
            func type(_ key: String, _ value: String) -> [String: String] { ["group": group, "version": version, key: value] }
            var request: [String: Any] = [
                "uid": UUID().uuidString, "operation": operation, "namespace": namespace, "name": name, "kind": type("kind", parts.last ?? ""),
                "resource": type("resource", resource), "userInfo": ["username": user, "groups": groups],
            ]
            if !subresource.isEmpty { request["subResource"] = subresource }
            for (key, text) in [("object", object), ("oldObject", oldObject)] {
                if let text { request[key] = try JSONSerialization.jsonObject(with: Data(text.utf8)) }
            }
            return String(decoding: try JSONSerialization.data(withJSONObject: request), as: UTF8.self)
        }
    }

    public struct Answer: Decodable, Sendable {
        public struct Status: Decodable, Sendable {
            public let message: String
            public let reason: String?
            public let code: Int?
        }

        public let allowed: Bool
        /// Why it was refused.
        public let status: Status?
        /// The object as mutating webhooks leave it, as JSON.
        public let object: String?
        public let warnings: [String]
        /// Of the audit log.
        public let annotations: [String: String]
        /// The webhooks that were called, or that a call was tried to.
        public let called: [String]
    }

    public struct Admission: Sendable {
        /// What the type checker says of each policy's expressions; empty where it is content.
        public let complaints: [String: [String]]
        public let answers: [Answer]
    }

    /// What a cluster with these objects (YAML: namespaces, policies, webhook configurations) answers to each request, one after another.
    public static func admit(_ requests: [Request], in objects: String) throws -> Admission {
        struct Warning: Decodable { let fieldRef, warning: String }
        let file = FileManager.default.temporaryDirectory.appending(path: "demarc-\(UUID().uuidString)")
        try Data(objects.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let input = try requests.map { try $0.line() }.joined(separator: "\n")
        let asked = try BoundedProcess.run(try program(), ["admit", file.path], input: input, seconds: 120 + requests.count)
        var lines = asked.output.split(separator: "\n").map { Data($0.utf8) }
        guard asked.code == 0, lines.count == requests.count + 1 else {
            throw APIServer.Failure(description: "admit ended with \(asked.code) after \(lines.count) lines: \(asked.complaint)")
        }
        let checked = try JSONDecoder().decode([String: [Warning]].self, from: lines.removeFirst())
        return Admission(
            complaints: checked.mapValues { $0.map { "\($0.fieldRef): \($0.warning)" } },
            answers: try lines.map { try JSONDecoder().decode(Answer.self, from: $0) })
    }
}
