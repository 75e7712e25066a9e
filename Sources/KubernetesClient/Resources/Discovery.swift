internal import Documents

/// What a server offers.
public struct Discovery: Sendable {
    /// Each in every version that is served, those of a group in the server's order of preference.
    public let resources: [Resource]
    /// Groups that could not be looked at: those of an aggregated API whose server is down, for instance.
    public let failures: [ClusterError]
}

extension ClusterClient {
    /// The version of the server: `v1.36.2`. The first contact: no second attempt, so that a wrong address is said at once.
    public func version() async throws(ClusterError) -> String {
        var request = APIRequest("/version", purpose: "ask the version of the cluster")
        request.limit = 64 << 10
        request.attempts = 1
        let root = try document(try await transport.send(request), request)
        guard let version = (try? root["gitVersion"].string()) ?? nil, !version.isEmpty else {
            throw ClusterError(.malformed, "\(request.purpose): the answer names no version; is it a Kubernetes API server?")
        }
        return version
    }

    /// Asks what the server offers: in two requests where it knows aggregated discovery (since Kubernetes 1.27), otherwise in one for
    /// each version of each group.
    public func discovery() async throws(ClusterError) -> Discovery {
        async let core = discover("/api")
        async let groups = discover("/apis")
        let found: (DiscoveryAnswer, DiscoveryAnswer)
        do { found = (try await core, try await groups) } catch { throw TransportFault.error(error, purpose: "discovery", address: name) }
        var reading = DiscoveryReading()
        let older = try reading.take(found.0) + reading.take(found.1)
        let rest = await versions(older)
        for (place, answer) in zip(older, rest) {
            switch answer {
            case .success(let answer): try reading.take(answer, of: place)
            case .failure(let error): reading.failures.append(error)
            }
        }
        return Discovery(resources: reading.resources, failures: reading.failures)
    }

    private func discover(_ path: String) async throws(ClusterError) -> DiscoveryAnswer {
        var request = APIRequest(path, purpose: "ask \(path) what the cluster offers")
        let types = ["v2", "v2beta1"].map { "application/json;g=apidiscovery.k8s.io;v=\($0);as=APIGroupDiscoveryList" }
        request.accept = (types + ["application/json"]).joined(separator: ",")
        let answer = try await transport.send(request)
        return DiscoveryAnswer(root: try document(answer, request), purpose: request.purpose)
    }

    /// Asks for each version of a group, some at a time; the answers in the order of the questions.
    private func versions(_ places: [GroupVersion]) async -> [Result<DiscoveryAnswer, ClusterError>] {
        await withTaskGroup(of: (Int, Result<DiscoveryAnswer, ClusterError>).self) { group in
            var answers: [Int: Result<DiscoveryAnswer, ClusterError>] = [:]
            var next = places.indices.makeIterator()
            func add() {
                guard let index = next.next() else { return }
                group.addTask {
                    do throws(ClusterError) { return (index, .success(try await self.discover(places[index].path))) } catch {
                        return (index, .failure(error))
                    }
                }
            }
            for _ in 0..<8 { add() }
            for await (index, answer) in group {
                answers[index] = answer
                add()
            }
            return places.indices.compactMap { answers[$0] }
        }
    }

    func document(_ answer: APIAnswer, _ request: APIRequest) throws(ClusterError) -> Value {
        let parsed = DocumentTree.parse(answer.body, source: request.purpose, syntax: .json)
        guard parsed.problems.isEmpty, let root = parsed.tree.roots.first, root.kind == .mapping else {
            let detail = parsed.problems.first.map { ": \($0.message)" } ?? ""
            throw ClusterError(.malformed, "\(request.purpose): the answer is no JSON object\(detail)")
        }
        return root
    }
}

struct GroupVersion: Sendable, Hashable {
    var group: String
    var version: String

    var path: String { group.isEmpty ? "/api/\(version)" : "/apis/\(APIRequest.encoded(group))/\(version)" }
}

struct DiscoveryAnswer: Sendable {
    var root: Value
    var purpose: String
}

/// Reads the answers of discovery, whichever of its forms they have. Pure.
struct DiscoveryReading {
    private(set) var resources: [Resource] = []
    var failures: [ClusterError] = []

    /// - Returns: what must be asked one by one, since the server answered in the older form.
    mutating func take(_ answer: DiscoveryAnswer) throws(ClusterError) -> [GroupVersion] {
        let root = answer.root
        do {
            switch try root["kind"].string() ?? "" {
            case "APIGroupDiscoveryList":
                for group in try root["items"].items() { try takeGroup(group, answer.purpose) }
                return []
            case "APIVersions": return try root["versions"].strings().map { GroupVersion(group: "", version: $0) }
            case "APIGroupList": return try root["groups"].items().flatMap { try DiscoveryReading.versions(of: $0) }
            case let kind: throw ClusterError(.malformed, "\(answer.purpose): the answer is of kind '\(kind)', not of discovery")
            }
        } catch let error as WrongType {
            throw DiscoveryReading.wrong(error, answer)
        } catch let error as ClusterError {
            throw error
        } catch {
            throw ClusterError(.malformed, "\(answer.purpose): \(error)")
        }
    }

    /// One version of one group, in the older form.
    mutating func take(_ answer: DiscoveryAnswer, of place: GroupVersion) throws(ClusterError) {
        do throws(WrongType) {
            for entry in try answer.root["resources"].items() {
                guard let name = try entry["name"].string(), !name.contains("/"), let kind = try entry["kind"].string() else { continue }
                resources.append(
                    Resource(
                        group: place.group, version: place.version, name: name, kind: kind, isNamespaced: try entry["namespaced"].bool() ?? false,
                        verbs: try entry["verbs"].strings()))
            }
        } catch {
            throw DiscoveryReading.wrong(error, answer)
        }
    }

    /// `apidiscovery.k8s.io`: the group's name is that of the object; versions stand in the order of preference.
    private mutating func takeGroup(_ group: Value, _ purpose: String) throws {
        let name = try group["metadata"]["name"].string() ?? ""
        for version in try group["versions"].items() {
            let word = try version["version"].string() ?? ""
            if try version["freshness"].equals("Stale") {
                failures.append(
                    ClusterError(.serverFault(503), "\(purpose): the server behind \(name)/\(word) does not answer, so its resources may be missing"))
            }
            for entry in try version["resources"].items() {
                guard let resource = try entry["resource"].string(), let kind = try entry["responseKind"]["kind"].string() else { continue }
                resources.append(
                    Resource(
                        group: name, version: word, name: resource, kind: kind, isNamespaced: try entry["scope"].equals("Namespaced"),
                        verbs: try entry["verbs"].strings()))
            }
        }
    }

    private static func versions(of group: Value) throws(WrongType) -> [GroupVersion] {
        let name = try group["name"].string() ?? ""
        let preferred = try group["preferredVersion"]["version"].string()
        var versions: [String] = []
        for version in try group["versions"].items() { versions.append(try version["version"].string() ?? "") }
        let ordered = versions.filter { $0 == preferred } + versions.filter { $0 != preferred }
        return ordered.filter { !$0.isEmpty }.map { GroupVersion(group: name, version: $0) }
    }

    private static func wrong(_ error: WrongType, _ answer: DiscoveryAnswer) -> ClusterError {
        ClusterError(.malformed, "\(answer.purpose): \(error.value.fieldPath) must be \(error.expected)")
    }
}
