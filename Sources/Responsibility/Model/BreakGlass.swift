import Documents

/// The emergency path of a platform: somebody takes a privilege that nobody approved, answers for it, and is looked at afterwards. A model that
/// says nothing of it has none.
public struct BreakGlass: Sendable, Equatable {
    /// Whoever breaks the glass is in one of these groups.
    public let groups: [String]
    /// How long it may last.
    public let longest: Span

    /// What lasts longer is no emergency.
    public static let longestPossible = Span(seconds: 24 * 3_600)

    /// How far ahead of its beginning the glass may be broken: nobody takes an emergency in advance.
    public static let soon = Span(seconds: 300)

    public init(groups: [String], longest: Span) { (self.groups, self.longest) = (groups, longest) }

    /// Whether somebody with these groups may. They are compared as bytes.
    public func admits(_ groups: [String]) -> Bool {
        groups.contains { group in self.groups.contains { $0.utf8.elementsEqual(group.utf8) } }
    }

    static func read(_ value: Value, _ strict: inout StrictReader) -> BreakGlass? {
        guard value.isWritten else { return nil }
        strict.fields(of: value, called: "breakGlass", known: ["groups", "longest"])
        let groups = strict.texts(value, "groups")
        if groups.isEmpty { strict.fault(value, "breakGlass does not say who may", "write groups: with at least one, whose members you know") }
        guard let longest = strict.span(value, "longest") else { return nil }
        if longest > longestPossible { strict.fault(value["longest"], "'longest' is more than \(longestPossible)", "write a few hours") }
        return BreakGlass(groups: groups, longest: longest)
    }
}
