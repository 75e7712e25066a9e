internal import Synchronization

/// One number that many connections change at once without waiting for each other.
final class Cell: Sendable {
    private let number = Atomic<Int>(0)

    var value: Int { number.load(ordering: .relaxed) }

    func add(_ amount: Int) { number.wrappingAdd(amount, ordering: .relaxed) }
    func set(_ value: Int) { number.store(value, ordering: .relaxed) }
}

/// What only grows.
public final class Counter: Metric {
    public let name: String
    public let help: String
    public let kind = MetricKind.counter
    private let space: LabelSpace
    private let cells: [Cell]

    public init(_ name: String, _ help: String, labels: [MetricLabel] = []) {
        (self.name, self.help, space) = (name, help, LabelSpace(labels))
        cells = (0..<space.count).map { _ in Cell() }
    }

    /// - Parameter values: one for each label, in their order.
    public func add(_ amount: Int = 1, _ values: String...) { cells[space.slot(of: values)].add(amount) }

    /// What stands there now.
    public func value(_ values: String...) -> Int { cells[space.slot(of: values)].value }

    public func write(to exposition: inout Exposition) {
        for (slot, cell) in cells.enumerated() where cell.value != 0 || space.labels.isEmpty {
            exposition.sample(name, space.pairs(of: slot), Double(cell.value))
        }
    }
}

/// What rises and falls. Shown once it was set.
public final class Gauge: Metric {
    public let name: String
    public let help: String
    public let kind = MetricKind.gauge
    private let space: LabelSpace
    /// The bits of a `Double`. No number has the pattern that stands for "never set".
    private let cells: [Cell]

    private static let unset = Int(bitPattern: UInt(Double(nan: 1, signaling: false).bitPattern))

    public init(_ name: String, _ help: String, labels: [MetricLabel] = []) {
        (self.name, self.help, space) = (name, help, LabelSpace(labels))
        cells = (0..<space.count).map { _ in
            let cell = Cell()
            cell.set(Gauge.unset)
            return cell
        }
    }

    public func set(_ value: Double, _ values: String...) {
        cells[space.slot(of: values)].set(Int(bitPattern: UInt(value.bitPattern)))
    }

    public func value(_ values: String...) -> Double? { number(cells[space.slot(of: values)]) }

    private func number(_ cell: Cell) -> Double? {
        let bits = cell.value
        return bits == Gauge.unset ? nil : Double(bitPattern: UInt64(UInt(bitPattern: bits)))
    }

    public func write(to exposition: inout Exposition) {
        for (slot, cell) in cells.enumerated() {
            if let number = number(cell) { exposition.sample(name, space.pairs(of: slot), number) }
        }
    }
}
