import BuiltInControls
import Controls
import Documents
import Foundation
import Kubernetes
import Testing

/// Every automated row of the benchmarks that is about a setting, from a folder outside the repository: where it is absent, nothing is
/// judged and a line says so.
///
/// For each program a machine is made up whose settings meet all rows, written as flags, as a configuration file and, for etcd, as
/// variables. There no control fails. Then one row after the other is broken: exactly the controls that refer to it fail.
struct BenchmarkConformanceTests {
    private static let folder: URL = {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let named = ProcessInfo.processInfo.environment["DEMARC_CONFORMANCE_DATA"].map { URL(filePath: $0) }
        let data = named ?? package.appending(path: "../shared/data")
        return data.appending(path: "cis").standardizedFileURL
    }()

    /// Rows that are not judged here, as `edition id`. Rows about what a file holds, such as providers of encryption, name no flag.
    private static let leftOut: [String: String] = [
        "cis-1.23 1.2.3": "asks for the contrary of what later editions do, and of what CVE-2020-8554 advises",
        "cis-1.11 4.2.15": "names a setting of systemd as a flag, which the kubelet does not know; `kubelet-ip-address-deny` reads the unit",
    ]

    /// Versions that the editions are for.
    private static let versions = ["cis-1.23": "1.22.4", "cis-1.10": "1.28.3", "cis-1.11": "1.30.2", "cis-1.12": "1.33.1"]

    @Test(arguments: Benchmark.all.map(\.id))
    func judgesEveryRowAboutSettings(edition: String) throws {
        let file = Self.folder.appending(path: "\(edition).json").path
        guard let bytes = FileManager.default.contents(atPath: file) else {
            print("conformance, settings of \(edition): skipped, \(file) is not there; set DEMARC_CONFORMANCE_DATA to run it")
            return
        }
        if edition != "cis-1.12", try #require(Benchmark.named(edition)).rows.isEmpty {
            print("conformance, settings of \(edition): skipped, the benchmark's table has no rows")
            return
        }
        let root = try #require(DocumentTree.parse([UInt8](bytes), source: file).tree.roots.first)
        let rows = try root["checks"].items().compactMap(Row.init).filter { !$0.items.isEmpty }
        let judged = rows.filter { Self.leftOut["\(edition) \($0.id)"] == nil }
        var cases = 0
        for (program, rows) in Dictionary(grouping: judged, by: \.program).sorted(by: { $0.key < $1.key }) {
            cases += try judge(rows, of: program, in: edition)
        }
        let left = rows.count - judged.count
        print("conformance, settings of \(edition): \(judged.count) rows judged in \(cases) cases, \(left) left out")
    }

    /// Settings of which two controls speak, one at a time: how grave it is that one is missing depends on another setting.
    private static let shared: Set<String> = ["etcd client-cert-auth", "etcd peer-client-cert-auth"]

    /// - Returns: how many machines were judged.
    private func judge(_ rows: [Row], of program: String, in edition: String) throws -> Int {
        let references = Dictionary(
            uniqueKeysWithValues: rows.map { row in
                (row.id, Set(BuiltInControls.all.filter { $0.references.contains(Reference(edition, row.id)) }.map(\.id)))
            })
        let all = references.values.reduce(into: Set<String>()) { $0.formUnion($1) }
        let controls = BuiltInControls.all.filter { all.contains($0.id) && $0.isAboutSettings }
        var good = Machine(program: program, version: Self.versions[edition] ?? "1.31.2", edition: edition)
        for row in rows { for item in row.items { good.meet(item) } }
        var cases = 0
        for form in Machine.Form.allCases where form.suits(program) {
            #expect(try good.failing(controls, form) == [], "\(edition), \(program) that meets every row, as \(form)")
            cases += 1
            for row in rows {
                let expected = (references[row.id] ?? []).intersection(controls.map(\.id))
                #expect(!expected.isEmpty, "\(edition) \(row.id): no control refers to it; write one, or say why it is left out")
                for broken in row.breaking {
                    var machine = good
                    machine.break(broken)
                    let failing = try machine.failing(controls, form)
                    let isOneOfTwo = Self.shared.contains("\(program) \(broken.flag)") && failing.count == 1 && failing.isSubset(of: expected)
                    #expect(failing == expected || isOneOfTwo, "\(edition) \(row.id) broken at \(broken.flag), as \(form)")
                    cases += 1
                }
            }
        }
        return cases
    }
}

