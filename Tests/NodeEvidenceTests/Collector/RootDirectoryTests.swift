import Foundation
import SystemPackage
import Testing

@testable import NodeEvidence

/// Nothing leads out of a root.
struct RootDirectoryTests {
    private func end(_ root: FakeRoot, _ path: String, followsLast: Bool = true) throws -> Result<String, Errno> {
        let directory = try RootDirectory(opening: FilePath(root.url.path))
        return directory.walk(to: FilePath(path), followsLast: followsLast).end.map(\.path.string)
    }

    @Test func linksStayInside() throws {
        try FakeRoot.with(["/etc/passwd": "inside", "/a/file": "x"]) { root in
            try root.link("/absolute", to: "/etc/passwd")
            try root.link("/a/up", to: "../../../../../../etc/passwd")
            try root.link("/directory", to: "/etc")
            try root.link("/chain", to: "directory/../directory/passwd")
            for path in ["/absolute", "/a/up", "/directory/passwd", "/chain", "/../../etc/passwd", "/a/../etc/./passwd"] {
                #expect(try end(root, path) == .success("/etc/passwd"), "\(path)")
            }
            let directory = try RootDirectory(opening: FilePath(root.url.path))
            #expect(try directory.place(of: "/absolute").read(limit: 100).bytes == Array("inside".utf8))
            #expect(try end(root, "/absolute", followsLast: false) == .success("/absolute"))
        }
    }

    @Test func walksEndWhereTheyMust() throws {
        try FakeRoot.with(["/file": "x"]) { root in
            try root.link("/loop", to: "loop")
            try root.link("/one", to: "two")
            try root.link("/two", to: "one")
            try root.link("/deep", to: "deep/deep/deep")
            try root.link("/dangling", to: "/nowhere")
            #expect(try end(root, "/loop") == .failure(.tooManySymbolicLinkLevels))
            #expect(try end(root, "/one") == .failure(.tooManySymbolicLinkLevels))
            #expect(try end(root, "/deep") == .failure(.tooManySymbolicLinkLevels))
            #expect(try end(root, "/dangling") == .failure(.noSuchFileOrDirectory))
            #expect(try end(root, "/file/x") == .failure(.notDirectory))
            #expect(try end(root, "/") == .success("/"))
        }
    }

    @Test func stepsAreTheDirectoriesAndLinksOnTheWay() throws {
        try FakeRoot.with(["/etc/kubernetes/real/file": "x"]) { root in
            try root.link("/etc/kubernetes/link", to: "real")
            let directory = try RootDirectory(opening: FilePath(root.url.path))
            let walk = directory.walk(to: "/etc/kubernetes/link/file")
            #expect(walk.steps.map(\.path.string) == ["/", "/etc", "/etc/kubernetes", "/etc/kubernetes/link", "/etc/kubernetes/real"])
            #expect(walk.steps.map(\.target?.string) == [nil, nil, nil, "real", nil])
        }
    }

    @Test func onlyRegularFilesAreOpened() throws {
        try FakeRoot.with(["/file": "0123456789"]) { root in
            #expect(mkfifo(root.path("/fifo"), 0o600) == 0)
            let directory = try RootDirectory(opening: FilePath(root.url.path))
            #expect(throws: Errno.invalidArgument) { try directory.place(of: "/fifo").read(limit: 10) }
            // Also when it became one behind the walk's back.
            #expect(throws: Errno.invalidArgument) { try directory.place(of: "/").parent.read("fifo", limit: 10) }
            #expect(throws: Errno.invalidArgument) { try directory.place(of: "/").read(limit: 10) }
            let whole = try directory.place(of: "/file").read(limit: 10)
            #expect(whole.bytes.count == 10 && !whole.isTruncated)
            let part = try directory.place(of: "/file").read(limit: 9)
            #expect(part.bytes == Array("012345678".utf8) && part.isTruncated)
        }
    }

    @Test func namesMayBeAnything() throws {
        try FakeRoot.with { root in
            var bytes: [CChar] = Array(root.path("/").utf8CString.dropLast())
            bytes += [0x61, -1, 0x0A, 0x1B, 0]
            close(open(bytes, O_CREAT | O_WRONLY, 0o600))
            let directory = try RootDirectory(opening: FilePath(root.url.path))
            let names = try directory.place(of: "/").names(limit: 10)
            #expect(names.map(\.rawBytes) == [[0x61, 0xFF, 0x0A, 0x1B]])
            let place = try directory.place(of: FilePath("/").appending(names[0]))
            #expect(place.path.evidenceText == "/a\\xff\n\u{1B}")
        }
    }

    @Test func theProcessFileSystemIsKnownByItsMount() throws {
        #expect(try RootDirectory(opening: "/proc").isProcessFileSystem)
        try FakeRoot.with(["/self/mountinfo": "1 1 0:0 / / rw - proc proc rw"]) { root in
            let copy = try RootDirectory(opening: FilePath(root.url.path))
            #expect(!copy.isProcessFileSystem)
        }
    }
}
