import Synchronization

/// What the configuration files of programs hold, read once for all controls that ask.
final class ConfigurationMemo: Sendable {
    /// All that a configuration depends on.
    struct Key: Hashable {
        let kind: ComponentKind
        let viewer: Viewer
        let file: String?
        let directory: String
    }

    private let kept = Mutex<[Key: ComponentSettings.Configuration]>([:])

    subscript(_ key: Key) -> ComponentSettings.Configuration? {
        get { kept.withLock { $0[key] } }
        set { kept.withLock { $0[key] = newValue } }
    }
}
