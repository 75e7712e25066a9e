/// libFuzzer's own loop, from the runtime library that `-sanitize=fuzzer` links.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ target: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// Set once before libFuzzer starts, which then calls from one thread only.
nonisolated(unsafe) private var property: ([UInt8]) -> Void = { _ in }

/// Hands the property to libFuzzer, which reads the command line.
public func runFuzzer(_ check: @escaping ([UInt8]) -> Void) {
    property = check
    var count = CommandLine.argc
    var arguments = CommandLine.unsafeArgv
    _ = runDriver(&count, &arguments, checkInput)
}

/// The name under which libFuzzer's unused `main` looks for a target.
@_cdecl("LLVMFuzzerTestOneInput")
public func checkInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    property(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}
