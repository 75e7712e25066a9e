import Documents
import Kubernetes
import Responsibility

extension AdmissionEngine {
    /// Fills in what a new Pod leaves open. What its author says stays, whatever it is: that is for the validating webhook to judge.
    func defaults(for request: AdmissionRequest, in estate: AdmissionEstate) -> AdmissionAnswer {
        let response = AdmissionResponse(request)
        guard request.operation == .create, request.resource == "pods", request.group.isEmpty, !isExempt(request.namespace),
            let object = request.object, let pod = object.pod, pod.malformed == nil,
            pod.containers.count <= AdmissionEngine.mostContainers
        else { return response.allowed() }
        var patch = JSONPatch()
        let defaults = model.admission.defaults
        // Nothing of it exists on Windows; a Pod that does not say so in `os` says it by where it wants to run.
        let isWindows = pod.isWindows || pod.node["nodeSelector"].entry(named: "kubernetes.io/os").text == "windows"
        if !isWindows {
            if let name = defaults.runtimeClassNames.first(where: estate.runtimeClasses.contains) { patch.addSandbox(name, to: pod) }
            if !defaults.seccompProfile.isEmpty { patch.addSeccompProfile(defaults.seccompProfile, to: pod) }
            if !defaults.droppedCapabilities.isEmpty { patch.dropCapabilities(defaults.droppedCapabilities, of: pod) }
        }
        if defaults.withholdsTokens { patch.withholdToken(of: pod) }
        return response.mutated(patch)
    }
}

/// A list of operations of RFC 6902.
struct JSONPatch {
    /// What is filled in, as the audit log names it.
    var kind = "defaults"
    private var operations = JSONText()
    private var fields: [String] = []

    var isEmpty: Bool { fields.isEmpty }

    var bytes: [UInt8] {
        var list = JSONText()
        list.raw("[")
        return list.bytes + operations.bytes + [UInt8(ascii: "]")]
    }

    /// Which defaults were filled in.
    var summary: String { fields.joined(separator: ",") }

    // MARK: - Defaults

    /// A sandbox has no host to share: a Pod that asks for one is left to the validating webhook.
    mutating func addSandbox(_ name: String, to pod: PodSpec) {
        let asksForHost = ["hostNetwork", "hostPID", "hostIPC"].contains { (try? pod.node.entry(named: $0).bool()) == true }
        guard !pod.node["runtimeClassName"].exists, !asksForHost else { return }
        note("runtimeClassName")
        add("/spec/runtimeClassName") { $0.string(name) }
    }

    /// For the Pod as a whole; containers that choose for themselves keep what they chose.
    mutating func addSeccompProfile(_ type: String, to pod: PodSpec) {
        guard !pod.securityContext["seccompProfile"].exists, !pod.annotations.entry(named: "seccomp.security.alpha.kubernetes.io/pod").exists
        else { return }
        note("seccompProfile")
        let isNew = !pod.securityContext.exists
        add(isNew ? "/spec/securityContext" : "/spec/securityContext/seccompProfile") { json in
            json.raw(isNew ? "{\"seccompProfile\":{\"type\":" : "{\"type\":")
            json.string(type)
            json.raw(isNew ? "}}" : "}")
        }
    }

    /// Of containers that do not say what they drop. What they add stays theirs, so a list under `add` is how a program says what it needs.
    mutating func dropCapabilities(_ dropped: [String], of pod: PodSpec) {
        var changes = false
        for (list, containers) in pod.writtenContainers {
            for (index, container) in containers.enumerated() {
                let context = container["securityContext"]
                let capabilities = context["capabilities"]
                guard !capabilities["drop"].exists, (try? context["privileged"].bool()) != true else { continue }
                changes = true
                let (path, before, after): (String, StaticString, StaticString) =
                    if capabilities.exists {
                        ("/securityContext/capabilities/drop", "", "")
                    } else if context.exists {
                        ("/securityContext/capabilities", "{\"drop\":", "}")
                    } else {
                        ("/securityContext", "{\"capabilities\":{\"drop\":", "}}")
                    }
                add("/spec/\(list)/\(index)\(path)") { json in
                    json.raw(before)
                    json.strings(dropped)
                    json.raw(after)
                }
            }
        }
        if changes { note("capabilities") }
    }

    /// The API server has mounted the token by the time a webhook is asked, so its volume goes too.
    mutating func withholdToken(of pod: PodSpec) {
        let account = (try? pod.serviceAccountName.string()) ?? "default"
        guard account == "default" || account.isEmpty, !pod.node["automountServiceAccountToken"].exists else { return }
        note("automountServiceAccountToken")
        add("/spec/automountServiceAccountToken") { $0.raw("false") }
        guard let volumes = try? Array(pod.node["volumes"].items()) else { return }
        let injected = volumes.enumerated().filter { PodSpec.isInjectedToken($0.element, of: "default") }
        for (list, containers) in pod.writtenContainers {
            for (index, container) in containers.enumerated() {
                let mounts = (try? Array(container["volumeMounts"].items())) ?? []
                for (position, mount) in mounts.enumerated().reversed()
                where injected.contains(where: { $0.element["name"].text == mount["name"].text }) {
                    remove("/spec/\(list)/\(index)/volumeMounts/\(position)")
                }
            }
        }
        for volume in injected.reversed() { remove("/spec/volumes/\(volume.offset)") }
    }

    // MARK: - Operations

    mutating func note(_ field: String) { fields.append(field) }

    mutating func add(_ path: String, _ value: (inout JSONText) -> Void) {
        if !operations.bytes.isEmpty { operations.raw(",") }
        operations.raw("{\"op\":\"add\",\"path\":")
        operations.string(path)
        operations.raw(",\"value\":")
        value(&operations)
        operations.raw("}")
    }

    private mutating func remove(_ path: String) {
        if !operations.bytes.isEmpty { operations.raw(",") }
        operations.raw("{\"op\":\"remove\",\"path\":")
        operations.string(path)
        operations.raw("}")
    }
}

extension PodSpec {
    /// The containers by the list in which they stand.
    fileprivate var writtenContainers: [(list: String, containers: [Value])] {
        ["initContainers", "containers"].map { list in (list, (try? Array(node.entry(named: list).items())) ?? []) }
    }

    /// A volume that the API server itself has added for the token of a ServiceAccount: `kube-api-access-…`, before 1.21 the Secret
    /// `NAME-token-…`.
    fileprivate static func isInjectedToken(_ volume: Value, of account: String) -> Bool {
        let name = volume["name"].text
        if name.hasPrefix("kube-api-access-") {
            return ((try? Array(volume["projected"]["sources"].items())) ?? []).contains { $0["serviceAccountToken"].exists }
        }
        return name.hasPrefix("\(account)-token-") && volume["secret"]["secretName"].text == name
    }
}
