public import Documents

/// The parts of a container image's name, `[registry/]repository[:tag][@digest]`, as offsets into its text,
/// so that looking at one costs no allocation.
public struct ImageReference: Sendable {
    private let value: Value
    /// Length of the registry's host and port; 0 when none is written and Docker Hub is meant.
    private let registryLength: Int
    /// Where the repository ends and tag or digest begin.
    private let nameEnd: Int
    private let tagRange: Range<Int>
    private let digestStart: Int

    /// - Parameter value: the `image` field of a container.
    public init(_ value: Value) {
        self.value = value
        (registryLength, nameEnd, tagRange, digestStart) = value.withText { text in
            let digest = text.firstIndex(of: UInt8(ascii: "@")) ?? text.count
            let lastSlash = text[..<digest].lastIndex(of: UInt8(ascii: "/")) ?? -1
            let colon = text[(lastSlash + 1)..<digest].firstIndex(of: UInt8(ascii: ":")) ?? digest
            return (ImageReference.registryLength(text), colon, min(colon + 1, digest)..<digest, digest)
        }
    }

    /// The first component is a registry when it could be a host name: it has a dot or a port, or is `localhost`.
    private static func registryLength(_ text: UnsafeBufferPointer<UInt8>) -> Int {
        guard let slash = text.firstIndex(of: UInt8(ascii: "/")) else { return 0 }
        let first = text[..<slash]
        let isHost = first.contains(UInt8(ascii: ".")) || first.contains(UInt8(ascii: ":")) || first.elementsEqual("localhost".utf8)
        return isHost ? slash : 0
    }

    public var hasTag: Bool { !tagRange.isEmpty }

    public var hasDigest: Bool {
        value.withText { $0.count > digestStart + 1 }
    }

    public func hasTag(_ tag: StaticString) -> Bool {
        value.withText { text in
            tag.withUTF8Buffer { $0.count == tagRange.count && $0.elementsEqual(text[tagRange]) }
        }
    }

    public var tag: String {
        value.withText { String(decoding: $0[tagRange], as: UTF8.self) }
    }

    /// Registry and repository in full: `docker.io/library/nginx` for `nginx:1.27`.
    public var fullName: String {
        value.withText { text in
            let name = String(decoding: text[..<nameEnd], as: UTF8.self)
            if registryLength > 0 { return name }
            return name.utf8.contains(UInt8(ascii: "/")) ? "docker.io/" + name : "docker.io/library/" + name
        }
    }

    /// Whether the image lies in a registry or below a path of it: `registry.example.com` and
    /// `registry.example.com/team` both hold `registry.example.com/team/app`, by whole components.
    public func isIn(_ place: String) -> Bool {
        let place = place.utf8.last == UInt8(ascii: "/") ? String(place.dropLast()) : place
        let name = fullName
        return name == place || name.hasPrefix(place + "/")
    }
}
