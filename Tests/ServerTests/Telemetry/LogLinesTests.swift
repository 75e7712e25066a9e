import Admission
import Documents
import Logging
import Testing

@testable import Server

@Suite struct LogLinesTests {
    private static let instant = Timestamp(secondsSinceEpoch: 1_800_000_000)

    private func logged(_ format: LogFormat, level: Logger.Level = .info, _ body: (inout Logger) -> Void) -> String {
        let catcher = LogCatcher()
        var logger = Logger(label: "webhook") { LogLines(label: $0, format: format, level: level, now: { Self.instant }, write: catcher.take) }
        body(&logger)
        return catcher.text
    }

    @Test func json() {
        let text = logged(.json) { logger in
            logger[metadataKey: "replica"] = "a"
            logger.warning("it's \"so\"\u{1B}[2J\u{2028}", metadata: ["b": "2\n{", "a": "\u{9B}", "time": "never", "level": "none"])
            logger.debug("not written")
        }
        #expect(
            text
                == #"{"time":"2027-01-15T08:00:00Z","level":"warning","logger":"webhook","message":"it's \"so\"\u001b[2J\u2028","a":"\u009b","b":"2\u000a{","replica":"a"}"#
                + "\n")
    }

    @Test func text() {
        let text = logged(.text, level: .debug) { $0.debug("two\nlines", metadata: ["name": "web", "path": "a b\u{1B}"]) }
        #expect(text == "2027-01-15T08:00:00Z debug \"two\\U0000000alines\" name=web path=\"a b\\U0000001b\"\n")
    }

    @Test func longValuesAreCut() {
        let text = logged(.json) { $0.info("x", metadata: ["a": "\(String(repeating: "y", count: 100_000))"]) }
        #expect(text.utf8.count < 1_300)
        #expect(text.hasSuffix("y…\"}\n"))
    }

    /// One line for a denial: what was asked, its trace, nothing of the object.
    @Test func denials() async throws {
        try await TestServer.running(review: { (_, _) async throws(ReviewFault) in TestServer.answer(.deny) }) { server in
            try await RawConnection.open(server.port) { connection in
                let trace = "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
                try await connection.send(RawRequest.post(body: "{\"password\":\"hunter2\"}", trace))
                #expect(try await connection.answer()?.status == 200)
            }
            let line = try #require(server.log.lines(with: "\"message\":\"denied\"").first)
            for part in [
                #""operation":"CREATE""#, #""resource":"pods""#, #""namespace":"shop""#, #""stage":"validate""#, #""dry_run":"false""#,
                #""trace_id":"0af7651916cd43dd8448eb211c80319c""#, #""span_id":"b7ad6b7169203331""#,
            ] { #expect(line.contains(part)) }
            #expect(server.log.lines(with: "denied").count == 1)
            #expect(!server.log.text.contains("hunter2"))
        }
    }
}
