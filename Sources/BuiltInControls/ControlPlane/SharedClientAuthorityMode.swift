import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// On machines of the control plane the API server and the kubelet mostly check their clients against one file. It is one fault if others
    /// may write it, and two rows of the benchmark.
    ///
    /// File: what the kubelet's `--client-ca-file` or `authentication.x509.clientCAFile` names and API server, controller manager or etcd of the
    /// same machine use too. Allowed: others only read (edition 1.10: not even that).
    static let sharedClientAuthorityMode = Control(
        id: "shared-client-ca-mode",
        title: "Restrict the mode of the authority that API server and kubelet share",
        severity: .low,
        duty: "A5",
        summary: "Others may write the certificate against which the API server and the kubelet check their clients.",
        remedy: "`chmod 0644 FILE` for each file found.",
        references: [.cis("1.1.20"), .cis("4.1.7")],
        passing: [SharedAuthorityExample.machine(mode: "0644", owner: "root")],
        failing: [
            SharedAuthorityExample.machine(mode: "0664", owner: "root", fault: "mode"),
            SharedAuthorityExample.machine(mode: "0644", owner: "root", version: "1.28.3", fault: "mode"),
        ],
        check: .sharedAuthorities { file, report in
            report.judgeMode(of: file, at: ModeLimit.certificate.bits(for: report.benchmark))
        })
}

extension Check {
    /// Called for each certificate by which the kubelet and the control plane of one machine check their clients.
    static func sharedAuthorities(
        _ judge: @escaping @Sendable (EvidenceFile, inout Report) throws(WrongType) -> Void
    ) -> Check {
        .objects([KubernetesObject.nodeEvidenceKind]) { _, report throws(WrongType) in
            guard let evidence = report.evidence, try evidence.files != nil else { return report.notApplicable() }
            let files = try evidence.sharedAuthorities
            if files.isEmpty { report.notApplicable() }
            for file in files { try judge(file, &report) }
        }
    }
}

extension EvidenceDocument {
    /// Authorities of the kubelet's clients that are certificates of the control plane too, where both run on this machine.
    fileprivate var sharedAuthorities: [EvidenceFile] {
        get throws(WrongType) {
            guard try components(.kubeAPIServer)?.isEmpty == false else { return [] }
            let certificates = Set(try sightings(of: .certificates).files.map(\.place.identity))
            return try kubeletAuthorities.filter { certificates.contains($0.place.identity) }
        }
    }

    private var kubeletAuthorities: [EvidenceFile] {
        get throws(WrongType) {
            guard try components(.kubelet)?.isEmpty == false else { return [] }
            return try sightings(of: .kubeletClientAuthority).files
        }
    }

    /// Files that one row means and that controls over another row, or over both, judge: one fault is told once. The authority of a worker's
    /// kubelet is no matter of the control plane, although it lies where the control plane's would.
    func filesJudgedElsewhere(_ kind: ProtectedFile) throws(WrongType) -> Set<Int> {
        switch kind {
        case .certificates, .clusterPKI: Set(try kubeletAuthorities.map(\.place.identity))
        case .kubeletClientAuthority: Set(try sharedAuthorities.map(\.place.identity))
        default: []
        }
    }
}

/// A machine of the control plane whose API server and kubelet read one certificate.
enum SharedAuthorityExample {
    /// - Parameter fault: the field with the finding, empty for none.
    static func machine(mode: String, owner: String, version: String? = nil, fault: String = "") -> Example {
        let fields = [("mode", "\"\(mode)\""), ("owner", owner), ("group", "root")]
        let lines = fields.map { name, value in "  \(name): \(value)" + (name == fault ? " # ✗" : "") }
        return Example(
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            \(version.map { "kubernetesVersion: \($0)\n" } ?? "")processes:
            - {name: kube-apiserver, argv: [kube-apiserver, --client-ca-file=/etc/kubernetes/pki/ca.crt]}
            - {name: kubelet, argv: [kubelet, --client-ca-file=/etc/kubernetes/pki/ca.crt]}
            files:
            - path: /etc/kubernetes/pki/ca.crt
              type: file
            \(lines.joined(separator: "\n"))
            """)
    }
}
