public import Documents

/// An application for privileges and what became of it: a document of kind `PrivilegeGrant`.
///
/// Read from a file it is a record, not a proof: whoever writes the file writes its status too. So a grant
/// from files is `recorded` at best, and every decision in it must fit every other.
@dynamicMemberLookup
public struct PrivilegeGrant: Sendable {
    public let namespace: String
    public let name: String
    /// What `spec` says now, or, in a register, what is in force while that is not decided.
    public let terms: GrantTerms
    /// Copies of specs that were approved and accepted, from `status.approvedSpecs`: what goes on to hold while a changed spec waits for its
    /// approval. A copy proves itself: it counts only by decisions about its own hash.
    public let approvedTerms: [GrantTerms]
    /// Types of the conditions that are `True`.
    public let conditions: Set<String>
    public let decisions: [GrantDecision]
    /// The document.
    public let root: Value

    /// `namespace/name`, how findings name a grant.
    public var key: String { "\(namespace)/\(name)" }

    /// What is applied for, as `grant.privileges` and the like.
    public subscript<Member>(dynamicMember member: KeyPath<GrantTerms, Member>) -> Member { terms[keyPath: member] }

    /// The same grant under other terms of its own.
    func under(_ terms: GrantTerms) -> PrivilegeGrant {
        PrivilegeGrant(
            namespace: namespace, name: name, terms: terms, approvedTerms: approvedTerms, conditions: conditions, decisions: decisions, root: root)
    }
}

/// What one spec of a grant says.
public struct GrantTerms: Sendable {
    public let workload: GrantedWorkload
    public let privileges: [GrantedPrivilege]
    /// `sha256:…`; empty when the grant does not say for which images it is.
    public let imageDigests: [String]
    public let justification: String
    public let ticket: String
    public let accountable: Accountable
    public let notBefore: Timestamp
    /// The first second in which the grant no longer holds.
    public let expires: Timestamp
    public let tier: Privilege.Tier?
    public let liabilityTextHash: String
    /// Why nobody could be asked first; nil for all but break-glass.
    public let emergency: String?
    /// `sha256:…` of the canonical form of the spec: what a decision decides about.
    public let specHash: String
    /// The spec.
    public let place: Value

    public var isEmergency: Bool { emergency != nil }
    public var length: Span { Span(seconds: notBefore.seconds(to: expires)) }
}

/// The one workload that a grant is for.
public struct GrantedWorkload: Sendable, Equatable {
    /// Kind of the root object: `Deployment`, not the `ReplicaSet` or `Pod` it makes.
    public let kind: String
    /// The API group of a kind that only shares its name with one of Kubernetes, such as a StatefulSet of OpenKruise;
    /// nil for Kubernetes' own kinds and for names that nobody else uses.
    public let apiGroup: String?
    /// nil when a selector names the workloads.
    public let name: String?
    /// Labels that the Pods must all carry; empty when a name is given.
    public let labels: [String: String]
    public let serviceAccountName: String
}

/// Exactly one privilege.
public struct GrantedPrivilege: Sendable {
    /// The control that finds its use.
    public let control: String
    /// Empty when the privilege is the Pod's.
    public let container: String
    /// In the normal form of `PrivilegeValue`; empty when the finding has no value.
    public let value: String
    /// The privilege may be used for reading only.
    public let readOnly: Bool
    public let place: Value
}

/// Who answers for what a grant leads to.
public struct Accountable: Sendable, Hashable {
    public enum Kind: String, Sendable { case person, team }
    public let kind: Kind
    public let name: String

    /// `team:payments`
    public var description: String { "\(kind.rawValue):\(name)" }

    /// Whether somebody may accept the liability. A service account may not, whoever is named: whoever may create its tokens, or start a Pod with it,
    /// can be it, so its acceptance names nobody.
    public func includes(username: String, groups: [String]) -> Bool {
        namesPeople && !Accountable.isMachine(username) && isNamed(username: username, groups: groups)
    }

