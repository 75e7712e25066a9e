import Access

extension BlamedField {
    /// The same with less trust in what a request may have taken away that did not name it, where no answer shows what it left.
    /// - Parameters:
    ///   - all: also outside of lists, as for server-side apply; a merge patch takes away what it does not name of the lists it names.
    ///   - isMeant: whether the work of a request may be gone.
    func doubting(_ asked: Asked, list: String = "", all: Bool, _ isMeant: (Int) -> Bool) -> BlamedField {
        guard asked.isNamed else { return all ? doubted(isMeant) : self }
        var result = self
        switch content {
        case .scalar: break
        case .map(let map):
            var fields = map
            for (key, field) in map { fields[key] = field.doubting(asked.child(key), list: key.text, all: all, isMeant) }
            result.content = .map(fields)
        case .list(let items):
            let bodies = Advance.bodies(items.map(\.field.plain), items.map(\.key), asked, list)
            result.content = .list(
                zip(items, bodies).map { item, body in
                    Item(key: item.key, field: item.field.doubting(asked.item(item.key, mine: body), all: true, isMeant))
                })
        }
        return result
    }

    private func doubted(_ isMeant: (Int) -> Bool) -> BlamedField {
        var result = self
        if case .change(let number) = origin, isMeant(number) { result.origin = .among([number], incomplete: true) }
        switch content {
        case .scalar: break
        case .map(let map): result.content = .map(map.mapValues { $0.doubted(isMeant) })
        case .list(let items): result.content = .list(items.map { Item(key: $0.key, field: $0.field.doubted(isMeant)) })
        }
        return result
    }
}
