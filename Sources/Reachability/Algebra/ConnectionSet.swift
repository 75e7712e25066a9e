/// The transport protocols that Kubernetes' policies and Services know.
public enum TransportProtocol: String, Sendable, CaseIterable, Comparable {
    case tcp = "TCP"
    case udp = "UDP"
    case sctp = "SCTP"

    public static func < (one: Self, other: Self) -> Bool { one.rank < other.rank }

    private var rank: Int {
        switch self {
        case .tcp: 0
        case .udp: 1
        case .sctp: 2
        }
    }
}

/// Ports of one protocol, 1 to 65535.
public typealias PortSet = IntervalSet<UInt16>

extension PortSet {
    /// Port 0 is none that anything listens on.
    public static let allPorts = PortSet(1...65535)
}

/// Connections by protocol and destination port, exactly. `all` is every port of every protocol.
public struct ConnectionSet: Hashable, Sendable, CustomStringConvertible {
    public private(set) var tcp: PortSet
    public private(set) var udp: PortSet
    public private(set) var sctp: PortSet

    public init(tcp: PortSet = PortSet(), udp: PortSet = PortSet(), sctp: PortSet = PortSet()) {
        self.tcp = tcp
        self.udp = udp
        self.sctp = sctp
    }

    public init(_ protocol: TransportProtocol, _ ports: PortSet) {
        self.init()
        self[`protocol`] = ports
    }

    public init(unionOf sets: [ConnectionSet]) {
        guard sets.count > 1 else {
            self = sets.first ?? .none
            return
        }
        self.init(
            tcp: PortSet(unionOf: sets.lazy.map(\.tcp)), udp: PortSet(unionOf: sets.lazy.map(\.udp)), sctp: PortSet(unionOf: sets.lazy.map(\.sctp)))
    }

    public static let all = ConnectionSet(tcp: .allPorts, udp: .allPorts, sctp: .allPorts)
    public static let none = ConnectionSet()

    public subscript(_ protocol: TransportProtocol) -> PortSet {
        get {
            switch `protocol` {
            case .tcp: tcp
            case .udp: udp
            case .sctp: sctp
            }
        }
        set {
            switch `protocol` {
            case .tcp: tcp = newValue
            case .udp: udp = newValue
            case .sctp: sctp = newValue
            }
        }
    }

    public var isEmpty: Bool { tcp.isEmpty && udp.isEmpty && sctp.isEmpty }

    public var isAll: Bool { self == .all }

    public func contains(_ protocol: TransportProtocol, _ port: UInt16) -> Bool { self[`protocol`].contains(port) }

    public func isSuperset(of other: ConnectionSet) -> Bool { other.subtracting(self).isEmpty }

    public func union(_ other: ConnectionSet) -> ConnectionSet {
        ConnectionSet(tcp: tcp.union(other.tcp), udp: udp.union(other.udp), sctp: sctp.union(other.sctp))
    }

    public func intersection(_ other: ConnectionSet) -> ConnectionSet {
        ConnectionSet(tcp: tcp.intersection(other.tcp), udp: udp.intersection(other.udp), sctp: sctp.intersection(other.sctp))
    }

    public func subtracting(_ other: ConnectionSet) -> ConnectionSet {
        ConnectionSet(tcp: tcp.subtracting(other.tcp), udp: udp.subtracting(other.udp), sctp: sctp.subtracting(other.sctp))
    }

    public mutating func formUnion(_ other: ConnectionSet) { self = union(other) }

    /// `all`, `TCP 80,8000-8080; UDP 53`, or `none`.
    public var description: String {
        if isAll { return "all" }
        let parts = TransportProtocol.allCases.filter { !self[$0].isEmpty }.map { proto in
            self[proto] == .allPorts ? proto.rawValue : proto.rawValue + " " + portTexts(proto).joined(separator: ",")
        }
        return parts.isEmpty ? "none" : parts.joined(separator: "; ")
    }

    /// `80`, `8000-8080`.
    public func portTexts(_ protocol: TransportProtocol) -> [String] {
        self[`protocol`].ranges.map { $0.lowerBound == $0.upperBound ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
    }
}
