internal import SystemPackage

/// The mounts of `/proc/PID/mountinfo` (proc(5)).
enum MountTable {
    /// Where something is mounted below a directory, seen from there; nil where the directory stands for a whole file system.
    ///
    /// In a Pod the root may be an empty directory into which a few directories of the machine are mounted. What lies beside those is the Pod's own, and
    /// what is missing there says nothing of the machine. A directory that is a mount itself is whole, and so is one that has nothing mounted but what a
    /// program in it needs to run.
    static func pieces(below directory: FilePath, in bytes: [UInt8]) -> [FilePath]? {
        let points = bytes.byteLines.compactMap { line -> FilePath? in
            let words = line.byteWords
            return words.count > 6 ? FilePath(unescaped(words[4])) : nil
        }
        guard directory != "/", !points.contains(directory) else { return nil }
        let pieces = points.filter { $0.starts(with: directory) }.map { FilePath(root: "/", $0.components.dropFirst(directory.components.count)) }
        let usual: [FilePath] = ["/proc", "/sys", "/run"]
        return pieces.contains { !usual.contains($0) && !$0.starts(with: "/dev") } ? pieces : nil
    }

    /// Blanks and backslashes of a path are written as three octal digits there.
    private static func unescaped(_ bytes: ArraySlice<UInt8>) -> String {
        var text: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), let code = rest.prefix(3).number(radix: 8), let plain = UInt8(exactly: code) {
                text.append(plain)
                rest = rest.dropFirst(3)
            } else {
                text.append(byte)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The types of the file systems that are mounted with this number of a device.
    static func types(ofDevice device: UInt64, in bytes: [UInt8]) -> Set<String> {
        let (major, minor) = (device >> 8 & 0xFFF | device >> 32 & ~0xFFF, device & 0xFF | device >> 12 & ~0xFF)
        var types: Set<String> = []
        for line in bytes.byteLines {
            // id parent major:minor root point options optional… - type source options
            let words = line.byteWords
            guard words.count > 6, words[2].elementsEqual("\(major):\(minor)".utf8), let dash = words.firstIndex(of: [UInt8(ascii: "-")]),
                dash + 1 < words.count
            else { continue }
            types.insert(words[dash + 1].text)
        }
        return types
    }
}
