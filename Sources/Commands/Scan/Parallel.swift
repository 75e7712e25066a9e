/// Work on all cores whose results keep their order.
enum Parallel {
    /// Maps elements in runs that are large enough to pay for a task and small enough to balance.
    static func map<Element: Sendable, Result: Sendable>(
        _ elements: [Element], _ transform: @Sendable @escaping (Element) -> Result
    ) async -> [Result] {
        await ranges(of: elements.count) { range in range.map { transform(elements[$0]) } }.flatMap { $0 }
    }

    /// Calls `body` for consecutive ranges that cover `0..<count`; the results come in the order of the ranges.
    static func ranges<Result: Sendable>(of count: Int, _ body: @Sendable @escaping (Range<Int>) -> Result) async -> [Result] {
        let workers = Terminal.processors
        let size = max(1, (count + workers * 8 - 1) / (workers * 8))
        let starts = Array(stride(from: 0, to: count, by: size))
        guard workers > 1, starts.count > 1 else { return starts.map { body($0..<min($0 + size, count)) } }
        return await withTaskGroup(of: (Int, Result).self) { group in
            var results = [Result?](repeating: nil, count: starts.count)
            var next = 0
            func add() {
                guard next < starts.count else { return }
                let (index, start) = (next, starts[next])
                next += 1
                group.addTask { (index, body(start..<min(start + size, count))) }
            }
            for _ in 0..<workers { add() }
            for await (index, result) in group {
                results[index] = result
                add()
            }
            return results.compactMap { $0 }
        }
    }
}
