internal import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Gathers what a machine shows about itself, without running anything on it and without changing anything.
public struct NodeCollector: Sendable {
    private let options: CollectorOptions

    public init(_ options: CollectorOptions) {
        self.options = options
    }

    /// - Throws: `RootError` when the root itself cannot be entered. Everything else that cannot be read becomes a refusal in the document.
    public func collect() throws(RootError) -> CollectorResult {
        let started = Instant.monotonic
        let root: RootDirectory
        do throws(Errno) {
            root = try RootDirectory(opening: FilePath(options.root))
        } catch {
            throw RootError(path: options.root, message: error.description)
        }
        var gathering = Gathering(options, root: root)
        gathering.gather()
        gathering.evidence.collector.milliseconds = Instant.monotonic - started
        let evidence = gathering.evidence
        return CollectorResult(
            json: evidence.json, isComplete: evidence.isComplete,
            refusals: evidence.refusals.filter { !$0.isVanished }.map { "\($0.path): \($0.operation.rawValue): \($0.error)" },
            wantsRights: evidence.wantsRights, sawKubernetes: gathering.sawKubernetes, redactions: gathering.redactions)
    }

    /// The directory that stands for `/` cannot be entered.
    public struct RootError: Error, Sendable {
        public let path: String
        public let message: String
    }
}
