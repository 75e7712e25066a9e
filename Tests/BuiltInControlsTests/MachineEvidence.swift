import Controls
import Documents
import Kubernetes
import Testing

@testable import BuiltInControls

/// Evidence of a control plane that is in order, made of what the controls' own examples hold, for tests that spoil it.
enum MachineEvidence {
    /// The controls on certificates, encryption, audit and listening ports.
    static let controls: [Control] = [
        "readable-certificates", "expired-certificates", "ending-certificates", "certificate-chains", "certificate-keys", "certificate-digests",
        "server-certificate-names", "etcd-own-authority", "front-proxy-own-authority", "masters-certificates", "long-lived-client-certificates",
        "authority-certificates", "shared-certificate-keys", "private-key-files", "encryption-at-rest", "encryption-providers",
        "refused-encryption-configuration", "encryption-coverage", "encryption-key-age", "retired-encryption-keys", "key-service-sockets",
        "audit-policy-changes", "audit-policy-coverage", "audit-policy-secrets", "refused-audit-policy", "audit-log-delivery", "audit-log-truncation",
        "plaintext-listeners",
        "etcd-listeners-without-client-certificates", "wide-listeners", "unexpected-listeners",
    ].compactMap { id in BuiltInControls.all.first { $0.id == id } }

    /// The certificate in an example of a control, at its place among those of the example, as YAML and JSON take it in quotes.
    static func pem(_ id: String, failing: Bool = false, at index: Int = 0) -> String {
        let example = BuiltInControls.all.first { $0.id == id }.flatMap { failing ? $0.failing.first : $0.passing.first }?.manifest ?? ""
        let found = example.components(between: "pem: \"", and: "\"")
        return index < found.count ? found[index] : ""
    }

    static let server = pem("certificate-chains")
    static let authority = pem("certificate-chains", at: 1)
    static let etcdAuthority = pem("etcd-own-authority", at: 1)
    static let frontProxyAuthority = pem("front-proxy-own-authority", at: 1)
    static let client = pem("masters-certificates")

    static let encryption =
        #"{"apiVersion": "apiserver.config.k8s.io/v1", "kind": "EncryptionConfiguration", "resources": [{"resources": ["*.*"], "providers": ["#
        + #"{"kms": {"apiVersion": "v2", "name": "keys", "endpoint": "unix:///run/kms/kms.sock"}}, {"identity": {}}]}]}"#
    static let audit =
        #"{"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "omitStages": ["RequestReceived"], "rules": [{"level": "Metadata", "resources": ["#
        + #"{"group": "", "resources": ["secrets", "configmaps", "serviceaccounts/token"]}, {"group": "authentication.k8s.io", "resources": "#
        + #"["tokenreviews"]}]}, {"level": "Request"}]}"#

    static let sound = document(certificates: certificates)

    static let certificates = [
        #"{"path": "/pki/apiserver.crt", "pem": "\#(server)", "for": ["kube-apiserver"]}"#,
        #"{"path": "/pki/ca.crt", "pem": "\#(authority)", "for": ["kube-apiserver", "kube-controller-manager"]}"#,
        #"{"path": "/pki/front-proxy-ca.crt", "pem": "\#(frontProxyAuthority)", "for": ["kube-apiserver"]}"#,
        #"{"path": "/pki/etcd/ca.crt", "pem": "\#(etcdAuthority)", "for": ["etcd"]}"#,
        #"{"path": "/etc/kubernetes/jane.conf", "user": "jane", "pem": "\#(client)", "for": []}"#,
        #"{"path": "/etc/kubernetes/jane.conf", "cluster": "here", "pem": "\#(authority)", "for": []}"#,
        #"{"listener": "192.0.2.10:6443", "process": "kube-apiserver", "pem": "\#(server)"}"#,
    ]

    static func document(certificates: [String]) -> String {
        """
        {"apiVersion": "demarc.dev/v1alpha1", "kind": "NodeEvidence", "nodeName": "cp-1", "collectedAt": "2026-12-01T12:00:00Z",
         "processes": [
          {"name": "kube-apiserver", "argv": ["kube-apiserver", "--tls-cert-file=/pki/apiserver.crt", "--client-ca-file=/pki/ca.crt",
           "--requestheader-client-ca-file=/pki/front-proxy-ca.crt", "--encryption-provider-config=/etc/kubernetes/encryption.yaml",
           "--audit-policy-file=/etc/kubernetes/audit.yaml", "--audit-log-path=/var/log/audit.log"]},
          {"name": "kube-controller-manager", "argv": ["kube-controller-manager", "--root-ca-file=/pki/ca.crt"]},
          {"name": "etcd", "argv": ["etcd", "--client-cert-auth=true", "--trusted-ca-file=/pki/etcd/ca.crt"]}],
         "files": [
          {"path": "/etc/kubernetes/encryption.yaml", "mode": "0600", "modifiedAt": "2026-11-01T00:00:00Z", "content": \(quoted(encryption))},
          {"path": "/etc/kubernetes/audit.yaml", "mode": "0600", "content": \(quoted(audit))},
          {"path": "/pki/apiserver.key", "mode": "0600"},
          {"path": "/run", "type": "directory", "mode": "0755", "owner": "root"},
          {"path": "/run/kms", "type": "directory", "mode": "0700", "owner": "root"},
          {"path": "/etc/kubernetes/jane.conf", "mode": "0600"}],
         "sockets": [
          {"protocol": "tcp", "address": "0.0.0.0", "port": 6443, "process": "kube-apiserver"},
          {"protocol": "tcp", "address": "192.0.2.10", "port": 2379, "process": "etcd"},
          {"protocol": "tcp", "address": "127.0.0.1", "port": 10257, "process": "kube-controller"}],
         "certificates": [\(certificates.joined(separator: ",\n  "))]}
        """
    }

    static func quoted(_ text: String) -> String { Draft.text(text).json }

    static func judge(_ text: String, _ controls: [Control] = controls, settings: Settings = Settings()) -> Judgement {
        let read = SourceObjects(DocumentTree.parse(text, source: "evidence.json").tree)
        let inventory = Inventory(read.objects)
        return Catalogue(controls.map(\.heedingBrokenEvidence)).judge(inventory, objects: inventory.objects.indices, settings: settings)
    }
}

extension String {
    /// What stands between each pair of these, in order.
    fileprivate func components(between start: String, and end: String) -> [String] {
        var found: [String] = []
        var rest = self[...]
        while let begun = rest.firstRange(of: start) {
            rest = rest[begun.upperBound...]
            guard let ended = rest.firstRange(of: end) else { break }
            found.append(String(rest[..<ended.lowerBound]))
            rest = rest[ended.upperBound...]
        }
        return found
    }
}
