internal import NIOCore
internal import NIOPosix

/// Where everything runs.
public enum EventLoops {
    /// Makes the event loops the executor of all tasks: a review is then answered on the thread that has read it. Call it first of all.
    /// - Returns: whether it could be done; without, everything works, and a review changes threads four times.
    @discardableResult
    public static func becomeExecutor() -> Bool { NIOSingletons.unsafeTryInstallSingletonPosixEventLoopGroupAsConcurrencyGlobalExecutor() }
}
