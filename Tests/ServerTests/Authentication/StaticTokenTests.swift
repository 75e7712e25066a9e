import Foundation
import KubernetesClient
import Testing

@testable import Server

@Suite struct StaticTokenTests {
    private static func withFile(_ text: String, _ body: (String) async throws -> Void) async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "token-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(text.utf8).write(to: file)
        try await body(file.path)
    }

    @Test func theTokenOfTheFileCounts() async throws {
        try await Self.withFile("  0123456789abcdef\n") { path in
            let authorizer = try StaticTokenAuthorizer(path: path)
            #expect(
                await authorizer.authorize(token: "0123456789abcdef", verb: "get", path: "/metrics") == .allowed(TokenIdentity(user: "token-file")))
            for token in ["", "0123456789abcde", "0123456789abcdef0", "0123456789abcdeF", "0123456789abcdef\n"] {
                #expect(await authorizer.authorize(token: token, verb: "get", path: "/metrics") == .unauthenticated)
            }
            // A new token counts at once, and the old one no longer.
            try Data("fedcba9876543210".utf8).write(to: URL(filePath: path))
            #expect(await authorizer.authorize(token: "0123456789abcdef", verb: "get", path: "/metrics") == .unauthenticated)
            #expect(await authorizer.authorize(token: "fedcba9876543210", verb: "get", path: "/metrics") != .unauthenticated)
            // A file that is gone allows nothing.
            try FileManager.default.removeItem(atPath: path)
            #expect(await authorizer.authorize(token: "fedcba9876543210", verb: "get", path: "/metrics") == .unavailable)
        }
    }

    @Test(arguments: ["", "\n\n", "too-short", "0123456789abcdef and more"])
    func filesWithoutAToken(text: String) async throws {
        try await Self.withFile(text) { path in
            let fault = #expect(throws: TokenFileFault.self) { try StaticTokenAuthorizer(path: path) }
            #expect(fault?.description == "the token file \(path) must hold one token of at least 16 characters; `openssl rand -hex 32` makes one")
        }
        #expect(throws: TokenFileFault.self) { try StaticTokenAuthorizer(path: "/nowhere/token") }
    }
}
