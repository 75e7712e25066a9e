import Foundation
import Testing

/// Replays what the fuzz targets of whole commands started from and once broke on, through the program itself.
struct KeptCommandCaseTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fuzz")

    /// The command that reads what a target reads.
    private static let commands = [
        "scan": ["scan", "--format", "json"], "grants": ["scan", "--format", "html"], "models": ["model", "check"],
        "configuration": ["scan", "--baseline"], "reach": ["reach", "--format", "json"],
    ]

    private static let files: [String] = commands.keys.sorted().flatMap { target in
        ["Seeds", "Kept"].flatMap { kind in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "\(kind)/\(target)").path)) ?? []
            return names.sorted().filter { $0 != ".gitkeep" }.map { "\(kind)/\(target)/\($0)" }
        }
    }

    @Test(arguments: files)
    func endsWithACodeOfTheContract(file: String) throws {
        let target = String(file.split(separator: "/")[1])
        let command = try #require(Self.commands[target])
        let result = try Program.run(command + [Self.folder.appending(path: file).path])
        #expect((0...3).contains(result.code), "\(result.errors)")
        #expect(result.code < 2 || !result.errors.isEmpty || !result.output.isEmpty)
    }
}
