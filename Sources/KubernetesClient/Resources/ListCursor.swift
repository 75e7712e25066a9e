/// Which page of a list to ask for next. Pure; the shell that asks is `ClusterClient.pages`.
struct ListCursor: Sendable, Equatable {
    enum Step: Sendable, Equatable {
        case ask(limit: Int, continueToken: String?)
        case done
    }

    private(set) var limit: Int
    private(set) var token: String?
    private(set) var isDone = false
    /// Pages that were handed out count no longer: the list began anew.
    private(set) var restarts = 0
    /// The rest of the list is of a later moment than its beginning.
    private(set) var isInconsistent = false

    /// A list that is too old even when it has just begun will not get younger.
    private static let mostRestarts = 2

    init(limit: Int) { self.limit = max(1, limit) }

    var step: Step { isDone ? .done : .ask(limit: limit, continueToken: token) }

    /// A page came.
    /// - Parameter next: its `metadata.continue`.
    mutating func took(next: String?) {
        guard let next, !next.isEmpty else {
            isDone = true
            return
        }
        token = next
    }

    /// A page did not come.
    /// - Returns: whether `step` is worth asking.
    mutating func failed(_ error: ClusterError) -> Bool {
        switch error.kind {
        // Objects may be a megabyte each; fewer at a time fit.
        case .tooLarge where limit > 1:
            limit = max(1, limit / 4)
            return true
        case .gone where token != nil:
            // The server offers to go on with what is there now: https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
            if let offered = error.inconsistentContinue, offered != token {
                token = offered
                isInconsistent = true
                return true
            }
            guard restarts < ListCursor.mostRestarts else { return false }
            restarts += 1
            token = nil
            return true
        default: return false
        }
    }
}
