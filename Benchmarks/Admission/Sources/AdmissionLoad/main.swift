import Foundation
import NIOCore
import NIOPosix
import NIOSSL

/// Load on an admission webhook, as the API server makes it: few connections that stay, one request at a time on each.
func run(_ options: Options) async throws {
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.minimumTLSVersion = .tlsv13
    tls.certificateVerification = .none
    tls.applicationProtocols = ["http/1.1"]
    let context = try NIOSSLContext(configuration: tls)
    let head =
        "POST \(options.path) HTTP/1.1\r\nHost: \(options.host):\(options.port)\r\nContent-Type: application/json\r\nContent-Length: \(options.body.count)\r\n\r\n"
    var request = ByteBuffer(string: head)
    request.writeBytes(options.body)
    let start = NIODeadline.now()
    let plan = Plan(options, start: start)
    let group = MultiThreadedEventLoopGroup.singleton
    let name: String? = options.host.contains { $0.isLetter } && !options.host.contains(":") ? options.host : nil
    var tally = Tally()
    let results = (0..<options.connections).map { [request] _ in
        let done = group.any().makePromise(of: Tally.self)
        ClientBootstrap(group: group)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        NIOSSLClientHandler(context: context, serverHostname: name), LoadHandler(request, plan, done),
                    ])
                }
            }
            .connect(host: options.host, port: options.port)
            .whenFailure { _ in
                var failed = Tally()
                failed.errors = 1
                done.succeed(failed)
            }
        return done.futureResult
    }
    for result in results { tally.add(try await result.get()) }
    let seconds = options.requests == nil ? options.seconds : Double((NIODeadline.now() - start).nanoseconds) / 1e9
    report(tally, seconds, options)
}

func report(_ tally: Tally, _ seconds: Double, _ options: Options) {
    let rate = Int((Double(tally.count) / seconds).rounded())
    let shares = [0.5, 0.95, 0.99].map { String(format: "%.2f", tally.milliseconds($0)) }
    let statuses = tally.byStatus.sorted { $0.key < $1.key }
    if options.isJSON {
        let byStatus = statuses.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",")
        print(
            "{\"requestsPerSecond\":\(rate),\"p50\":\(shares[0]),\"p95\":\(shares[1]),\"p99\":\(shares[2]),\"requests\":\(tally.count),"
                + "\"errors\":\(tally.errors),\"connections\":\(options.connections),\"statuses\":{\(byStatus)}}")
    } else {
        let byStatus = statuses.map { "\($0.value) × \($0.key)" }.joined(separator: ", ")
        print(
            "\(rate) requests/s   p50 \(shares[0]) ms   p95 \(shares[1]) ms   p99 \(shares[2]) ms   \(byStatus)   errors \(tally.errors)")
    }
}

do {
    let options = try Options(Array(CommandLine.arguments.dropFirst()))
    try await run(options)
} catch let error as UsageError {
    FileHandle.standardError.write(Data("\(error.text)\n\(Options.usage)\n".utf8))
    exit(64)
}
