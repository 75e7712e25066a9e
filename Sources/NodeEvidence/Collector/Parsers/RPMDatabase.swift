/// The packages in a database of rpm that SQLite wrote: a table `Packages` whose rows hold one header each.
enum RPMDatabase {
    struct Unreadable: Error, Equatable {
        var reason: String
    }

    static func packages(sqlite bytes: [UInt8]) throws(Unreadable) -> [CollectedPackage] {
        guard let database = SQLiteFile(bytes) else { throw Unreadable(reason: "not a database of SQLite") }
        var packages: [CollectedPackage] = []
        var broken = 0
        let isWhole = database.blobs(ofTable: "Packages") { header in
            if let package = package(header) { packages.append(package) } else { broken += 1 }
        }
        guard isWhole else { throw Unreadable(reason: "the table Packages is missing or damaged") }
        guard broken == 0 else { throw Unreadable(reason: "\(broken) headers of packages are damaged") }
        // Keys that rpm trusts are kept as packages.
        return packages.filter { $0.name != "gpg-pubkey" }
    }

    // Tags of rpm (rpm.org, "Tags").
    private static let (name, version, release, epoch, architecture, sourceRPM) = (1000, 1001, 1002, 1003, 1022, 1044)
    private static let wanted: Set = [name, version, release, architecture, sourceRPM]

    /// A header: two numbers, the index with four numbers an entry (tag, type, offset, count), the data (rpm.org, "RPM v4 package format").
    static func package(_ header: [UInt8]) -> CollectedPackage? {
        guard let entries = header.bigEndian(at: 0), let size = header.bigEndian(at: 4), entries <= 1 << 16, size <= 1 << 28,
            header.count >= 8 + entries * 16 + size
        else { return nil }
        let data = 8 + entries * 16
        var texts: [Int: String] = [:]
        var number: Int?
        for entry in 0..<entries {
            guard let tag = header.bigEndian(at: 8 + entry * 16), let type = header.bigEndian(at: 12 + entry * 16),
                let offset = header.bigEndian(at: 16 + entry * 16), offset < size
            else { continue }
            // 6 is a string, 4 an array of 32-bit numbers.
            if type == 6 {
                // Each wanted tag once: a header has room for thousands of entries that all name the same long text.
                guard wanted.contains(tag), texts[tag] == nil else { continue }
                texts[tag] = header[(data + offset)..<(data + size)].prefix { $0 != 0 }.text
            } else if type == 4, tag == epoch {
                number = header.bigEndian(at: data + offset)
            }
        }
        guard let name = texts[name], let version = texts[version], let release = texts[release] else { return nil }
        let prefix = number.map { "\($0):" } ?? ""
        let full = prefix + version + "-" + release
        let source = texts[sourceRPM].flatMap(sourcePackage)
        return CollectedPackage(
            name: name, version: full, architecture: texts[architecture], source: source?.name,
            // The name of the source's file has no epoch. It is that of what was built from it, unless a subpackage sets one of its own, as hardly any does.
            sourceVersion: source.map { prefix + $0.version }, manager: "rpm")
    }

    /// `openssl-3.0.7-27.el9.src.rpm`: the name may hold dashes, version and release do not.
    private static func sourcePackage(_ file: String) -> (name: String, version: String)? {
        guard file.hasSuffix(".src.rpm") else { return nil }
        let parts = file.dropLast(8).split(separator: "-")
        guard parts.count > 2 else { return nil }
        return (parts.dropLast(2).joined(separator: "-"), parts.suffix(2).joined(separator: "-"))
    }
}

extension [UInt8] {
    /// A number of 32 bits; nil beyond the end.
    func bigEndian(at offset: Int) -> Int? {
        guard offset >= 0, offset + 4 <= count else { return nil }
        return Int(self[offset]) << 24 | Int(self[offset + 1]) << 16 | Int(self[offset + 2]) << 8 | Int(self[offset + 3])
    }
}
