import ClusterSupport
import Foundation
import Testing

/// An API server with a tenant's namespace, a Service, and replicas of the program behind it.
struct GuardedCluster: Sendable {
    let api: APIServer
    let balancer: Balancer

    /// What a test needs beside the usual.
    struct Setting: Sendable {
        var users: [String: [String]] = [:]
        var controllers: [String] = []
        /// Controllers act as their own service accounts: only then what they make is theirs.
        var ownAccounts = false
        /// Further flags of kube-apiserver.
        var flags: [String] = []
    }

    /// - Parameter before: done before anybody guards the cluster.
    static func running(
        _ setting: Setting = Setting(), before: @Sendable (APIServer) throws -> Void = { _ in },
        _ body: @Sendable (GuardedCluster) async throws -> Void
    ) async throws {
        let flags = ["--disable-admission-plugins=ServiceAccount", "--feature-gates=EphemeralContainers=true"] + setting.flags
        try await APIServer.running(users: setting.users, controllers: setting.controllers, ownAccounts: setting.ownAccounts, flags: flags) { api in
            for name in ["demarc", "shop"] { _ = try api.create(#"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"\#(name)"}}"#) }
            try before(api)
            let balancer = try Balancer(in: api.folder)
            defer { balancer.stop() }
            try await body(GuardedCluster(api: api, balancer: balancer))
        }
    }

    /// Starts a replica; it becomes ready by itself.
    ///
    /// - Parameter drainDelay: seconds for which it goes on when it is to end, for those who have not heard of that yet.
    func replica(_ arguments: [String] = [], drainDelay: Int = 0, environment: [String: String] = [:]) async throws -> Serving {
        try await Serving(
            [
                "--kubeconfig", api.kubeconfig.path, "--url", "https://127.0.0.1:\(balancer.port)", "--drain-delay", "\(drainDelay)",
                "--model", "acs", "--account", "admin",
            ] + arguments,
            in: api.folder, environment: environment)
    }

    /// Starts a replica, and waits until the API server asks it.
    func guarded(_ arguments: [String] = [], environment: [String: String] = [:]) async throws -> Serving {
        let replica = try await replica(arguments, environment: environment)
        try balancer.serve([replica.port])
        do { try await guarding() } catch {
            replica.stop()
            throw error
        }
        return replica
    }

    /// Waits until the API server asks: nobody may come in unseen before a test begins.
    func guarding() async throws {
        let isGuarding = try await eventually { try create(GuardedCluster.pod("canary", privileged: true), dryRun: true).status == 403 }
        try #require(isGuarding, "no replica guards the cluster")
    }

    /// Makes a holder of a lease that is gone count as gone soon, and not only after the fifteen seconds for which it may be silent.
    func forget(_ lease: String) throws {
        let forgotten = try api.request(
            "PATCH", "/apis/coordination.k8s.io/v1/namespaces/demarc/leases/\(lease)", body: #"{"spec":{"leaseDurationSeconds":1}}"#,
            headers: ["Content-Type": "application/merge-patch+json"])
        try #require(forgotten.status == 200, "\(forgotten.body)")
    }

    func create(_ pod: String, in namespace: String = "shop", dryRun: Bool = false) throws -> APIServer.Response {
        let request = APIServer.Request("POST", "/api/v1/namespaces/\(namespace)/pods\(dryRun ? "?dryRun=All" : "")", body: pod)
        return try #require(try send([request]).first)
    }

    /// Many requests at once. One that failed because the webhook did not answer within its seconds says how busy the machine is, and nothing of what
    /// the webhook would have said: nothing came of it, and it is sent again.
    func send(_ requests: [APIServer.Request]) throws -> [APIServer.Response] {
        var answers = try api.send(requests)
        for _ in 0..<5 {
            let late = answers.indices.filter { answers[$0].isLate }
            guard !late.isEmpty else { break }
            for (index, answer) in zip(late, try api.send(late.map { requests[$0] })) { answers[index] = answer }
        }
        return answers
    }

    static func pod(_ name: String, privileged: Bool) -> String {
        """
        {"apiVersion":"v1","kind":"Pod","metadata":{"generateName":"\(name)-"},"spec":{"containers":[{"name":"app","image":"r/app","securityContext":\
        {"privileged":\(privileged)}}]}}
        """
    }
}

extension APIServer.Response {
    /// Whether a webhook that fails closed was given up.
    fileprivate var isLate: Bool {
        status == 500 && body.contains("failed calling webhook") && (body.contains("context deadline exceeded") || body.contains("Client.Timeout"))
    }
}

extension Serving {
    /// One request over TLS to this replica, past the API server. Its certificate is looked at elsewhere.
    func ask(_ path: String, _ headers: [String] = [], body: Data? = nil) throws -> (status: String, body: String) {
        var arguments = ["--silent", "--show-error", "--insecure", "--max-time", "240", "--write-out", "\n%{http_code}", "--config", "-"]
        // Heads come by standard input: arguments can be read by everybody.
        var heads = headers
        var file: URL?
        defer { if let file { try? FileManager.default.removeItem(at: file) } }
        if let body {
            let place = FileManager.default.temporaryDirectory.appending(path: "demarc-\(UUID().uuidString)")
            try body.write(to: place)
            file = place
            arguments += ["--data-binary", "@\(place.path)"]
            if !heads.contains(where: { $0.hasPrefix("Content-Type:") }) { heads.append("Content-Type: application/json") }
        }
        let asked = try BoundedProcess.run(
            "curl", arguments + ["https://127.0.0.1:\(port)\(path)"], input: heads.map { "header = \"\($0)\"\n" }.joined(), seconds: 260)
        guard asked.code == 0 else { return ("no answer: \(asked.complaint)", "") }
        let lines = asked.output.split(separator: "\n", omittingEmptySubsequences: false)
        return (String(lines.last ?? ""), lines.dropLast().joined(separator: "\n"))
    }

    func ask(_ path: String, token: String) throws -> (status: String, body: String) { try ask(path, ["Authorization: Bearer \(token)"]) }

    /// The value of a sample in the metrics' text, added up over all its labels; nil where there is none.
    func metric(_ name: String, token: String) throws -> Double? {
        let samples = try ask("/metrics", token: token).body.split(separator: "\n").filter { $0.hasPrefix(name + "{") || $0.hasPrefix(name + " ") }
        return samples.isEmpty ? nil : samples.reduce(0) { $0 + ($1.split(separator: " ").last.flatMap { Double($0) } ?? 0) }
    }
}

/// JSON as tests read it: by a path of keys and indexes.
struct Reading {
    let value: Any?

    init(_ value: Any?) { self.value = value }
    init(_ text: String) { value = try? JSONSerialization.jsonObject(with: Data(text.utf8)) }

    subscript(key: String) -> Reading { Reading((value as? [String: Any])?[key]) }
    subscript(index: Int) -> Reading { items.indices.contains(index) ? items[index] : Reading(nil as Any?) }

    var items: [Reading] { (value as? [Any] ?? []).map { Reading($0) } }
    var text: String? { value as? String }
    var number: Int? { value as? Int }
    var flag: Bool? { value as? Bool }
}
