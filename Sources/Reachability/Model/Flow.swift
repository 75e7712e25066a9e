/// One end of a flow.
public enum FlowEnd: Hashable, Sendable {
    /// Index into the workloads of the model.
    case workload(Int)
    case addresses(AddressInterval)
}

/// Connections that policies let through from one end to the other.
public struct Flow: Hashable, Sendable {
    public let source: FlowEnd
    public let destination: FlowEnd
    public let connections: ConnectionSet

    public init(source: FlowEnd, destination: FlowEnd, connections: ConnectionSet) {
        self.source = source
        self.destination = destination
        self.connections = connections
    }
}
