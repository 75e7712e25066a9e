internal import SystemPackage

/// Reading the small files that credentials are made of.
enum ClientFile {
    /// Nothing of a kubeconfig is larger; a path that leads to a device must not fill the memory.
    private static let limit = 4 << 20

    /// - Parameter what: as errors call it: "the client certificate".
    static func read(_ path: String, _ what: String) throws(ClusterError) -> [UInt8] {
        let errno: Errno
        do throws(Errno) {
            guard let bytes = try contents(path) else { throw Errno.fileTooLarge }
            return bytes
        } catch {
            errno = error
        }
        throw .configuration("\(what) \(path) cannot be read: \(errno); check the path and its permissions")
    }

    /// nil where there is no such file.
    static func readIfThere(_ path: String, _ what: String) throws(ClusterError) -> [UInt8]? {
        do throws(Errno) {
            let descriptor = try FileDescriptor.openFile(path)
            try? descriptor.close()
        } catch {
            if error == .noSuchFileOrDirectory { return nil }
        }
        return try read(path, what)
    }

    private static func contents(_ path: String) throws(Errno) -> [UInt8]? {
        let descriptor = try FileDescriptor.openFile(path)
        defer { try? descriptor.close() }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = try descriptor.readSome(into: &chunk)
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            if bytes.count > limit { return nil }
        }
    }
}

extension FileDescriptor {
    /// swift-system's calls throw untyped, though never anything but `Errno`.
    fileprivate static func openFile(_ path: String) throws(Errno) -> FileDescriptor {
        do { return try FileDescriptor.open(FilePath(path), .readOnly) } catch { throw error as? Errno ?? .ioError }
    }

    fileprivate func readSome(into chunk: inout [UInt8]) throws(Errno) -> Int {
        do { return try chunk.withUnsafeMutableBytes { try read(into: $0) } } catch { throw error as? Errno ?? .ioError }
    }
}
