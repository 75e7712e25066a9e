import Responsibility

/// The JSON of each distinct attribution, rendered once.
///
/// An estate has few distinct attributions, and those of one rule share their chain. So the chain's storage is the key:
/// comparing the words of a hundred thousand chains would cost more than everything else a report does.
struct AttributionCache {
    private struct Key: Hashable {
        /// Where the chain's strings lie. The chains stay alive as long as the result that the cache is used for.
        let chain: UnsafeRawPointer?
        let length: Int
        let party: Party
        let basis: Attribution.Basis
        let strength: Attribution.Strength
        let principal: String?
    }

    private var rendered: [Key: [UInt8]] = [:]

    mutating func text(of attribution: Attribution) -> [UInt8] {
        let key = Key(
            chain: attribution.chain.withUnsafeBytes { $0.baseAddress }, length: attribution.chain.count, party: attribution.party,
            basis: attribution.basis, strength: attribution.strength, principal: attribution.principal)
        if let known = rendered[key] { return known }
        var writer = ByteWriter(chunk: 512)
        writer.object { writer in
            writer.field("party", attribution.party.rawValue)
            writer.key("principal")
            writer.value(attribution.principal)
            writer.field("basis", attribution.basis.rawValue)
            writer.field("strength", attribution.strength.rawValue)
            writer.array("chain") { for step in attribution.chain { $0.value(step) } }
            guard let author = attribution.introducedBy else { return }
            writer.object("introducedBy") { writer in
                writer.field("user", author.user)
                writer.field("impersonated", unlessEmpty: author.impersonated)
                writer.field("time", author.time)
                writer.field("evidence", author.evidence)
            }
        }
        let text = writer.take()
        // Chains that nobody shares would only fill the memory.
        if rendered.count < 4096 { rendered[key] = text }
        return text
    }
}
