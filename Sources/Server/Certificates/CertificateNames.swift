internal import SwiftASN1
internal import X509

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// The names under which clients call the server: DNS names and IP addresses.
public struct CertificateNames: Sendable, Hashable {
    /// In small letters, sorted.
    public let hosts: [String]
    /// Each as 4 or 16 bytes, sorted.
    let addresses: [[UInt8]]

    /// - Parameter hosts: DNS names and IP addresses as people write them; each counts once.
    public init(_ hosts: [String]) throws(CertificateFault) {
        var names: Set<String> = []
        var addresses: Set<[UInt8]> = []
        for host in hosts {
            if let address = CertificateNames.address(host) {
                addresses.insert(address)
            } else if CertificateNames.isName(host) {
                names.insert(host.lowercased())
            } else {
                throw CertificateFault(
                    "'\(host.prefix(80))' is neither a DNS name nor an IP address; write the name by which clients call the server")
            }
        }
        guard !names.isEmpty || !addresses.isEmpty else {
            throw CertificateFault("a serving certificate needs a name; write the name by which clients call the server")
        }
        self.init(hosts: names, addresses: addresses)
    }

    private init(hosts: Set<String>, addresses: Set<[UInt8]>) {
        self.hosts = hosts.sorted()
        self.addresses = addresses.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// Those by which an API server calls a Service.
    public static func service(_ name: String, namespace: String) throws(CertificateFault) -> CertificateNames {
        try CertificateNames(["\(name).\(namespace).svc"])
    }

    /// What both have; nil when that is nothing.
    func common(with other: CertificateNames) -> CertificateNames? {
        let (hosts, addresses) = (Set(self.hosts).intersection(other.hosts), Set(self.addresses).intersection(other.addresses))
        return hosts.isEmpty && addresses.isEmpty ? nil : CertificateNames(hosts: hosts, addresses: addresses)
    }

    func isSubset(of other: CertificateNames) -> Bool {
        Set(hosts).isSubset(of: other.hosts) && Set(addresses).isSubset(of: other.addresses)
    }

    private static func isName(_ text: String) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= 253 else { return false }
        return labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.utf8.allSatisfy { ($0 | 0x20) &- UInt8(ascii: "a") < 26 || $0 &- UInt8(ascii: "0") < 10 || $0 == UInt8(ascii: "-") }
        }
    }

    private static func address(_ text: String) -> [UInt8]? {
        for (family, length) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: length)
            if inet_pton(family, text, &bytes) == 1 { return bytes }
        }
        return nil
    }
}

extension CertificateNames {
    var alternativeNames: SubjectAlternativeNames {
        SubjectAlternativeNames(hosts.map { .dnsName($0) } + addresses.map { .ipAddress(ASN1OctetString(contentBytes: $0[...])) })
    }

    /// An authority with these can certify nothing else, whoever gets hold of its key (RFC 5280, 4.2.1.10).
    ///
    /// A kind of name that is not mentioned is not constrained, so each kind that a server is called by is mentioned.
    var constraints: NameConstraints {
        func ranges(_ addresses: [[UInt8]]) -> [ASN1OctetString] {
            addresses.map { ASN1OctetString(contentBytes: ($0 + [UInt8](repeating: 255, count: $0.count))[...]) }
        }
        let none = [8, 32].map { ASN1OctetString(contentBytes: [UInt8](repeating: 0, count: $0)[...]) }
        return NameConstraints(
            permittedDNSDomains: hosts, excludedDNSDomains: hosts.isEmpty ? [""] : [], permittedIPRanges: ranges(addresses),
            excludedIPRanges: addresses.isEmpty ? none : [])
    }

    /// Reads what `constraints` has written; nil where a certificate has none.
    init?(_ constraints: NameConstraints) {
        let addresses = constraints.permittedIPRanges.map { Array($0.bytes.prefix($0.bytes.count / 2)) }
        let hosts = Array(constraints.permittedDNSDomains)
        guard !hosts.isEmpty || !addresses.isEmpty else { return nil }
        self.init(hosts: Set(hosts), addresses: Set(addresses))
    }
}
