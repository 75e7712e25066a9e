/// Whether any of many secrets still stands in a text.
///
/// In one pass over the text: a file may hold thousands of secrets, and a search for each of them would take as many passes.
enum SecretRemains {
    /// What is shorter stands in many texts without being the secret.
    private static let shortest = 6

    /// - Returns: true as well where that would take too long to tell.
    static func areIn(_ text: [UInt8], of secrets: [SecretScalar]) -> Bool {
        var byBeginning: [UInt64: [[UInt8]]] = [:]
        for secret in Set(secrets.map { Array($0.text.utf8) }) where secret.count >= shortest {
            byBeginning[beginning(secret, 0), default: []].append(secret)
        }
        guard !byBeginning.isEmpty, text.count >= shortest else { return false }
        // Secrets that all begin alike, and a text full of such beginnings, would make it a pass for each again.
        var budget = 64 * text.count + 1 << 20
        for start in 0...(text.count - shortest) {
            guard let candidates = byBeginning[beginning(text, start)] else { continue }
            for candidate in candidates {
                var length = shortest
                while length < candidate.count, start + length < text.count, candidate[length] == text[start + length] { length += 1 }
                budget -= length
                if length == candidate.count || budget < 0 { return true }
            }
        }
        return false
    }

    private static func beginning(_ bytes: [UInt8], _ start: Int) -> UInt64 {
        (start..<start + shortest).reduce(0) { $0 << 8 | UInt64(bytes[$1]) }
    }
}
