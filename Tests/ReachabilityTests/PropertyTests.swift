import Reachability
import Testing

/// Laws that hold for every estate, tried on estates by chance.
struct PropertyTests {
    /// The engine, which answers for whole groups at once, against one that looks at a single connection at a time.
    @Test(arguments: 0..<400)
    func agreesWithTheReference(seed: Int) throws {
        var random = RandomEstate(seed: seed)
        let estate = random.estate
        let model = model(estate.manifest)
        #expect(model.gaps.isEmpty, "\(model.gaps.map(\.message))")
        for _ in 0..<60 {
            let (source, destination, transport, port) = random.question()
            let expected = estate.allows(source, destination, transport, port)
            let found = try model.allows(source, destination, transport, port)
            #expect(found == expected, "seed \(seed): \(source) → \(destination) \(transport) \(port)\n\(estate.manifest)")
        }
    }
}
