/// Editions mostly ask for the same under other numbers. Each requirement is written once, in the edition that has it first in
/// this order: 1.12, 1.11, 1.10; the others name it.
extension Benchmark {
    /// Who judges a row.
    enum Judge { case controls, person }

    /// Rows of an edition that ask for what consecutive rows of another one ask for, with their titles and what to look at.
    ///
    ///     same("1.2", 5...12, from: 4)      // 1.2.5 to 1.2.12 are 1.2.4 to 1.2.11 there
    ///     same("5.7", 1...4, as: "5.6")     // 5.7.1 to 5.7.4 are 5.6.1 to 5.6.4 there
    ///
    /// - Parameters:
    ///   - section: of the rows, `1.2`.
    ///   - numbers: of the rows in it.
    ///   - origin: the section in the other edition, nil for the same.
    ///   - first: the number there of the first of them, nil for the same.
    ///   - edition: the other edition.
    ///   - judge: who judges them here, nil where it is as in the other edition.
    static func same(
        _ section: String, _ numbers: ClosedRange<Int>, as origin: String? = nil, from first: Int? = nil, of edition: Benchmark = .cis1x12,
        by judge: Judge? = nil
    ) -> [Row] {
        let shift = (first ?? numbers.lowerBound) - numbers.lowerBound
        return numbers.map { number in
            edition.row("\(origin ?? section).\(number + shift)", as: "\(section).\(number)", by: judge)
        }
    }

    /// One row of that kind.
    static func same(
        _ section: String, _ number: Int, as origin: String? = nil, from other: Int? = nil, of edition: Benchmark = .cis1x12, by judge: Judge? = nil
    ) -> [Row] {
        same(section, number...number, as: origin, from: other, of: edition, by: judge)
    }

    /// A row with the words of one of this edition. A wrong id gives an empty title, which a test finds.
    private func row(_ origin: String, as id: String, by judge: Judge?) -> Row {
        let row = rows.first { $0.id == origin }
        let judge = judge ?? (row?.isAutomated == true ? .controls : .person)
        return Row(
            id: id, title: row?.title ?? "", counterpart: row?.counterpart ?? Reference(self.id, origin), isAutomated: judge == .controls,
            lookAt: judge == .controls ? nil : row?.guidance ?? "", guidance: row?.guidance)
    }
}
