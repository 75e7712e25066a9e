public import Documents

/// The directories on the way to files: whoever may write one of them puts another file in the place of any below.
public struct DirectoriesAbove: Sendable {
    /// Each once, with one of the files it leads to.
    public private(set) var directories: [(directory: EvidenceFile, file: EvidenceFile)] = []
    /// Paths of which the evidence holds nothing.
    public private(set) var unseen: [String] = []

    private let document: EvidenceDocument
    private var visited: Set<Way> = []

    private struct Way: Hashable {
        let viewer: Viewer
        let path: String
    }

    public init(in document: EvidenceDocument) {
        self.document = document
    }

    /// Walks up from a file until it meets what was walked before.
    /// - Returns: the range in `directories` of what is new.
    public mutating func add(above file: EvidenceFile) throws(WrongType) -> Range<Int> {
        let start = directories.count
        let viewer = Viewer(of: file)
        var ways = [file.path] + file.aliases
        while let path = ways.popLast() {
            for directory in EvidenceDocument.directories(above: path) {
                guard visited.insert(Way(viewer: viewer, path: directory)).inserted else { break }
                guard let entry = try document.file(directory, seenBy: viewer) else {
                    unseen.append(directory)
                    continue
                }
                if entry.type == .symlink {
                    // Its own mode says nothing; where it leads to has directories above it too.
                    guard let target = try entry.place["target"].string(), !target.isEmpty else { continue }
                    ways.append(EvidenceDocument.resolve(target, from: directory) + "/")
                } else if !entry.isMissing {
                    directories.append((entry, file))
                }
            }
        }
        return start..<directories.count
    }
}
