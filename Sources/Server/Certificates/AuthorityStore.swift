/// Where the authorities are kept, so that every replica and every start knows the same ones.
public protocol AuthorityStore: Sendable {
    /// - Returns: the state, and the version to write over.
    func load() async throws -> (state: AuthorityState, version: String?)

    /// Writes over exactly that version.
    /// - Returns: whether it is written; false when somebody else was faster.
    func save(_ state: AuthorityState, over version: String?) async throws -> Bool
}
