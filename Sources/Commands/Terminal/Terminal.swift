internal import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// What the terminal can show.
enum Terminal {
    static func isTerminal(_ descriptor: FileDescriptor) -> Bool {
        isatty(descriptor.rawValue) == 1
    }

    /// Columns of standard output; 100 when it is no terminal and `COLUMNS` says nothing.
    static var width: Int {
        var size = winsize()
        if ioctl(FileDescriptor.standardOutput.rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        return environment("COLUMNS").flatMap(Int.init) ?? 100
    }

    /// Whether to colour the result: only on a terminal, never under `NO_COLOR` (no-color.org) or `TERM=dumb`.
    static func useColor(disabled: Bool) -> Bool {
        !disabled && (environment("NO_COLOR") ?? "").isEmpty && environment("TERM") != "dumb" && isTerminal(.standardOutput)
    }

    static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    /// Seconds since 1970, UTC.
    static var now: Int64 { Int64(time(nil)) }

    /// Cores this process may use.
    static var processors: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}
