import Controls
import Documents
import Kubernetes
import NodeEvidence

/// What the machines of an estate show of their container runtimes: how these are set up, and which tasks run.
final class SandboxAnalysis: EstateAnalysis {
    /// A task and the object of the inventory that shows it.
    struct Sighting {
        let task: EvidenceTask
        let object: Int
    }

    /// By object; a machine without a known runtime has an empty list.
    let configurations: [Int: [RuntimeConfiguration]]
    /// By namespace and name of the Pod.
    private let tasks: [String: [String: [Sighting]]]
    /// Objects whose tasks were looked at, by the name of the machine.
    private let machines: [String: Int]
    /// Broken parts of evidence, by object.
    let malformed: [Int: WrongType]

    init(of inventory: Inventory) {
        let evidence = inventory.analysis(EvidenceAnalysis.self)
        var configurations: [Int: [RuntimeConfiguration]] = [:]
        var tasks: [String: [String: [Sighting]]] = [:]
        var machines: [String: Int] = [:]
        var malformed: [Int: WrongType] = [:]
        if inventory.contains(kind: KubernetesObject.nodeEvidenceKind) {
            for index in inventory.objects.indices {
                guard let document = evidence.document(index) else { continue }
                do throws(WrongType) {
                    configurations[index] = try RuntimeConfiguration.all(in: document)
                    guard let found = try document.tasks else { continue }
                    machines[document.nodeName] = index
                    for task in found where !task.podName.isEmpty {
                        tasks[task.podNamespace, default: [:]][task.podName, default: []].append(Sighting(task: task, object: index))
                    }
                } catch {
                    malformed[index] = error
                }
            }
        }
        self.configurations = configurations
        self.tasks = tasks
        self.machines = machines
        self.malformed = malformed
    }

    var hasEvidence: Bool { !configurations.isEmpty || !malformed.isEmpty }

    func showsTasks(of machine: String) -> Bool { machines[machine] != nil }

    /// Tasks of the Pods that an object makes: of a Pod by its name and uid, of a workload by how its controller names its Pods.
    func tasks(of object: KubernetesObject) -> [Sighting] {
        guard let inNamespace = tasks[object.namespace], !object.name.isEmpty else { return [] }
        if object.kind == "Pod" {
            let uid = (try? object.metadata["uid"].string()) ?? nil
            return (inNamespace[object.name] ?? []).filter { sighting in
                guard let uid, !sighting.task.podUID.isEmpty else { return true }
                return uid == sighting.task.podUID
            }
        }
        let names = PodNames(object)
        return inNamespace.keys.sorted().filter(names.fit).flatMap { inNamespace[$0] ?? [] }
    }
}

/// How the controllers of Kubernetes name the Pods of a workload.
struct PodNames {
    /// Pods themselves, and the kinds whose names for Pods are known.
    static let kinds = ["Pod", "Deployment", "ReplicaSet", "ReplicationController", "StatefulSet", "DaemonSet", "Job", "CronJob"]

    private let prefix: String
    private let kind: String

    init(_ object: KubernetesObject) {
        prefix = object.name + "-"
        kind = object.kind
    }

    func fit(_ name: String) -> Bool {
        guard name.hasPrefix(prefix) else { return false }
        let parts = name.dropFirst(prefix.count).split(separator: "-", omittingEmptySubsequences: false)
        switch kind {
        case "StatefulSet": return parts.count == 1 && isNumber(parts[0])
        case "ReplicaSet", "ReplicationController", "DaemonSet": return parts.count == 1 && isRandom(parts[0], 5...5)
        case "Deployment": return parts.count == 2 && isRandom(parts[0], 1...10) && isRandom(parts[1], 5...5)
        case "Job": return parts.count == 1 && isRandom(parts[0], 5...5) || parts.count == 2 && isNumber(parts[0]) && isRandom(parts[1], 5...5)
        case "CronJob":
            guard parts.count >= 2, isNumber(parts[0]) else { return false }
            return parts.count == 2 && isRandom(parts[1], 5...5) || parts.count == 3 && isNumber(parts[1]) && isRandom(parts[2], 5...5)
        default: return false
        }
    }

    private func isNumber(_ text: Substring) -> Bool { !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) } }

    /// Letters and digits of random names: those that cannot be read as a word (k8s.io/apimachinery/pkg/util/rand).
    private func isRandom(_ text: Substring, _ length: ClosedRange<Int>) -> Bool {
        length.contains(text.utf8.count) && text.allSatisfy { "bcdfghjklmnpqrstvwxz2456789".contains($0) }
    }
}
