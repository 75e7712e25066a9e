internal import Documents
internal import Kubernetes
internal import Synchronization

/// When nobody answered, as far as it is known: found out by the caretaker, asked for by the background.
public final class KnownSilences: Sendable {
    private let exempt: Set<String>
    private let silences = Mutex<[Silence]>([])

    /// - Parameter exempt: namespaces whose objects are never reviewed.
    public init(exempt: Set<String>) { self.exempt = exempt }

    /// - Returns: those that were not known before.
    func take(_ known: [Silence]) -> [Silence] {
        silences.withLock { silences in
            defer { silences = known }
            return known.filter { !silences.contains($0) }
        }
    }

    /// All that are known.
    public var all: [Silence] { silences.withLock { $0 } }

    /// Tells of an object whether it was admitted in a silence; nil while there was none.
    public var inspector: BypassInspector? {
        let silences = silences.withLock { $0 }
        guard !silences.isEmpty else { return nil }
        return { [exempt] object in
            guard !object.namespace.isEmpty, !exempt.contains(object.namespace) else { return nil }
            do throws(WrongType) {
                guard let change = try Silence.unreviewed(object, in: silences).first else { return nil }
                return "\(change.what) at \(change.at): \(Silence.reason) from \(change.silence.start) to \(change.silence.end)"
            } catch { return "\(error.value.fieldPath) is no \(error.expected), so nobody knows whether it came while no replica answered" }
        }
    }
}

extension UnreviewedChange.What: CustomStringConvertible {
    public var description: String {
        switch self {
        case .created: "created"
        case .changed(let manager): "changed by '\(manager)'"
        }
    }
}