extension Control {
    fileprivate var isAboutSettings: Bool {
        if case .components = checks.last?.check { true } else { false }
    }
}

/// A row of a benchmark as the data tells it.
private struct Row {
    let id: String
    let program: String
    let items: [Item]
    let isAlternative: Bool

    struct Item {
        let flag: String
        let path: String?
        let mustBeUnset: Bool
        let comparison: (op: String, value: String)?
    }

    private static let programs = [
        "apiserver": "kube-apiserver", "controllermanager": "kube-controller-manager", "scheduler": "kube-scheduler", "etcd": "etcd",
        "kubelet": "kubelet", "proxy": "kube-proxy",
    ]

    /// nil for rows that a person judges, and for those about anything but a program's settings.
    init?(_ check: Value) throws {
        guard try check["type"].string() == "automated", let program = try check["process"].string().flatMap({ Row.programs[$0] }) else { return nil }
        id = try check["id"].string() ?? ""
        self.program = program
        isAlternative = try check["bin_op"].string() == "or"
        items = try check["test_items"].items().compactMap { item in
            let flag = item["flag"].text
            guard flag.hasPrefix("--") || flag == "RotateKubeletServerCertificate" else { return nil }
            let path = try item["path"].string()?.firstMatch(of: /\.([A-Za-z0-9.]+)/).map { String($0.1) }
            let compare = item["compare"]
            return Item(
                // One row names the flag of another setting beside its path.
                flag: path == "authorization.mode" ? "authorization-mode" : String(flag.trimmingPrefix("--")), path: path,
                mustBeUnset: try item["set"].bool() == false && !compare.exists,
                comparison: compare.exists ? (compare["op"].text, compare["value"].text) : nil)
        }
    }

    /// What to break, one after the other; of alternatives the one that says most.
    var breaking: [Item] {
        guard isAlternative else { return items }
        return (items.first { $0.comparison != nil } ?? items.first).map { [$0] } ?? []
    }
}

/// A machine with one program.
private struct Machine {
    let program: String
    let version: String
    let edition: String
    private var settings: [String: [String]] = [:]
    private var paths: [String: String] = [:]

    enum Form: CaseIterable {
        case flags, apart, file, environment

        func suits(_ program: String) -> Bool {
            switch self {
            case .flags, .apart: true
            case .file: ["kubelet", "kube-proxy", "kube-scheduler", "etcd"].contains(program)
            case .environment: program == "etcd"
            }
        }
    }

    init(program: String, version: String, edition: String) {
        self.program = program
        self.version = version
        self.edition = edition
    }

    /// Flags whose value is more than that it is there.
    private static let values = [
        "terminated-pod-gc-threshold": "1000", "pod-max-pids": "1024", "seccomp-default": "true",
    ]

    mutating func meet(_ item: Row.Item) {
        if let path = item.path { paths[item.flag] = path }
        guard let (op, value) = item.comparison else {
            if !item.mustBeUnset, settings[item.flag] == nil { settings[item.flag] = [Machine.values[item.flag] ?? "/etc/kubernetes/\(item.flag)"] }
            return
        }
        switch op {
        case "has":
            // Of two plugins for the same purpose, the newer was removed first.
            if !settings[item.flag, default: []].contains(value) { settings[item.flag, default: []].append(value) }
        case "nothave": if item.flag == "authorization-mode" { settings[item.flag] = [program == "kubelet" ? "Webhook" : "RBAC"] }
        case "noteq": settings[item.flag] = [value == "false" ? "true" : "5m0s"]
        case "valid_elements": settings[item.flag] = value.split(separator: ",").map(String.init)
        case "gt": settings[item.flag] = ["6443"]
        default: settings[item.flag] = [value]
        }
    }

