import Testing

struct VersionTests {
    @Test(arguments: [["version"], ["--version"]])
    func versionIsOneLine(arguments: [String]) throws {
        let result = try Program.run(arguments)
        #expect(result.code == 0)
        #expect(result.output.contains("0."))
        #expect(result.errors.isEmpty)
    }

    @Test func wrongCommandLinesExitWithTwo() throws {
        let result = try Program.run(["scan", "--no-such-flag"])
        #expect(result.code == 2)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("--no-such-flag"))
    }

    @Test func helpIsNoError() throws {
        let result = try Program.run(["--help"])
        #expect(result.code == 0)
        #expect(result.output.contains("scan"))
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func completionScriptsNameTheCommands(shell: String) throws {
        #expect(try Program.run(["completion", shell]).output.contains("explain"))
    }
}
