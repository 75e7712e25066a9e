import Foundation

/// kubectl and helm, for tests that compare with them or use them as people do.
public enum ClusterTools {
    /// `DEMARC_KUBECTL`, or what `scripts/setup.sh --test` has fetched; nil where neither is there.
    public static let kubectl = environment["DEMARC_KUBECTL"] ?? fetched.map { $0 + "/kubectl" }
    public static let helm = fetched.map { $0 + "/helm" }

    private static let environment = ProcessInfo.processInfo.environment

    private static let fetched: String? = {
        guard let asked = try? BoundedProcess.run(APIServer.script, ["tools", "--no-download"], seconds: 60), asked.code == 0 else { return nil }
        return asked.output.trimmingCharacters(in: .newlines)
    }()
}
