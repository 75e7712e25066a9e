internal import SystemPackage

extension Gathering {
    /// Sockets that wait for somebody, in the network of the machine's first process, each with whose it is.
    mutating func gatherSockets() {
        guard let processFiles else { return }
        var entries: [(entry: SocketTable.Entry, isTCP: Bool)] = []
        for (name, isTCP) in [("tcp", true), ("tcp6", true), ("udp", false), ("udp6", false)] {
            guard let table = networkTable(name, processFiles) else { continue }
            entries += SocketTable.waiting(table, isTCP: isTCP).map { ($0, isTCP) }
        }
        guard !entries.isEmpty else { return }
        let owners = owners(of: Set(entries.map(\.entry.inode)), processFiles)
        var seen: Set<CollectedSocket> = []
        for (entry, isTCP) in entries {
            let owner = owners[entry.inode]
            let socket = CollectedSocket(
                networkProtocol: isTCP ? "tcp" : "udp", address: entry.address, port: entry.port, process: owner.map { evidence.processes[$0].name },
                pid: owner.map { evidence.processes[$0].pid })
            // Several sockets may share one port, such as those of each thread.
            if seen.insert(socket).inserted { evidence.sockets.append(socket) }
        }
    }

    /// A collector in a Pod has a network of its own; the first process has the machine's.
    private mutating func networkTable(_ name: String, _ files: ProcessFileSystem) -> [UInt8]? {
        for path in ["/1/net/\(name)", "/net/\(name)"] {
            do throws(Errno) {
                return try files.read(FilePath(path), limit: limits.database)
            } catch {
                if error != .noSuchFileOrDirectory, error != .notDirectory { refuse("\(files.path)\(path)", .read, error) }
            }
        }
        return nil
    }

    /// The process, by its place in the evidence, that each socket belongs to. Components come first, so that a socket that several processes hold is theirs.
    private mutating func owners(of inodes: Set<Int>, _ files: ProcessFileSystem) -> [Int: Int] {
        var owners: [Int: Int] = [:]
        var wanted = inodes
        var looked = 0
        let order = evidence.processes.indices.sorted { one, other in
            let (isOne, isOther) = (evidence.processes[one].argv != nil, evidence.processes[other].argv != nil)
            return isOne == isOther ? one < other : isOne
        }
        var refused = 0
        for index in order where !wanted.isEmpty && looked < limits.openFiles {
            let names: [FilePath.Component]
            let place: RootDirectory.Place
            do throws(Errno) {
                place = try files.directory.place(of: FilePath("/\(evidence.processes[index].pid)/fd"))
                names = try place.names(limit: limits.openFiles - looked)
            } catch {
                if error == .permissionDenied { refused += 1 }
                continue
            }
            for name in names {
                looked += 1
                guard let target = try? place.parent.linkTarget(FilePath(root: nil, components: name)),
                    let inode = SocketTable.inode(ofLink: target.string), wanted.remove(inode) != nil
                else { continue }
                owners[inode] = index
            }
        }
        if !wanted.isEmpty, refused > 0 {
            note(
                Refusal(
                    path: "\(files.path)/*/fd", operation: .list,
                    error: "Permission denied for \(refused) \(refused == 1 ? "process" : "processes"); "
                        + (wanted.count == 1 ? "1 socket has no owner here" : "\(wanted.count) sockets have no owner here")))
        }
        return owners
    }
}
