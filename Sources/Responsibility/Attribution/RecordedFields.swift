public import Documents

/// What `metadata.managedFields` of an object records: which client wrote which field last. The names of the clients are their own
/// choice, so this is never more than recorded.
public struct RecordedFields {
    private let ownership: FieldOwnership

    public struct Writer: Sendable, Equatable {
        public let manager: String
        /// `Apply` or `Update`.
        public let operation: String
        /// RFC 3339, empty when the record has none.
        public let time: String
        public let subresource: String

        init(_ manager: FieldManager) {
            (self.manager, operation, time, subresource) = (manager.name, manager.operation, manager.time, manager.subresource)
        }
    }

    /// - Parameter root: the object.
    public init(of root: Value) { ownership = FieldOwnership(of: root) }

    /// Whether the record is there but cannot be read.
    public var isMalformed: Bool { ownership.isMalformed }

    /// Everybody who is recorded, in the order of the record.
    public var writers: [Writer] { ownership.all.map { Writer($0) } }

    /// Who wrote the value at a place of the object, the latest where several did.
    public func writer(of place: Value) -> Writer? { ownership.owner(of: place).map { Writer($0) } }
}
