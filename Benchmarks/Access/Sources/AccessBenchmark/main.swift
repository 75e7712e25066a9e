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

let escalation = measure("escalation") { inventory.analysis(EscalationAnalysis.self) }
let steps = measure("every way written out") { escalation.exposed.reduce(0) { $0 + (escalation.path(of: $1)?.length ?? 0) } }
print("\(escalation.exposed.count) subjects with a way, \(steps) steps, \(escalation.savings.count) cuts")
