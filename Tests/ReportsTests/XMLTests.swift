import Foundation
import Reports
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

struct XMLTests {
    /// Counts what a CI system would count.
    private final class Reader: NSObject, XMLParserDelegate {
        var counts: [String: Int] = [:]
        var suites: [String: [String: String]] = [:]
        var names: [String] = []

        func parser(
            _ parser: XMLParser, didStartElement element: String, namespaceURI: String?, qualifiedName: String?, attributes: [String: String]
        ) {
            counts[element, default: 0] += 1
            if element == "testsuite" || element == "testsuites" { suites[attributes["name"] ?? ""] = attributes }
            if element == "testcase" { names.append((attributes["classname"] ?? "") + " " + (attributes["name"] ?? "")) }
        }
    }

    private func read(_ result: ScanResult) throws -> Reader {
        let parser = XMLParser(data: Data(try text(result, as: .junit).utf8))
        let reader = Reader()
        parser.delegate = reader
        let isWellFormed = parser.parse()
        #expect(isWellFormed, "\(String(describing: parser.parserError))")
        return reader
    }

    @Test func everySuiteCountsWhatItHolds() throws {
        let reader = try read(Sample.everything)
        let whole = try #require(reader.suites["demarc"])
        #expect(whole["tests"] == String(reader.counts["testcase"] ?? 0))
        #expect(whole["failures"] == String(reader.counts["failure"] ?? 0))
        #expect(whole["errors"] == String(reader.counts["error"] ?? 0))
        #expect(whole["skipped"] == String(reader.counts["skipped"] ?? 0))
        #expect(Set(reader.names).count == reader.names.count, "CI systems take equal names for one test")
    }

    @Test func aGapIsAnError() throws {
        #expect(try read(Sample.estate).suites["coverage"]?["errors"] == "2")
        #expect(try read(Sample.clean).suites["coverage"]?["errors"] == "0")
    }

    @Test func whatNobodySawIsNeitherPassedNorFailed() throws {
        let provider = try #require(try read(Sample.estate).suites["provider"])
        #expect(provider["tests"] == "2" && provider["failures"] == "1" && provider["skipped"] == "1")
    }
}
