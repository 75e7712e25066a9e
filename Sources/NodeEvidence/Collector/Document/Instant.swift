internal import Documents

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// The clocks of the machine that the collector runs on; `Timestamp` has none on purpose.
enum Instant {
    /// Milliseconds of a clock that only goes forward.
    static var monotonic: Int {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Int(now.tv_sec) * 1000 + Int(now.tv_nsec) / 1_000_000
    }

    static var now: Timestamp { Timestamp(secondsSinceEpoch: Int64(time(nil))) }
}
