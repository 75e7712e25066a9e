import Foundation
import Testing

@testable import NodeEvidence

/// Answers of servers, byte by byte. That they are those of real ones `ControlPlaneTests` shows.
struct TLSHandshakeTests {
    private func vector(_ width: Int, _ bytes: [UInt8]) -> [UInt8] {
        (0..<width).reversed().map { UInt8(truncatingIfNeeded: bytes.count >> ($0 * 8)) } + bytes
    }

    private func message(_ type: UInt8, _ body: [UInt8]) -> [UInt8] { [type] + vector(3, body) }
    private func record(_ type: UInt8, _ content: [UInt8]) -> [UInt8] { [type, 3, 3] + vector(2, content) }

    private var answer: [UInt8] {
        let list = vector(3, [1, 2, 3]) + vector(3, [4])
        return message(2, [UInt8](repeating: 7, count: 70)) + message(11, vector(3, list))
    }

    @Test func certificatesAreFoundAcrossRecords() {
        let half = answer.count - 3
        let bytes = record(22, Array(answer[..<half])) + record(22, Array(answer[half...]))
        #expect(TLSHandshake.answer(bytes) == .certificates([[1, 2, 3], [4]]))
        for count in 0..<bytes.count { #expect(TLSHandshake.answer(Array(bytes.prefix(count))) == .incomplete, "\(count)") }
    }

    @Test(
        arguments: [
            ([21, 3, 3, 0, 2, 2, 70], TLSHandshake.Answer.alert(70)), (Array("HTTP/1.1 400".utf8), .noTLS), (Array("SSH-2.0-x\r\n".utf8), .noTLS),
            ([], .incomplete),
            ([22, 3, 3, 0xFF, 0xFF], .noTLS), ([22, 9, 9, 0, 1], .noTLS),
        ] as [([UInt8], TLSHandshake.Answer)])
    func otherAnswers(bytes: [UInt8], expected: TLSHandshake.Answer) { #expect(TLSHandshake.answer(bytes) == expected) }

    @Test(arguments: [[], [0], [0, 0, 9, 1], [0, 0, 4, 0, 0, 9, 1]] as [[UInt8]])
    func cutListsAreNone(body: [UInt8]) { #expect(TLSHandshake.certificates(body[...]) == nil) }

    @Test func listsOfTheNewVersionHaveExtensions() {
        let body = [0] + vector(3, vector(3, [1, 2]) + vector(2, [9, 9]) + vector(3, [3]) + vector(2, []))
        #expect(TLSHandshake.certificates(body[...], hasExtensions: true) == [[1, 2], [3]])
        #expect(TLSHandshake.certificates(body.dropLast()[...], hasExtensions: true) == nil)
    }

    @Test func sharesAreReadAtTheirPlace() {
        let share = [UInt8](1...32)
        let extensions: [UInt8] = [0, 43, 0, 2, 3, 4, 0, 51, 0, 36, 0, 0x1D, 0, 32] + share
        let hello = [3, 3] + [UInt8](repeating: 0, count: 32) + [2, 8, 8, 0x13, 0x01, 0] + vector(2, extensions)
        #expect(TLSHandshake.serverShare(hello) == share)
        for count in 0..<hello.count { #expect(TLSHandshake.serverShare(Array(hello.prefix(count))) == nil, "\(count)") }
    }

    @Test func hellosSayTheirVersion() {
        let two = TLSHandshake.clientHello(.two, random: [UInt8](repeating: 1, count: 32))
        let three = TLSHandshake.clientHello(.three, random: [UInt8](repeating: 1, count: 32), share: [UInt8](repeating: 2, count: 32))
        for hello in [two, three] {
            #expect(TLSHandshake.messages(hello).map(\.type) == [1])
            #expect(TLSHandshake.records(TLSHandshake.record(hello))?.count == 1)
        }
        let offer: [UInt8] = [0, 43, 0, 3, 2, 3, 4]
        #expect(two.firstRange(of: offer) == nil && three.firstRange(of: offer) != nil)
    }

    @Test func noiseIsNoConversation() {
        let conversation = TLSConversation(random: [UInt8](repeating: 3, count: 32))
        var seed: UInt64 = 5
        for _ in 0..<2_000 {
            let bytes = (0..<60).map { _ -> UInt8 in
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: seed >> 33)
            }
            _ = conversation.answer([22, 3, 3, 0, 55] + bytes.prefix(55) + [23, 3, 3, 0, 20] + bytes.prefix(20))
            _ = TLSHandshake.answer([22, 3, 3, 0, 60] + bytes)
        }
    }
}
