/// The mounts of `/proc/PID/mountinfo` (proc(5)).
enum MountTable {
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
