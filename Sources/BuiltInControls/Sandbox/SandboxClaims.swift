import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// `runtimeClassName: gvisor` is a wish. Whether the Pod sits in a sandbox is decided by the runtime of its node, and nothing in the
    /// cluster shows when it does not: a handler that was set up wrongly runs the Pod all the same.
    ///
    /// Fields: `runtimeClassName` where it, or the handler of its RuntimeClass, is one of `sandboxRuntimeClasses`; `containers` in the evidence of
    /// the nodes. Allowed: every task of the Pod runs under the shim of a sandbox, whose programs are seen to run it. The names of processes
    /// confirm a sandbox and never make one: whoever runs in a container can choose them. The Pods of a workload are found by how its controller
    /// names them. Without evidence there is nothing to judge; a Pod
    /// that no evidence shows is not observable.
    static let sandboxClaims = Control(
        id: "sandbox-claims-kept",
        title: "Run Pods in the sandbox they claim",
        severity: .critical,
        duty: "A3",
        summary: "The Pod asks for a sandbox and runs without: code that nobody trusts has the kernel of the node to itself.",
        remedy: "Stop the Pod, correct the handler in the configuration of the node's container runtime, restart that, and create the Pod anew.",
        references: [Reference("mitre-attack", "T1611")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop}
            spec:
              runtimeClassName: gvisor
              containers:
              - name: app
                image: registry.example.com/app:1.0
            ---
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            containers:
            - {id: 4f2c, shim: io.containerd.runsc.v1, handler: gvisor, podName: web, podNamespace: shop, processes: [runsc-sandbox, runsc-gofer]}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop}
            spec:
              runtimeClassName: gvisor # ✗
              containers:
              - name: app
                image: registry.example.com/app:1.0
            ---
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            containers:
            - {id: 4f2c, shim: io.containerd.runc.v2, handler: gvisor, podName: web, podNamespace: shop, processes: [nginx]}
            """
        ],
        check: .objects(PodNames.kinds) { object, report throws(WrongType) in
            guard let pod = object.pod else { return report.notApplicable() }
            if let malformed = pod.malformed { throw malformed }
            let claim = pod.node["runtimeClassName"]
            let analysis = report.inventory.analysis(SandboxAnalysis.self)
            guard analysis.hasEvidence, try report.claimsSandbox(claim) else { return report.notApplicable() }
            let sightings = analysis.tasks(of: object)
            guard !sightings.isEmpty else { return report.notObservable(claim, try unseen(pod, analysis)) }
            var unknown: String?
            for sighting in sightings {
                switch SandboxProof(of: sighting.task, under: analysis.configurations[sighting.object] ?? []) {
                case .kept: break
                case .unknown(let reason): unknown = unknown ?? reason
                case .broken(let reason):
                    let node = report.inventory.objects[sighting.object].name
                    let name = sighting.task.containerName.isEmpty ? "it" : "container '\(sighting.task.containerName)'"
                    return report.fail(
                        claim, "the Pod claims the sandbox '\(claim.text)', and on \(node.isEmpty ? "its node" : node) \(name) \(reason)",
                        cause: Finding.Cause(sighting.task.place, object: sighting.object))
                }
            }
            if let unknown { report.notObservable(claim, "whether the sandbox '\(claim.text)' is kept cannot be told: \(unknown)") }
        })

    private static func unseen(_ pod: PodSpec, _ analysis: SandboxAnalysis) throws(WrongType) -> String {
        guard let node = try pod.node["nodeName"].string(), !node.isEmpty else {
            return "no evidence shows a task of the Pod, so that its sandbox is a mere claim; collect evidence on its node"
        }
        return analysis.showsTasks(of: node)
            ? "the evidence of \(node) shows no task of the Pod, though it is bound to that node"
            : "there is no evidence of \(node), where the Pod runs"
    }
}

/// Whether one task sits in a sandbox.
enum SandboxProof {
    case kept
    case broken(String)
    case unknown(String)

    /// - Parameter runtimes: how the container runtimes of the machine are set up. A shim may start another program than its name says,
    ///   which the task's bundle tells, or else the handler it was started for.
    init(of task: EvidenceTask, under runtimes: [RuntimeConfiguration]) {
        guard !task.shim.isEmpty else {
            self = .unknown("the evidence does not name the shim of a task")
            return
        }
        let handler = task.handler.flatMap { name in runtimes.lazy.compactMap { $0.handler(name) }.first { $0.type == task.shim } }
        let binary = task.binary ?? handler?.binary
        let engine = RuntimeEngine(shim: task.shim, binary: binary)
        let name = binary.map { "\(task.shim) with \($0)" } ?? task.shim
        switch engine {
        case .host(let program):
            // A program of a sandbox runs it, and nothing says that the shim was told to start one: neither proof nor disproof.
            if binary == nil, handler == nil, RuntimeEngine.confirms(.gVisor, programs: task.programs ?? []) {
                self = .unknown("a task runs under \(name), and the evidence does not name the program that the shim started")
            } else {
                self = .broken("runs under \(name), which is \(program) and no sandbox")
            }
        case .unknown: self = .unknown("the shim \(name) is not known")
        case .gVisor, .virtualMachine:
            guard let programs = task.programs, !programs.isEmpty else {
                self = .unknown("the evidence does not show which programs run a task of \(name)")
                return
            }
            self =
                RuntimeEngine.confirms(engine, programs: programs)
                ? .kept : .broken("runs under \(name), but \(Advice.list(programs, most: 5)) runs on the node and no program of a sandbox does")
        }
    }
}

extension Report {
    /// Whether a Pod asks for a sandbox: by the name of its RuntimeClass, or by what handles that. A class that is called like a sandbox
    /// and leads elsewhere is a claim too, and a broken one.
    func claimsSandbox(_ runtimeClass: Value) throws(WrongType) -> Bool {
        guard let name = try runtimeClass.string() else { return false }
        if isSandbox(named: name) { return true }
        return try isSandbox(runtimeClass)
    }
}
