// What reading roles and bindings, asking who can, and finding the ways to control of the cluster costs on a large estate:
//   swift run -c release --package-path Benchmarks/Access AccessBenchmark [SUBJECTS [BINDINGS]]
// Prints seconds and the peak of memory after each step.

import Access
import AccessCorpus
import Documents
import Kubernetes

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
let corpus = AccessCorpus(subjects: numbers.first ?? 10_000, bindings: numbers.dropFirst().first ?? 100_000)

/// Seconds of CPU and the largest resident set of this process so far, in MiB.
func usage() -> (seconds: Double, peak: Int) {
    var usage = rusage()
    // RUSAGE_SELF, which the C libraries type differently.
    getrusage(0, &usage)
    let (user, system) = (usage.ru_utime, usage.ru_stime)
    return (Double(user.tv_sec + system.tv_sec) + Double(user.tv_usec + system.tv_usec) / 1e6, usage.ru_maxrss / 1024)
}

/// Prints what a step costs: the clock, and the CPU, which other work on the machine changes less.
func measure<R>(_ what: String, times: Int = 1, _ body: () -> R) -> R {
    let (start, before) = (ContinuousClock.now, usage().seconds)
    let result = body()
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let (after, peak) = usage()
    func rounded(_ seconds: Double) -> Double { Double(Int(seconds * 1e4)) / 1e4 }
    let each = times > 1 ? " (\(Int((after - before) / Double(times) * 1e9)) ns each)" : ""
    print("\(what): \(rounded(seconds)) s, CPU \(rounded(after - before)) s\(each), peak \(peak) MiB")
    return result
}

print(
    "\(corpus.objects) objects, \(corpus.subjects) subjects, \(corpus.bindings) bindings, \(corpus.json.count >> 20) MiB of JSON, peak \(usage().peak) MiB"
)
let objects = measure("reading") { SourceObjects(DocumentTree.parse(corpus.json, source: "corpus.json").tree).objects }
let inventory = measure("inventory") { Inventory(objects) }
let policy = measure("policy") { inventory.analysis(AccessPolicy.self) }
print("\(policy.roles.count) roles, \(policy.bindings.count) bindings, \(policy.subjects.count) subjects, \(policy.faults.count) faults")

let requests = [
    AccessRequest("get", APIResource("", "secrets"), namespace: "team-1"), AccessRequest("create", APIResource("", "pods/exec"), namespace: "team-2"),
    AccessRequest("list", APIResource("", "nodes", clusterScoped: true)), AccessRequest("get", url: "/metrics"),
]
let listed = measure("who-can, 4 requests") { requests.reduce(0) { $0 + policy.whoCan($1).count } }
print("\(listed) reasons")
let anywhere = measure("who-can get pods in any namespace") { policy.whoCan(AccessRequest("get", APIResource("", "pods")), anywhere: true).count }
print("\(anywhere) reasons")

let requesters = policy.subjects.filter { $0.kind == .serviceAccount }.map { Requester(user: "system:serviceaccount:\($0.namespace):\($0.name)") }
let allowed = measure("can-i, every service account", times: requesters.count) {
    requesters.count { policy.decide(AccessRequest("get", APIResource("", "secrets"), namespace: "team-1"), by: $0).isAllowed }
}
print("\(allowed) of \(requesters.count) allowed")

// MARK: - Granted and used

/// Lines of an audit log at the level of metadata, in which service accounts do what many are allowed.
func auditLines(_ count: Int) -> [[UInt8]] {
    let accounts = policy.subjects.filter { $0.kind == .serviceAccount }
    let asked = [("get", "pods", ""), ("list", "configmaps", ""), ("get", "deployments", "apps"), ("patch", "leases", "coordination.k8s.io")]
    return (0..<count).map { index in
        let account = accounts[index * 7919 % accounts.count]
        let (verb, resource, group) = asked[index % asked.count]
        let user = "system:serviceaccount:\(account.namespace):\(account.name)"
        let groups = "[\"system:serviceaccounts\",\"system:serviceaccounts:\(account.namespace)\",\"system:authenticated\"]"
        let uri = "/apis/\(group)/v1/namespaces/\(account.namespace)/\(resource)/object-\(index % 1000)"
        let reference =
            "{\"resource\":\"\(resource)\",\"namespace\":\"\(account.namespace)\",\"name\":\"object-\(index % 1000)\",\"apiGroup\":\"\(group)\"}"
        return Array(
            """
            {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"2f1c8a1e-6a6b-4f0e-9f5e-\(100_000_000_000 + index)",\
            "stage":"ResponseComplete","requestURI":"\(uri)","verb":"\(verb)","user":{"username":"\(user)","uid":"7b0e","groups":\(groups)},\
            "sourceIPs":["10.0.3.17"],"userAgent":"app/v1.4 (linux/amd64) kubernetes/5c5a2e1","objectRef":\(reference),\
            "responseStatus":{"metadata":{},"code":200},"requestReceivedTimestamp":"2026-11-24T05:18:49.123456Z",\
            "stageTimestamp":"2026-11-24T05:18:49.125001Z","annotations":{"authorization.k8s.io/decision":"allow",\
            "authorization.k8s.io/reason":"RBAC: allowed by RoleBinding \\"binding-1/team-1\\" of Role \\"role-1\\" to ServiceAccount \\"app/team\\""}}
            """.utf8)
    }
}

let lines = auditLines(200_000)
print("\(lines.count) lines of an audit log, \(lines.reduce(0) { $0 + $1.count } >> 20) MiB, peak \(usage().peak) MiB")
let recorder = measure("audit log", times: lines.count) {
    lines.reduce(into: UsageRecorder(policy)) { recorder, line in
        let root = DocumentTree.parse(line, source: "audit.log", syntax: .json).tree.roots.first
        if let root, case .allowed(let event)? = try? AuditEvent.read(root) { recorder.add(event) }
    }
}
let suggested = measure("suggestions for all bindings") {
    let usage = recorder.usage
    var names = SuggestedNames(policy)
    return usage.bindings.count {
        if case .narrow = usage.suggestion(for: $0, names: &names) { true } else { false }
    }
}
print("\(recorder.usage.events) requests counted, \(recorder.usage.unexplained) of them allowed by nothing, \(suggested) smaller roles")

// MARK: - Escalation

let escalation = measure("escalation") { inventory.analysis(EscalationAnalysis.self) }
let steps = measure("every way written out") { escalation.exposed.reduce(0) { $0 + (escalation.path(of: $1)?.length ?? 0) } }
print("\(escalation.exposed.count) subjects with a way, \(steps) steps, \(escalation.savings.count) cuts")