    /// Names are compared as bytes: whoever is let in must be exactly the one who is named.
    func isNamed(username: String, groups: [String]) -> Bool {
        switch kind {
        case .person: name.utf8.elementsEqual(username.utf8)
        case .team: groups.contains { $0.utf8.elementsEqual(name.utf8) }
        }
    }

    /// Whether people can answer under this name: not one of a machine, and no group that everybody or machines are in.
    var namesPeople: Bool {
        switch kind {
        case .person: !Accountable.isMachine(name)
        case .team:
            !["system:authenticated", "system:unauthenticated", "system:nodes", "system:serviceaccounts"].contains(name)
                && !name.hasPrefix("system:serviceaccounts:")
        }
    }

    /// Said where nobody can accept.
    var whyNobody: String {
        "\(description) is nobody who can answer for a privilege: whoever gets hold of a token could accept; name a person, or a team of people"
    }

    /// Identities that Kubernetes gives to programs and to those who show no credential
    /// (https://kubernetes.io/docs/reference/access-authn-authz/authentication/).
    static func isMachine(_ username: String) -> Bool {
        username.hasPrefix("system:serviceaccount:") || username.hasPrefix("system:node:") || username == "system:anonymous"
    }
}

/// One step of a grant's life, as `status.decisions` records it.
public struct GrantDecision: Sendable, Equatable {
    public enum Action: String, Sendable, CaseIterable {
        case apply, approve, deny, accept, revoke
        /// The accountable person takes what nobody approved, in an emergency.
        case breakGlass = "break-glass"
        /// Somebody else has looked at what was taken in an emergency.
        case review

        /// Those decide for the platform, so in a cluster they need the verb `approve` on the grant.
        public var isForApprovers: Bool { [.approve, .deny, .revoke, .review].contains(self) }
    }

    public let action: Action
    public let username: String
    public let groups: [String]
    public let at: Timestamp
    /// Hash of the spec that was decided about.
    public let specHash: String
    /// Why, in the words of who decided.
    public let reason: String

    public init(action: Action, username: String, groups: [String] = [], at: Timestamp, specHash: String, reason: String = "") {
        (self.action, self.username, self.groups) = (action, username, groups)
        (self.at, self.specHash, self.reason) = (at, specHash, reason)
    }

    /// By an identity that whoever may create its tokens can act as.
    var isByServiceAccount: Bool { username.hasPrefix("system:serviceaccount:") }

    /// The username as far as it tells people apart: `Ann`, `ann` and `ann` with an invisible character behind it are
    /// not two people, who could approve each other's applications.
    public var person: String {
        var person = String.UnicodeScalarView()
        for scalar in username.unicodeScalars where !scalar.properties.isWhitespace && !scalar.properties.isDefaultIgnorableCodePoint {
            person.append(scalar)
        }
        return String(person).lowercased()
    }
}

/// The normal form in which what a finding asks for and what a grant allows are compared.
public enum PrivilegeValue {
    /// Capabilities are compared without `CAP_` and in capitals, since runtimes accept both spellings.
    public static func normal(_ value: String, control: String) -> String {
        guard isAboutCapabilities(control) else { return value }
        let capital = value.uppercased()
        return capital.hasPrefix("CAP_") ? String(capital.dropFirst(4)) : capital
    }

    /// Whether `capabilit` stands in a control's id. Bytes are compared, since this is asked for each finding.
    private static func isAboutCapabilities(_ control: String) -> Bool {
        let word: StaticString = "capabilit"
        var control = control
        return control.withUTF8 { bytes in
            word.withUTF8Buffer { word in
                guard bytes.count >= word.count else { return false }
                return (0...bytes.count - word.count).contains { bytes[$0..<$0 + word.count].elementsEqual(word) }
            }
        }
    }

    /// The text of a scalar, with booleans in the one form that does not depend on their spelling (`yes`).
    static func text(of scalar: Value) -> String {
        guard scalar.kind == .boolean else { return scalar.text }
        return (try? scalar.bool()) == true ? "true" : "false"
    }
}