    mutating func `break`(_ item: Row.Item) {
        guard let (op, value) = item.comparison else {
            settings[item.flag] = item.mustBeUnset ? ["something"] : nil
            return
        }
        switch op {
        case "has":
            // All alternatives of one row stand in the same list.
            let others = settings[item.flag, default: []].filter { $0 != value && $0 != "PodSecurityPolicy" }
            settings[item.flag] = value == "127.0.0.1" ? ["0.0.0.0"] : others.isEmpty ? nil : others
        case "nothave": settings[item.flag] = (program == "kubelet" ? [] : settings[item.flag] ?? []) + [value]
        case "noteq": settings[item.flag] = [value]
        case "valid_elements": settings[item.flag, default: []].append("TLS_RSA_WITH_RC4_128_SHA")
        case "gt": settings[item.flag] = [value]
        case "gte": settings[item.flag] = Int(value).map { ["\($0 - 1)"] }
        default: settings[item.flag] = [value == "true" ? "false" : value == "false" ? "true" : value == "127.0.0.1" ? "0.0.0.0" : "1"]
        }
    }

    /// Ids of the controls that fail. A control that does not come to a verdict is an issue.
    func failing(_ controls: [Control], _ form: Form) throws -> Set<String> {
        let text = try #require(String(data: JSONSerialization.data(withJSONObject: evidence(form)), encoding: .utf8))
        let inventory = Inventory(SourceObjects(DocumentTree.parse(text).tree).objects)
        var wanted = Settings()
        wanted.benchmark = edition
        let judgement = Catalogue(controls).judge(inventory, objects: inventory.objects.indices, settings: wanted, recordsQuiet: true)
        #expect(judgement.gaps.isEmpty && judgement.notApplicable == 0 && judgement.notObservable == 0, "\(judgement.gaps) in \(text)")
        return Set(judgement.findings.filter { $0.verdict == .fail }.map { controls[$0.control].id })
    }

    private func evidence(_ form: Form) -> [String: Any] {
        var arguments = [program]
        var environment: [String: String] = [:]
        var file: [String: Any] = [:]
        for (flag, values) in settings.sorted(by: { $0.key < $1.key }) {
            let value = values.joined(separator: ",")
            if form == .file, let path = path(flag) {
                file = file.setting(path.split(separator: "."), to: typed(flag, values))
            } else if form == .environment {
                environment["ETCD_" + flag.uppercased().replacing("-", with: "_")] = value
            } else if flag == "RotateKubeletServerCertificate" {
                arguments.append("--feature-gates=\(flag)=\(value)")
            } else if form == .apart, value != "true", value != "false" {
                arguments += ["--" + flag, value]
            } else {
                arguments.append("--\(flag)=\(value)")
            }
        }
        var evidence: [String: Any] = ["apiVersion": "demarc.dev/v1alpha1", "kind": "NodeEvidence", "kubernetesVersion": version]
        if form == .file {
            arguments.append(program == "etcd" ? "--config-file=/etc/program.yaml" : "--config=/etc/program.yaml")
            file["kind"] = "Configuration"
            let content = (try? JSONSerialization.data(withJSONObject: file)).flatMap { String(data: $0, encoding: .utf8) } ?? ""
            evidence["files"] = [["path": "/etc/program.yaml", "content": content]]
        }
        evidence["processes"] = [["name": program, "argv": arguments, "environment": environment]]
        return evidence
    }

    /// Where the file holds what the flag sets.
    private func path(_ flag: String) -> String? {
        if program == "kube-scheduler" { return flag == "profiling" ? "enableProfiling" : nil }
        guard program == "etcd" else { return paths[flag] }
        return flag.hasPrefix("peer-") ? "peer-transport-security.\(flag.dropFirst(5))" : "client-transport-security.\(flag)"
    }

    private func typed(_ flag: String, _ values: [String]) -> Any {
        if flag == "tls-cipher-suites" { return values }
        let value = values.joined(separator: ",")
        // Durations are strings there.
        if flag == "streaming-connection-idle-timeout" { return value }
        if value == "true" || value == "false" { return value == "true" }
        return Int(value).map { $0 as Any } ?? value
    }
}

extension [String: Any] {
    fileprivate func setting(_ path: [Substring], to value: Any) -> [String: Any] {
        guard let first = path.first else { return self }
        var copy = self
        let inner = copy[String(first)] as? [String: Any] ?? [:]
        copy[String(first)] = path.count == 1 ? value : inner.setting(Array(path.dropFirst()), to: value)
        return copy
    }
}
