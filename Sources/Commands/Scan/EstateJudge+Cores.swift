internal import Kubernetes
internal import Responsibility

extension EstateJudge {
    /// Judges on all cores. Each part is a pure function of its range, so the result does not depend on how the work was cut.
    ///
    /// - Parameter subjects: ascending ranges of the inventory.
    func run(on subjects: [Range<Int>], recordsQuiet: Bool) async -> Part {
        var parts = await Parallel.ranges(of: inventory.objects.count) { range in
            self.judge(subjects.map { $0.clamped(to: range) }.filter { !$0.isEmpty }, recordsQuiet: recordsQuiet)
        }
        var all = Part()
        all.findings.reserveCapacity(parts.reduce(0) { $0 + $1.findings.count })
        for index in parts.indices {
            all.append(parts[index])
            // Let go at once: there may be hundreds of thousands.
            parts[index] = Part()
        }
        return all
    }
}
