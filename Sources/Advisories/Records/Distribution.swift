/// An operating system's release, as advisories name it.
public struct Distribution: Sendable, Hashable {
    /// As in `os-release`: `debian`.
    public let id: String
    /// As in `os-release`: `12`, `22.04`, `9.3`.
    public let version: String
    public let order: VersionOrder

    /// - Returns: nil for a system whose advisories have no ecosystem of their own among those that are read here.
    public init?(id: String, version: String) {
        switch id {
        case "debian", "ubuntu": order = .debian
        case "rhel", "almalinux", "rocky": order = .rpm
        case "alpine": order = .alpine
        default: return nil
        }
        self.id = id
        self.version = version
    }

    public static let known = "debian, ubuntu, rhel, almalinux, rocky, alpine"

    /// `9` of `9.3`.
    private var major: Substring { version.prefix { $0 != "." } }

    /// The name of Debian's release; nil for other systems and for one that is not known yet.
    /// Source: https://www.debian.org/releases/
    public var codename: String? {
        guard id == "debian" else { return nil }
        let names = [
            "7": "wheezy", "8": "jessie", "9": "stretch", "10": "buster", "11": "bullseye", "12": "bookworm", "13": "trixie", "14": "forky",
            "15": "duke",
        ]
        return names[String(major)] ?? (version.isEmpty ? "sid" : nil)
    }

    /// Whether an ecosystem of OSV means this release. One without a version means all releases.
    /// Source: https://ossf.github.io/osv-schema/#defined-ecosystems
    public func isMeant(by ecosystem: String) -> Bool {
        let parts = ecosystem.split(separator: ":", omittingEmptySubsequences: false)
        guard let name = parts.first else { return false }
        switch id {
        case "debian": return name == "Debian" && (parts.count == 1 || parts.count == 2 && parts[1] == major)
        case "ubuntu":
            // Fixes of `Ubuntu:Pro:…` reach machines with a subscription alone.
            return name == "Ubuntu" && (parts.count == 1 || parts[1] == version && (parts.count == 2 || parts.count == 3 && parts[2] == "LTS"))
        case "rhel": return name == "Red Hat" && (parts.count == 1 || isRedHatProduct(parts))
        case "almalinux": return name == "AlmaLinux" && (parts.count == 1 || parts.count == 2 && parts[1] == major)
        case "rocky": return name == "Rocky Linux" && (parts.count == 1 || parts.count == 2 && parts[1] == major)
        case "alpine":
            let release = version.split(separator: ".").prefix(2).joined(separator: ".")
            return name == "Alpine" && (parts.count == 1 || parts.count == 2 && parts[1] == "v" + release)
        default: return false
        }
    }

    /// `Red Hat:9`, or a product as in a CPE: `Red Hat:enterprise_linux:9::baseos`. Extended support (`rhel_eus` and others) has other
    /// packages.
    private func isRedHatProduct(_ parts: [Substring]) -> Bool {
        if parts.count == 2 { return parts[1] == major || parts[1] == version }
        return parts[1] == "enterprise_linux" && (parts[2] == major || parts[2] == version)
    }
}

extension VersionOrder {
    /// The order of an ecosystem; nil for one whose versions are not read here.
    init?(ecosystem: String) {
        switch ecosystem.prefix(while: { $0 != ":" }) {
        case "Debian", "Ubuntu": self = .debian
        case "Red Hat", "AlmaLinux", "Rocky Linux", "SUSE", "openSUSE", "Mageia", "openEuler": self = .rpm
        case "Alpine": self = .alpine
        case "kubernetes": self = .kubernetes
        case "Go", "npm", "crates.io": self = .semantic
        default: return nil
        }
    }
}
