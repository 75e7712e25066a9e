import Controls
import Documents
import Kubernetes

/// Who made a change, as the cloud authenticated it and wrote it into its trail.
///
/// Names that people choose (of a user, a role, a session) stand behind a word for what they are, so that none of them can be
/// taken for the name of a service.
public struct CloudIdentity: Sendable, Hashable, CustomStringConvertible {
    /// What a model's `cloud:` is compared with, the most telling first.
    public let names: [String]
    /// Who it was, for people.
    public let description: String
}

extension CloudIdentity {
    /// AWS: the service that made the call, or on whose behalf it was made; then the role and the identity by their ARNs.
    ///
    /// `invokedBy` is written by AWS alone, and roles below `aws-service-role/` can be made and assumed by their service alone
    /// (CloudTrail user guide, "userIdentity element"; IAM user guide, "Using service-linked roles").
    init(aws identity: Value) throws(WrongType) {
        let service = try identity["invokedBy"].string() ?? ""
        let issuer = try identity["sessionContext"]["sessionIssuer"]["arn"].string() ?? ""
        let arn = try identity["arn"].string() ?? ""
        var names: [String] = []
        if !service.isEmpty { names.append(service) }
        if let linked = CloudIdentity.linkedService(of: issuer) { names.append(linked) }
        for name in [issuer, arn] where name.hasPrefix("arn:") { names.append(name) }
        self.names = names
        let person = arn.isEmpty ? try identity["principalId"].string() ?? "" : arn
        description = service.isEmpty ? person : person.isEmpty ? service : "\(service) on behalf of \(person)"
    }

    /// `eks.amazonaws.com` of `arn:aws:iam::111122223333:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS`.
    private static func linkedService(of arn: String) -> String? {
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "iam" else { return nil }
        let path = parts[5].split(separator: "/", omittingEmptySubsequences: false)
        return path.count == 4 && path[0] == "role" && path[1] == "aws-service-role" ? String(path[2]) : nil
    }

    /// Alibaba Cloud: `aliyun` for what the cloud does by itself, else `role/NAME`, `user/NAME` or `root`, names in lower case,
    /// then the same as an ARN with the account.
    ///
    /// Sources: ActionTrail, "Management event structure" (`AliyunServiceEvent`), "Query ActionTrail events by assuming a RAM role".
    init(alibaba identity: Value, eventType: String) throws(WrongType) {
        let type = try identity["type"].string() ?? ""
        // Some exports write numbers as such.
        let account = identity["accountId"].kind == .integer ? identity["accountId"].text : try identity["accountId"].string() ?? ""
        let name = try identity["userName"].string() ?? ""
        let person: String
        switch type {
        case "assumed-role":
            // `role:session`, and the session is whatever its user called it.
            let role = name.prefix { $0 != ":" }.lowercased()
            person = role.isEmpty ? "" : "role/\(role)"
            description = "role \(name)"
        case "root-account":
            person = "root"
            description = "the owner of account \(account)"
        default:
            person = name.isEmpty ? "" : "user/\(name.lowercased())"
            description = name.isEmpty ? try identity["principalId"].string() ?? "" : "user \(name)"
        }
        guard eventType != "AliyunServiceEvent" else {
            names = ["aliyun"]
            return
        }
        names = person.isEmpty ? [] : [person, "acs:ram::\(account):\(person)"]
    }
}

extension ResponsibilityModel {
    /// The first principal an identity of the cloud matches.
    public func principal(_ identity: CloudIdentity) -> Principal? {
        principals.first { principal in
            guard case .cloud(let pattern) = principal.identity else { return false }
            return identity.names.contains { pattern.matches($0) }
        }
    }
}
