import Controls
import Documents
import NodeEvidence

/// When etcd demands certificates of those who connect: where it is told to, or where it is given an authority to check them with.
///
/// An authority without a certificate of etcd's own has no effect: then there is no TLS, or `--auto-tls` makes its own settings.
/// Source: etcd's client/pkg/transport, `TLSInfo.ServerConfig`, and server/embed, `ClientSelfCert`.
extension Report {
    /// Fails where nothing makes etcd demand any.
    /// - Parameter prefix: `peer-` for its peers, empty for its clients.
    mutating func requireCertificates(_ etcd: ComponentSettings, _ prefix: String) {
        guard let demand = unstatedDemand(etcd, prefix), !demand.isImplied else { return }
        failDemand(etcd, prefix, demand.setting, "")
    }

    /// Fails where only an authority makes etcd demand any.
    mutating func requireStatedDemand(_ etcd: ComponentSettings, _ prefix: String) {
        guard let demand = unstatedDemand(etcd, prefix), demand.isImplied else { return }
        failDemand(
            etcd, prefix, demand.setting, "; only \(etcd.label(prefix + "trusted-ca-file", field(prefix, "trusted-ca-file"))) makes it demand any")
    }

    private mutating func failDemand(_ etcd: ComponentSettings, _ prefix: String, _ asks: Setting, _ addition: String) {
        let label = etcd.label(prefix + "client-cert-auth", field(prefix, "client-cert-auth"))
        fail(asks.place, (asks.isSet ? "\(asks.name) is false" : "\(label) is not set, so it is false") + addition)
    }

    /// nil where etcd is told to demand certificates, or where that is not known, which is said.
    private mutating func unstatedDemand(_ etcd: ComponentSettings, _ prefix: String) -> (setting: Setting, isImplied: Bool)? {
        let asks = setting(
            etcd, flag: prefix + "client-cert-auth", field: field(prefix, "client-cert-auth"), as: .boolean, standard: "false")
        guard let asks else { return nil }
        guard let isTold = asks.bool else {
            undecided(asks, "neither true nor false")
            return nil
        }
        guard !isTold,
            let authority = setting(etcd, flag: prefix + "trusted-ca-file", field: field(prefix, "trusted-ca-file"), as: .text),
            let own = setting(etcd, flag: prefix + "cert-file", field: field(prefix, "cert-file"), as: .text)
        else { return nil }
        return (asks, !authority.text.isEmpty && !own.text.isEmpty)
    }

    private func field(_ prefix: String, _ name: String) -> String {
        (prefix.isEmpty ? "client-transport-security." : "peer-transport-security.") + name
    }
}
