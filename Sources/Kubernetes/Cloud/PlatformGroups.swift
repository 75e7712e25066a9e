/// What is known of the security groups that a platform makes: by what it marks them, and which rules it creates there.
///
/// A model says it (`securityGroups:`); controls get it through their settings.
public struct PlatformGroups: Sendable, Equatable {
    /// What nobody but the platform can write on a group.
    public enum Mark: Hashable, Sendable, CustomStringConvertible {
        /// A tag with a prefix the cloud keeps for itself.
        case tag(String)
        /// Alibaba Cloud's `ServiceManaged`: a service keeps the group, and nobody else may change it.
        case managed

        public var description: String {
            switch self {
            case .tag(let key): "tag \(key)"
            case .managed: "ServiceManaged"
            }
        }
    }

    public struct Rule: Sendable, Equatable {
        public let rule: GroupRule
        /// The cluster does not work without it.
        public let isRequired: Bool
        public let title: String

        public init(_ rule: GroupRule, isRequired: Bool, title: String) {
            self.rule = rule
            self.isRequired = isRequired
            self.title = title
        }
    }

    public var marks: [Mark]
    public var rules: [Rule]
    /// Ids of the model's sources that marks and rules rest on.
    public var sources: [String]

    public init(marks: [Mark] = [], rules: [Rule] = [], sources: [String] = []) {
        self.marks = marks
        self.rules = rules
        self.sources = sources
    }

    /// Whether a model says anything of groups.
    public var isEmpty: Bool { marks.isEmpty && rules.isEmpty }
}

extension Cloud {
    /// Whether nobody but this cloud can write a tag of this key. Another cloud's prefix is a word like any other here.
    ///
    /// Sources: EC2 user guide, "Tag restrictions"; Alibaba Cloud Resource Management, "Create a tag".
    public func reserves(tag key: String) -> Bool {
        // Other spellings of the prefix are refused too, but only the cloud's own spelling is its mark.
        switch self {
        case .aws: key.utf8.starts(with: "aws:".utf8)
        case .alibaba: key.utf8.starts(with: "acs:".utf8) || key.utf8.starts(with: "aliyun".utf8)
        }
    }
}
