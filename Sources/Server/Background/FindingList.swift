internal import Reports

/// Objects with findings in the order of their reports' names: one that programs can go through page by page though the cluster changes
/// meanwhile. Pure.
struct FindingList: Sendable {
    /// What a program asks for.
    struct Query: Sendable, Equatable {
        static let limits = 1...1_000

        /// Findings a page.
        var limit = 500
        /// Objects up to this report are passed over.
        var after: String?
        var namespace: String?
        var party: String?
    }

    struct Page: Sendable {
        /// An object with those of its findings that were asked for.
        var objects: [JudgedObject] = []
        /// Where the next page begins; nil at the end.
        var next: String?
    }

    /// Ascending.
    private let names: [String]
    private let objects: [JudgedObject]

    /// - Parameter reports: by name.
    init(_ reports: [String: JudgedObject] = [:]) {
        let sorted = reports.sorted { $0.key < $1.key }
        (names, objects) = (sorted.map(\.key), sorted.map(\.value))
    }

    /// The findings of an object stand on one page, so that none is told twice or not at all when it changes; one object may have more than
    /// the limit.
    func page(_ query: Query) -> Page {
        var page = Page()
        var (count, last) = (0, "")
        for index in (query.after.map(place(after:)) ?? 0)..<names.count {
            var object = objects[index]
            if let namespace = query.namespace, object.scope.namespace != namespace { continue }
            if let party = query.party { object.rows.removeAll { $0.party != party } }
            guard !object.rows.isEmpty else { continue }
            if count > 0, count + object.rows.count > query.limit {
                page.next = last
                break
            }
            count += object.rows.count
            last = names[index]
            page.objects.append(object)
        }
        return page
    }

    private func place(after name: String) -> Int {
        var (low, high) = (0, names.count)
        while low < high {
            let middle = (low + high) / 2
            if names[middle] <= name { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
