internal import Reports

/// Which reports must be written and which deleted. Pure.
///
/// It knows what the server holds only as long as nobody else writes: whoever gets the lease reads the server's reports first.
struct ReportSync: Sendable, Equatable {
    enum Action: Sendable, Equatable {
        case write(uid: String)
        case delete(uid: String)
    }

    /// What the server holds, by uid of the object.
    struct Stored: Sendable, Equatable {
        var namespace: String
        /// Of what was written; nil where that is not known.
        var hash: String?
    }

    private(set) var wanted: [String: JudgedObject] = [:]
    /// nil: not read yet.
    private(set) var stored: [String: Stored]?
    private var toWrite: [String] = []
    private var toDelete: [String] = []
    private var isQueued: Set<String> = []

    /// What there is to say now. Only what changed is looked at again.
    mutating func want(_ reports: [String: JudgedObject]) {
        let former = wanted
        wanted = reports
        guard stored != nil else { return }
        for (uid, object) in reports where former[uid] != object { enqueue(write: uid) }
        for uid in former.keys where reports[uid] == nil { enqueue(delete: uid) }
    }

    /// The server's reports were read.
    mutating func read(_ stored: [String: Stored]) {
        (toWrite, toDelete, isQueued) = ([], [], [])
        self.stored = stored
        for uid in wanted.keys.sorted() { enqueue(write: uid) }
        for uid in stored.keys.sorted() where wanted[uid] == nil { enqueue(delete: uid) }
    }

    /// Somebody else may write from now on.
    mutating func forget() {
        stored = nil
        (toWrite, toDelete, isQueued) = ([], [], [])
    }

    private mutating func enqueue(write uid: String) { if isQueued.insert(uid).inserted { toWrite.append(uid) } }
    private mutating func enqueue(delete uid: String) { if isQueued.insert(uid).inserted { toDelete.append(uid) } }

    var isIdle: Bool { toWrite.isEmpty && toDelete.isEmpty }
    var waiting: Int { toWrite.count + toDelete.count }

    /// What to do next; what was queued and is superfluous by now is passed over. Deleting comes first: it makes room.
    mutating func next() -> Action? {
        while let uid = toDelete.popLast() {
            isQueued.remove(uid)
            if wanted[uid] != nil {
                enqueue(write: uid)
            } else if stored?[uid] != nil {
                return .delete(uid: uid)
            }
        }
        while let uid = toWrite.popLast() {
            isQueued.remove(uid)
            if wanted[uid] != nil { return .write(uid: uid) }
            if stored?[uid] != nil { return .delete(uid: uid) }
        }
        return nil
    }

    func hash(of uid: String) -> String? { stored?[uid]?.hash }
    mutating func wrote(_ uid: String, namespace: String, hash: String) { stored?[uid] = Stored(namespace: namespace, hash: hash) }
    mutating func deleted(_ uid: String) { stored?[uid] = nil }
}
