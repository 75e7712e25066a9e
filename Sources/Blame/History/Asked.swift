import Access

/// What the body of a request says about one place of the object.
enum Asked {
    /// The record has no body.
    case unknown
    case nothing
    /// The value as the body has it, with all below; null for what it removes.
    case value(FieldValue, Extent = .whole)
    /// What a JSON patch sets below here.
    case places([Target])

    /// A place that a JSON patch sets or removes.
    struct Target {
        /// What is left of the way to it.
        var steps: ArraySlice<FieldStep>
        /// What the patch leaves there.
        let value: FieldValue
        var extent = Extent.own
    }

    /// How much of what a body says its sender has to say, because there is no other way to say the rest.
    enum Extent: Equatable {
        /// A value by itself, or something new with all its parts.
        case own
        /// Mappings, and lists whose items have keys, say only what is meant; other lists are said as a whole.
        case merged
        /// The same, but all lists are said as a whole.
        case mergedMappings
        /// What is said replaces a whole, so that it may hold what its sender has only read.
        case whole
        /// The object was read, and is sent back.
        case read
    }

    /// - Parameter targets: a later one counts where two are of one place.
    static func of(_ targets: [Target]) -> Asked {
        if let whole = targets.last(where: \.steps.isEmpty) { return .value(whole.value, whole.extent) }
        return targets.isEmpty ? .nothing : .places(targets)
    }

    /// Whether the body names the place, whatever it wants there.
    var isNamed: Bool { if case .value = self { true } else { false } }

    /// Whether the body by itself makes such a difference here, whatever was there.
    func makes(_ kind: Difference.Kind) -> Bool {
        guard case .value(let body, _) = self else { return false }
        return kind == .removed ? body == .null : body != .null
    }

    /// nil where the body says nothing.
    var extent: Extent? { if case .value(_, let extent) = self { extent } else { nil } }

    /// Whether the body has just this value there. Of containers each part is asked about by itself.
    func names(_ value: FieldValue?) -> Bool {
        guard case .value(let body, _) = self else { return false }
        guard let value else { return body == .null }
        return value.isContainer ? body.isContainer : body == value
    }

    func child(_ key: ExactText) -> Asked {
        switch self {
        case .unknown, .nothing: self
        case .value(let value, let extent):
            value.map.map { map in
                let isReplaced = map[Asked.directive]?.text == "replace"
                return map[key].map { .value($0, isReplaced && extent != .read ? .whole : extent) } ?? .nothing
            } ?? .nothing
        case .places(let targets): Asked.next(targets, .key(key))
        }
    }

    /// - Parameter mine: what the body has for this item, where lists were compared.
    func item(_ key: ItemKey, mine: FieldValue?) -> Asked {
        switch self {
        case .unknown, .nothing: self
        case .value(_, let extent): mine.map { .value($0, extent) } ?? .nothing
        case .places(let targets): Asked.next(targets, .item(key))
        }
    }

    private static let directive = ExactText("$patch")

    /// The same, said of the items of a list.
    /// - Parameter list: its name, which tells whether a patch merges it.
    func items(of list: String) -> Asked {
        guard case .value(.list(let bodies), let extent) = self, extent == .merged || extent == .mergedMappings else { return self }
        let isMerged = extent == .merged && StrategicMerge.merges(bodies, named: list)
        return isMerged ? self : .value(.list(bodies), .whole)
    }

    private static func next(_ targets: [Target], _ step: FieldStep) -> Asked {
        .of(targets.filter { $0.steps.first == step }.map { Target(steps: $0.steps.dropFirst(), value: $0.value, extent: $0.extent) })
    }

    /// The same, said of the place at the end of a way.
    func placed(_ keys: [String]) -> Asked {
        guard case .value(let value, _) = self else { return self }
        return .of([Target(steps: keys.map { FieldStep.key(ExactText($0)) }[...], value: value)])
    }

    /// Items that the directives of a strategic merge patch take out of a list.
    func deletedItems(_ list: String) -> Set<ItemKey> {
        guard case .value(.list(let bodies), _) = self else { return [] }
        let deleted = bodies.filter { $0["$patch"]?.text == "delete" }
        return deleted.isEmpty ? [] : Set(Advance.keys(deleted, list))
    }
}
