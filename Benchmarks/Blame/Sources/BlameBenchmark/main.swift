import Blame
import Foundation
import Kubernetes
import Responsibility

// Events of an audit log of level RequestResponse, one core: reading them, and keeping those about one object of a thousand.
//
//     swift run -c release BlameBenchmark [EVENTS] [FILE]
//
// With a file the events are written there instead, to be read by `demarc blame`.

/// A Deployment as a server answers with it: managedFields, a status, two containers.
func object(_ name: String, version: Int) -> String {
    """
    {"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"\(name)","namespace":"shop","uid":"8f14e45f-ceea-467f-a8d5-\(name)","resourceVersion":"\(version)",\
    "generation":\(version % 1000),"creationTimestamp":"2026-11-01T10:00:00Z","labels":{"app":"\(name)","team":"pay"},"managedFields":[{"manager":"kubectl",\
    "operation":"Update","apiVersion":"apps/v1","time":"2026-11-24T05:00:00Z","fieldsV1":{"f:spec":{"f:replicas":{},"f:template":{"f:spec":{"f:containers":\
    {"k:{\\"name\\":\\"app\\"}":{".":{},"f:image":{},"f:name":{}}}}}}}}]},"spec":{"replicas":\(version % 9 + 1),"selector":{"matchLabels":{"app":"\(name)"}},"template":\
    {"metadata":{"labels":{"app":"\(name)"}},"spec":{"containers":[{"name":"app","image":"registry.example/\(name):1.\(version % 50)","resources":{"limits":{"memory":"256Mi"}},\
    "terminationMessagePath":"/dev/termination-log","imagePullPolicy":"IfNotPresent"}],"restartPolicy":"Always","dnsPolicy":"ClusterFirst"}}},"status":{"replicas":1,\
    "readyReplicas":1,"conditions":[{"type":"Available","status":"True"}]}}
    """
}

func line(_ number: Int) -> String {
    let name = "web-\(number % 1000)"
    let second = number / 1000
    let time = "2026-11-24T\(10 + second / 3600 % 10):\(10 + second / 60 % 50):\(10 + second % 50).\(100_000 + number % 1000)Z"
    return """
        {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"RequestResponse","auditID":"0e7f1c3a-5b2d-4c6e-9f10-\(100_000_000 + number)","stage":"ResponseComplete",\
        "requestURI":"/apis/apps/v1/namespaces/shop/deployments/\(name)?fieldManager=kubectl","verb":"patch","user":{"username":"user-\(number % 37)","groups":\
        ["team","system:authenticated"]},"sourceIPs":["10.1.2.3"],"userAgent":"kubectl/v1.36.0 (linux/amd64) kubernetes/abcdef0","objectRef":{"resource":"deployments",\
        "namespace":"shop","name":"\(name)","apiGroup":"apps","apiVersion":"v1"},"responseStatus":{"metadata":{},"code":200},"requestObject":{"spec":{"replicas":\(number % 9 + 1)}},\
        "responseObject":\(object(name, version: number)),"requestReceivedTimestamp":"\(time)","stageTimestamp":"\(time)","annotations":{"authorization.k8s.io/decision":"allow",\
        "authorization.k8s.io/reason":"RBAC: allowed by RoleBinding shop/team"}}
        """
}

func peak() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss / 1024
}

func seconds() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
}

let arguments = CommandLine.arguments.dropFirst()
let events = arguments.first.flatMap { Int($0) } ?? 500_000

/// The next chunk, about as long as the command reads at once.
func chunk(from first: Int) -> (bytes: [UInt8], next: Int) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(1 << 20 + 4096)
    var number = first
    while number < events, bytes.count < 1 << 20 {
        bytes += Array(line(number).utf8)
        bytes.append(UInt8(ascii: "\n"))
        number += 1
    }
    return (bytes, number)
}

if arguments.count > 1, let path = arguments.last {
    FileManager.default.createFile(atPath: path, contents: nil)
    guard let file = FileHandle(forWritingAtPath: path) else { exit(1) }
    var next = 0
    while next < events {
        let part = chunk(from: next)
        try file.write(contentsOf: Data(part.bytes))
        next = part.next
    }
    exit(0)
}

let subject = Subject(ObjectName(group: "apps", resource: "deployments", namespace: "shop", name: "web-7"), kind: "Deployment")
var collector = AuditCollector(Selection([subject.name]))
var (next, bytes, reading) = (0, 0, 0.0)
while next < events {
    let part = chunk(from: next)
    let start = seconds()
    collector.take(part.bytes, of: "audit.log", first: next + 1)
    reading += seconds() - start
    bytes += part.bytes.count
    next = part.next
}
guard let model = ResponsibilityModel.builtIn("acs") else { exit(1) }
let start = seconds()
let result = Blamer(collector.records, counts: collector.counts, inventory: Inventory([]), model: model).blame(subject)
let answering = seconds() - start
print("\(events) events of \(bytes / events) bytes, \(collector.counts.needed) needed, \(collector.counts.unreadable) unreadable")
print("reading: \(Int(Double(events) / reading)) events and \(Int(Double(bytes) / reading / 1e6)) MB a second and core")
print("answer over \(result.timeline.count) lines of the time line: \(Int(answering * 1000)) ms; peak \(peak()) MiB")
