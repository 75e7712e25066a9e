internal import SystemPackage

/// A file that a report is written to.
enum ReportFile {
    /// - Throws: `Failure` when it cannot be created.
    static func create(_ path: String) throws -> Output {
        do {
            let descriptor = try FileDescriptor.open(
                FilePath(path), .writeOnly, options: [.create, .truncate], permissions: [.ownerReadWrite, .groupRead, .otherRead])
            return Output(descriptor: descriptor, name: path)
        } catch {
            throw Failure.usage("\(path) cannot be written: \(error); check the directory and its permissions")
        }
    }
}
