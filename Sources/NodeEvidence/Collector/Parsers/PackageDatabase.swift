/// The packages that `dpkg` has recorded (deb-control(5), dpkg-query(1)): paragraphs of fields.
enum PackageDatabase {
    /// - Parameter needsStatus: `/var/lib/dpkg/status` also remembers packages that are gone; the files of `status.d`, in images without dpkg,
    ///   have no field `Status` at all.
    static func packages(_ bytes: [UInt8], needsStatus: Bool = true) -> [CollectedPackage] {
        var packages: [CollectedPackage] = []
        var fields = Fields()
        bytes.withUnsafeBufferPointer { text in
            var start = 0
            while start < text.count {
                var end = start
                while end < text.count, text[end] != UInt8(ascii: "\n") { end += 1 }
                if end == start {
                    if let package = fields.package(needsStatus: needsStatus) { packages.append(package) }
                    fields = Fields()
                } else {
                    fields.take(UnsafeBufferPointer(rebasing: text[start..<end]))
                }
                start = end + 1
            }
        }
        if let package = fields.package(needsStatus: needsStatus) { packages.append(package) }
        return packages
    }

    /// The fields of one paragraph that are kept.
    private struct Fields {
        var name: String?
        var version: String?
        var architecture: String?
        var source: String?
        var isInstalled: Bool?

        /// The states without files. In all others, such as `unpacked` or `triggers-pending`, the package's files are on the disk (dpkg(1), "Package states").
        private static let gone: Set<Substring> = ["not-installed", "config-files"]

        /// Most lines are descriptions and lists of files: two bytes tell that they are none of the five fields.
        mutating func take(_ line: UnsafeBufferPointer<UInt8>) {
            guard line.count > 8 else { return }
            switch (line[0] | 0x20, line[1] | 0x20) {
            case (UInt8(ascii: "p"), UInt8(ascii: "a")): name = name ?? Fields.value(of: "package:", in: line)
            case (UInt8(ascii: "v"), UInt8(ascii: "e")): version = version ?? Fields.value(of: "version:", in: line)
            case (UInt8(ascii: "a"), UInt8(ascii: "r")): architecture = architecture ?? Fields.value(of: "architecture:", in: line)
            case (UInt8(ascii: "s"), UInt8(ascii: "o")): source = source ?? Fields.value(of: "source:", in: line)
            case (UInt8(ascii: "s"), UInt8(ascii: "t")):
                // "want flag state": hold ok installed.
                guard let status = Fields.value(of: "status:", in: line) else { return }
                isInstalled = status.split(separator: " ").last.map { !Fields.gone.contains($0) }
            default: return
            }
        }

        /// Names of fields are the same in any case.
        private static func value(of name: StaticString, in line: UnsafeBufferPointer<UInt8>) -> String? {
            let length = name.utf8CodeUnitCount
            guard line.count > length, (0..<length).allSatisfy({ line[$0] | 0x20 == name.utf8Start[$0] | 0x20 }) else { return nil }
            return Array(line[length...])[...].trimmed.text
        }

        /// `Source: gcc-12 (12.2.0-14)` where the source's version is another one than the package's.
        func package(needsStatus: Bool) -> CollectedPackage? {
            guard let name, let version, isInstalled ?? !needsStatus else { return nil }
            let words = (source ?? name).split(separator: " ")
            let other = words.count > 1 && words[1].hasPrefix("(") && words[1].hasSuffix(")") ? String(words[1].dropFirst().dropLast()) : nil
            return CollectedPackage(
                name: name, version: version, architecture: architecture, source: words.first.map(String.init) ?? name,
                sourceVersion: other ?? version, manager: "dpkg")
        }
    }
}
