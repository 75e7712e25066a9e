import Access

/// What the body of a request says about one place of the object.
enum Asked {
    /// The record has no body.
    case unknown
    case nothing
    /// The value as the body has it, with all below; null for what it removes.
    case value(FieldValue)
    /// What a JSON patch sets below here.
    case places([Target])

    /// A place that a JSON patch sets or removes.
    struct Target {
        /// What is left of the way to it.
        var steps: ArraySlice<FieldStep>
        /// What the patch leaves there.
        let value: FieldValue
    }

    /// - Parameter targets: a later one counts where two are of one place.
    static func of(_ targets: [Target]) -> Asked {
        if let whole = targets.last(where: \.steps.isEmpty) { return .value(whole.value) }
        return targets.isEmpty ? .nothing : .places(targets)
    }

    /// Whether the body names the place, whatever it wants there.
    var isNamed: Bool { if case .value = self { true } else { false } }

    /// Whether the body by itself makes such a difference here, whatever was there.
    func makes(_ kind: Difference.Kind) -> Bool {
        guard case .value(let body) = self else { return false }
        return kind == .removed ? body == .null : body != .null
    }

    /// Whether the body has just this value there. Of containers each part is asked about by itself.
    func names(_ value: FieldValue?) -> Bool {
        guard case .value(let body) = self else { return false }
        guard let value else { return body == .null }
        return value.isContainer ? body.isContainer : body == value
    }

    func child(_ key: ExactText) -> Asked {
        switch self {
        case .unknown, .nothing: self
        case .value(let value): value.map.map { map in map[key].map { .value($0) } ?? .nothing } ?? .nothing
        case .places(let targets): Asked.next(targets, .key(key))
        }
    }

    /// - Parameter mine: what the body has for this item, where lists were compared.
    func item(_ key: ItemKey, mine: FieldValue?) -> Asked {
        switch self {
        case .unknown, .nothing: self
        case .value: mine.map { .value($0) } ?? .nothing
        case .places(let targets): Asked.next(targets, .item(key))
        }
    }

    private static func next(_ targets: [Target], _ step: FieldStep) -> Asked {
        .of(targets.filter { $0.steps.first == step }.map { Target(steps: $0.steps.dropFirst(), value: $0.value) })
    }

    /// The same, said of the place at the end of a way.
    func placed(_ keys: [String]) -> Asked {
        guard case .value(let value) = self else { return self }
        return .of([Target(steps: keys.map { FieldStep.key(ExactText($0)) }[...], value: value)])
    }

    /// Items that the directives of a strategic merge patch take out of a list.
    func deletedItems(_ list: String) -> Set<ItemKey> {
        guard case .value(.list(let bodies)) = self else { return [] }
        let deleted = bodies.filter { $0["$patch"]?.text == "delete" }
        return deleted.isEmpty ? [] : Set(Advance.keys(deleted, list))
    }
}
