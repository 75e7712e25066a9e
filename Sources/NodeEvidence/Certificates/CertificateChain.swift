public import Documents
internal import X509

/// Whether a certificate leads to an authority that is trusted, as Go's verifier decides it, and why not.
///
/// The rules are those of RFC 5280 as far as Kubernetes' components ask them: names by their bytes, signatures, times of every
/// certificate on the way, CA:TRUE, path length, and purposes, which an authority narrows for all below it.
public struct CertificateTrust: Sendable {
    private let roots: [CertificateFacts]
    private let bySubject: [[UInt8]: [CertificateFacts]]
    private let fingerprints: Set<String>

    /// Links of a chain, its ends included; kubeadm's have two.
    static let longest = 10
    /// Signatures that are tried for one certificate. Many authorities of one name, each naming the next, could ask for far more.
    static let signatures = 64

    public init(roots: [CertificateFacts]) {
        self.roots = roots
        bySubject = Dictionary(grouping: roots, by: \.subject.encoded)
        fingerprints = Set(roots.map(\.fingerprint))
    }

    /// Why a chain does not hold.
    public enum Fault: Error, Sendable, Equatable {
        case noRoots
        /// No certificate at hand has the name of the issuer.
        case unknownIssuer(String)
        case wrongSignature(issuer: String)
        case outOfTime(String)
        case noAuthority(String)
        case mayNotSign(String)
        case pathTooLong(String)
        case wrongPurpose(String)
        /// The signature cannot be checked here, so nothing is said about it.
        case uncheckable(String)
        case tooMuch

        /// Whether this says that the chain is broken, rather than that it could not be followed.
        public var isBroken: Bool {
            switch self {
            case .uncheckable, .noRoots, .tooMuch: false
            default: true
            }
        }

        public var text: String {
            switch self {
            case .noRoots: "no authority to check it against is in the evidence"
            case .unknownIssuer(let name): "its issuer '\(name)' is none of them"
            case .wrongSignature(let issuer): "the key of '\(issuer)' did not sign it, though the name is the same"
            case .outOfTime(let name): "'\(name)' on the way is not valid at that time"
            case .noAuthority(let name): "'\(name)' on the way is no authority (CA:TRUE is missing)"
            case .mayNotSign(let name): "'\(name)' on the way may not sign certificates by its key usage"
            case .pathTooLong(let name): "'\(name)' does not allow as many authorities below it"
            case .wrongPurpose(let name): "'\(name)' is not good for that purpose by its extended key usage"
            case .uncheckable(let why): "the signature could not be checked: \(why)"
            case .tooMuch: "there are too many ways to follow"
            }
        }
    }

    /// - Parameters:
    ///   - certificate: the end of the chain.
    ///   - intermediates: sent along with it.
    ///   - purpose: an object identifier of `CertificateExtensions`, nil where any will do.
    ///   - moment: at which all must be valid.
    /// - Returns: the fault of the way that comes closest, nil where one way holds.
    public func fault(
        of certificate: CertificateFacts, intermediates: [CertificateFacts] = [], purpose: String?, at moment: Timestamp
    ) -> Fault? {
        guard !roots.isEmpty else { return .noRoots }
        if let purpose, !certificate.extensions.allows(purpose) { return .wrongPurpose(certificate.subject.text) }
        guard certificate.isValid(at: moment) else { return .outOfTime(certificate.subject.text) }
        if fingerprints.contains(certificate.fingerprint) { return nil }
        var search = Search(
            trust: self, intermediates: Dictionary(grouping: intermediates, by: \.subject.encoded), purpose: purpose, moment: moment)
        return search.extend([certificate]) ? nil : search.closest?.fault ?? .unknownIssuer(certificate.issuer.text)
    }

    /// One search for a chain, depth first.
    private struct Search {
        let trust: CertificateTrust
        let intermediates: [[UInt8]: [CertificateFacts]]
        let purpose: String?
        let moment: Timestamp
        var tried = 0
        var closest: (length: Int, fault: Fault)?

        mutating func extend(_ chain: [CertificateFacts]) -> Bool {
            guard let last = chain.last, chain.count < CertificateTrust.longest else {
                note(.tooMuch, at: chain.count)
                return false
            }
            let roots = trust.bySubject[last.issuer.encoded] ?? []
            for issuer in roots where fits(issuer, above: chain) { return true }
            let others = intermediates[last.issuer.encoded] ?? []
            for issuer in others where !chain.contains(where: { $0.fingerprint == issuer.fingerprint }) {
                if fits(issuer, above: chain), extend(chain + [issuer]) { return true }
            }
            if roots.isEmpty, others.isEmpty { note(.unknownIssuer(last.issuer.text), at: chain.count) }
            return false
        }

        private mutating func fits(_ issuer: CertificateFacts, above chain: [CertificateFacts]) -> Bool {
            guard tried < CertificateTrust.signatures else {
                note(.tooMuch, at: chain.count)
                return false
            }
            guard let fault = fault(of: issuer, above: chain) else { return true }
            note(fault, at: chain.count)
            return false
        }

        private mutating func fault(of issuer: CertificateFacts, above chain: [CertificateFacts]) -> Fault? {
            guard let signed = chain.last else { return .tooMuch }
            tried += 1
            if let fault = signed.signatureFault(by: issuer) { return fault }
            if !issuer.isAuthority { return .noAuthority(issuer.subject.text) }
            if issuer.extensions.maySignCertificates == false { return .mayNotSign(issuer.subject.text) }
            if !issuer.isValid(at: moment) { return .outOfTime(issuer.subject.text) }
            // The end itself does not count, and neither does the issuer (RFC 5280, 4.2.1.9).
            if let length = issuer.extensions.pathLength, chain.count - 1 > length { return .pathTooLong(issuer.subject.text) }
            if let purpose, !issuer.extensions.allows(purpose) { return .wrongPurpose(issuer.subject.text) }
            return nil
        }

        /// A way that went further says more; what cannot be checked says least.
        private mutating func note(_ fault: Fault, at length: Int) {
            if let closest, closest.length > length || (closest.length == length && closest.fault.rank >= fault.rank) { return }
            closest = (length, fault)
        }
    }
}

extension CertificateTrust.Fault {
    /// What could not be followed might hold, so it must win over what certainly does not; then the later tests.
    fileprivate var rank: Int {
        switch self {
        case .uncheckable, .tooMuch: 9
        case .wrongPurpose: 6
        case .pathTooLong: 5
        case .outOfTime: 4
        case .mayNotSign: 3
        case .noAuthority: 2
        case .wrongSignature: 1
        case .unknownIssuer, .noRoots: 0
        }
    }
}

extension CertificateFacts {
    public func isValid(at moment: Timestamp) -> Bool { notBefore <= moment && moment <= notAfter }

    /// Why this certificate is not known to be signed by an issuer of that name; nil where it is.
    func signatureFault(by issuer: CertificateFacts) -> CertificateTrust.Fault? {
        // Go's verifier takes no signature over these digests since 1.18.
        guard !signature.isBroken else { return .uncheckable("it is over \(signature.digest.rawValue), which verifiers refuse") }
        guard let own = verifiable else { return .uncheckable("of '\(subject.text)': \(refusal)") }
        guard let authority = issuer.verifiable else { return .uncheckable("of the issuer '\(issuer.subject.text)': \(issuer.refusal)") }
        guard signature.digest != .unknown else { return .uncheckable("the scheme \(signature.identifier) is unknown here") }
        if authority.publicKey.isValidSignature(own.signature, for: own) { return nil }
        return .wrongSignature(issuer: issuer.subject.text)
    }
}
