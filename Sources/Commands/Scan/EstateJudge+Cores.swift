internal import Responsibility

extension EstateJudge {
    /// Judges on all cores. Each part is a pure function of its range, so the result does not depend on how the work was cut.
    ///
    /// - Parameter subjects: ascending ranges of the inventory.
    func run(on subjects: [Range<Int>], recordsQuiet: Bool) async -> Part {
        let parts = await Parallel.ranges(of: inventory.objects.count) { range in
            subjects.lazy.map { $0.clamped(to: range) }.filter { !$0.isEmpty }.map { self.judge($0, recordsQuiet: recordsQuiet) }
        }.flatMap { $0 }
        var all = Part()
        all.findings.reserveCapacity(parts.reduce(0) { $0 + $1.findings.count })
        for part in parts { all.append(part) }
        return all
    }
}
