internal import Crypto
internal import Documents

/// The state of the authorities as it is kept: the `data` of a Secret, or a file. Each key is one a person can look at.
struct AuthorityRecord: Sendable, Equatable {
    var data: [String: String]

    init(data: [String: String]) { self.data = data }

    init(_ state: AuthorityState) throws {
        data = ["ca.crt": try state.bundle]
        for (name, authority) in [("current", state.current), ("next", state.next)] {
            guard let authority else { continue }
            data["\(name).crt"] = try authority.pem + "\n"
            data["\(name).key"] = (authority.key?.key.pemRepresentation).map { $0 + "\n" }
        }
        if let published = state.nextPublished { data["next.published"] = published.description }
        if !state.retired.isEmpty { data["retired.crt"] = try state.retired.map { try $0.pem + "\n" }.joined() }
    }

    /// - Parameter place: what people call the thing this was read from.
    func state(place: String) throws(CertificateFault) -> AuthorityState {
        var state = AuthorityState()
        // Keys without a certificate mean that a write was cut off, or a hand at work.
        for name in ["current", "next"] where data["\(name).crt"] == nil && data["\(name).key"] != nil {
            throw fault(place, "\(name).crt", "it is missing, but its key is there")
        }
        state.current = try authority("current", place)
        state.next = try authority("next", place)
        state.nextPublished = data["next.published"].flatMap { Timestamp($0) }
        for block in blocks(data["retired.crt"] ?? "") {
            do { state.retired.append(try Authority(pem: block, key: nil)) } catch { throw fault(place, "retired.crt", error.description) }
        }
        return state
    }

    private func authority(_ name: String, _ place: String) throws(CertificateFault) -> Authority? {
        guard let pem = data["\(name).crt"] else { return nil }
        do { return try Authority(pem: pem, key: data["\(name).key"]) } catch { throw fault(place, "\(name).crt", error.description) }
    }

    private func fault(_ place: String, _ key: String, _ what: String) -> CertificateFault {
        CertificateFault(
            "\(place), '\(key)': \(what); restore it from a copy, or remove the data: then a new authority is made, and requests fail until it is known"
        )
    }

    private func blocks(_ text: String) -> [String] {
        var blocks: [String] = []
        var lines: [Substring] = []
        for line in text.split(separator: "\n") {
            lines.append(line)
            guard line.hasPrefix("-----END") else { continue }
            blocks.append(lines.joined(separator: "\n"))
            lines = []
        }
        if !lines.isEmpty { blocks.append(lines.joined(separator: "\n")) }
        return blocks
    }
}
