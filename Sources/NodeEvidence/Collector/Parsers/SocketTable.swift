/// The tables of sockets in `/proc/PID/net`.
enum SocketTable {
    struct Entry: Hashable {
        var address: String
        var port: Int
        var inode: Int
    }

    /// The sockets that wait for somebody: TCP ones that listen, and UDP ones that are bound and not connected.
    ///
    /// - Parameter isTCP: whether it is `tcp` or `tcp6`; the state LISTEN is 0A there (include/net/tcp_states.h), and of UDP 07 is
    ///   one that has no peer.
    static func waiting(_ bytes: [UInt8], isTCP: Bool) -> [Entry] {
        bytes.byteLines.dropFirst().compactMap { line in
            // sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode
            let fields = line.byteWords
            guard fields.count > 9, fields[3].elementsEqual((isTCP ? "0A" : "07").utf8), let inode = fields[9].number(),
                let colon = fields[1].firstIndex(of: UInt8(ascii: ":")), let port = fields[1][(colon + 1)...].number(radix: 16), port > 0,
                let address = address(fields[1][..<colon])
            else { return nil }
            return Entry(address: address, port: port, inode: inode)
        }
    }

    /// The kernel prints each 32 bits of an address as a number of this machine, that is with its bytes turned round.
    private static func address(_ digits: ArraySlice<UInt8>) -> String? {
        guard digits.count == 8 || digits.count == 32 else { return nil }
        var octets: [Int] = []
        var rest = digits
        while !rest.isEmpty {
            guard let word = rest.prefix(8).number(radix: 16), word >= 0 else { return nil }
            for shift in [0, 8, 16, 24] { octets.append(word >> shift & 0xFF) }
            rest = rest.dropFirst(8)
        }
        if octets.count == 4 { return octets.map(String.init).joined(separator: ".") }
        if octets[..<10].allSatisfy({ $0 == 0 }), octets[10] == 0xFF, octets[11] == 0xFF {
            return "::ffff:" + octets[12...].map(String.init).joined(separator: ".")
        }
        return compressed(stride(from: 0, to: 16, by: 2).map { octets[$0] << 8 | octets[$0 + 1] })
    }

    /// As RFC 5952 writes an address: the longest run of two or more zeros, and of equal ones the first, becomes `::`.
    private static func compressed(_ groups: [Int]) -> String {
        var longest = 0..<0
        var start = 0
        while start < groups.count {
            var end = start
            while end < groups.count, groups[end] == 0 { end += 1 }
            if end - start > max(longest.count, 1) { longest = start..<end }
            start = end + 1
        }
        func text(_ part: some Sequence<Int>) -> String { part.map { String($0, radix: 16) }.joined(separator: ":") }
        if longest.isEmpty { return text(groups) }
        return text(groups[..<longest.lowerBound]) + "::" + text(groups[longest.upperBound...])
    }

    /// The number of the socket that an entry of `/proc/PID/fd` leads to: `socket:[4711]`.
    static func inode(ofLink target: String) -> Int? {
        guard target.hasPrefix("socket:["), target.hasSuffix("]") else { return nil }
        return Int(target.dropFirst(8).dropLast())
    }
}
