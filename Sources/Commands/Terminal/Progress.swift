internal import Synchronization
internal import SystemPackage

/// A line on the terminal that says how far a long scan is; silent when nobody is looking.
final class Progress: Sendable {
    private let isOn: Bool
    private let total: Int
    private let what: String
    private let done = Atomic<Int>(0)

    init(_ what: String, total: Int, quiet: Bool) {
        isOn = !quiet && total >= 200 && Terminal.isTerminal(.standardError)
        self.total = total
        self.what = what
    }

    func step() {
        guard isOn else { return }
        let count = done.add(1, ordering: .relaxed).newValue
        if count % 50 == 0 { try? Output.error.write("\r\(what) \(count)/\(total)\u{1B}[K") }
    }

    func finish() {
        if isOn { try? Output.error.write("\r\u{1B}[K") }
    }
}
