import BuiltInControls
import Controls
import Documents
import Kubernetes
import Testing

/// What controls say of certificates, where, and by whose clock.
struct CertificateControlTests {
    private func findings(_ id: String, _ text: String, settings: Settings = Settings()) throws -> [Finding] {
        let control = try #require(BuiltInControls.all.first { $0.id == id })
        let judgement = MachineEvidence.judge(text, [control], settings: settings)
        #expect(judgement.gaps.isEmpty, "\(judgement.gaps)")
        return judgement.findings
    }

    private func evidence(_ certificates: String, at moment: String = "2026-11-27T12:00:00Z", processes: String = "", files: String = "") -> String {
        """
        {"apiVersion": "demarc.dev/v1alpha1", "kind": "NodeEvidence", "nodeName": "cp-1", "collectedAt": "\(moment)",
         "processes": [\(processes)], "files": [\(files)],
         "certificates": [\(certificates)]}
        """
    }

    private static let server = MachineEvidence.server

    /// The server's certificate ends on 2027-06-01.
    @Test(
        arguments: [
            (#""path": "/pki/a.crt""#, "2027-05-02T00:00:01Z", "whoever runs the machine renews it"),
            (#""path": "/pki/a.crt""#, "2027-05-01T00:00:00Z", nil),
            (#""path": "/a.conf", "user": "jane""#, "2027-04-15T00:00:00Z", "its holder renews it by hand"),
            (#""path": "/a.conf", "user": "jane""#, "2027-03-31T00:00:00Z", nil),
            // A program renews its own kubeconfig with the machine.
            (#""path": "/a.conf", "user": "jane", "for": ["kube-scheduler"]"#, "2027-04-15T00:00:00Z", nil),
            (
                #""path": "/var/lib/kubelet/pki/kubelet-client-current.pem", "for": ["kubelet"]"#, "2027-05-20T00:00:00Z",
                "the kubelet should have renewed it"
            ),
            (#""path": "/var/lib/kubelet/pki/kubelet-client-current.pem", "for": ["kubelet"]"#, "2027-04-20T00:00:00Z", nil),
        ] as [(String, String, String?)])
    func theEndIsJudgedByWhoRenews(entry: String, moment: String, who: String?) throws {
        let text = evidence("{\(entry), \"pem\": \"\(Self.server)\"}", at: moment)
        let found = try findings("ending-certificates", text)
        #expect(found.count == (who == nil ? 0 : 1))
        if let who { #expect(found.first?.message.hasSuffix(who) == true && found.first?.fieldPath == "certificates[0].pem") }
        #expect(try findings("expired-certificates", text).isEmpty)
    }

    /// Controls on certificates judge what is there; that something is not, one of them says.
    @Test func aCertificateThatIsNotInTheEvidenceIsSaid() throws {
        let server = """
            {"name": "kube-apiserver", "argv": ["kube-apiserver", "--tls-cert-file=/pki/a.crt", "--client-ca-file=/run/ca.crt"]}
            """
        let link = #"{"path": "/run/ca.crt", "type": "symlink", "target": "/pki/ca.crt"}"#
        let other = #"{"path": "/srv/x.crt", "pem": "\#(Self.server)"}"#
        let missing = try findings("readable-certificates", evidence(other, processes: server))
        #expect(missing.map(\.verdict) == [.notObservable, .notObservable])
        #expect(missing.map(\.fieldPath) == ["processes[0].argv[1]", "processes[0].argv[2]"])
        #expect(missing.first?.message == "the evidence holds no certificate of /pki/a.crt, which --tls-cert-file of the API server names")
        let own = #"{"path": "/pki/a.crt", "pem": "\#(Self.server)"}, {"path": "/pki/ca.crt", "pem": "\#(MachineEvidence.authority)"}"#
        let aliased = #"{"path": "/pki/ca.crt", "aliases": ["/run/ca.crt"]}"#
        #expect(try findings("readable-certificates", evidence(own, processes: server, files: "\(link), \(aliased)")).isEmpty)
        #expect(try findings("readable-certificates", evidence(own, processes: server)).count == 1)
    }

    /// What one API server allows protects no other.
    @Test(arguments: [
        (["--requestheader-allowed-names=front"], [Verdict.fail]), ([], [.fail, .fail]),
        (["--client-ca-file=/pki/other.crt"], [.notObservable, .fail]),
    ])
    func eachServerIsJudgedByItsOwnNames(first: [String], verdicts: [Verdict]) throws {
        func server(_ more: [String]) -> String {
            let argv = ["kube-apiserver", "--client-ca-file=/pki/ca.crt", "--requestheader-client-ca-file=/pki/ca.crt"] + more
            return #"{"name": "kube-apiserver", "argv": ["\#(argv.joined(separator: "\", \""))"]}"#
        }
        let own = #"{"path": "/pki/ca.crt", "pem": "\#(MachineEvidence.authority)"}"#
        let found = try findings("front-proxy-own-authority", evidence(own, processes: "\(server(first)), \(server([]))"))
        #expect(found.map(\.verdict) == verdicts)
        #expect(found.last?.fieldPath == "processes[1].argv[2]")
    }

    /// The socket of the key service is as safe as the folders above it.
    @Test(arguments: [
        (#""mode": "0700", "owner": "root""#, nil), (#""mode": "0702", "owner": "root""#, "fail: where everybody may put files"),
        (#""mode": "0770", "owner": "root", "group": "kms""#, "fail: where its group kms may put files"),
        (#""mode": "0700", "owner": "kms", "uid": 7"#, "fail: where its owner kms may put files"),
        (#""owner": "root""#, "notObservable: the mode or the owner of /run/kms was not read"),
        (#""mode": "0700""#, "notObservable: the mode or the owner of /run/kms was not read"),
        (#""missing": true"#, "notObservable: the evidence does not show /run/kms"),
    ])
    func foldersAboveTheKeyServiceAreJudged(folder: String, expected: String?) throws {
        let sound = #""path": "/run/kms", "type": "directory", "mode": "0700", "owner": "root""#
        let text = MachineEvidence.sound.replacing(sound, with: #""path": "/run/kms", "type": "directory", \#(folder)"#)
        let found = try findings("key-service-sockets", text)
        #expect(found.count == (expected == nil ? 0 : 1))
        if let expected, let only = found.first {
            let parts = expected.split(separator: ": ", maxSplits: 1).map(String.init)
            #expect(only.verdict.rawValue == parts[0] && only.message.hasSuffix(parts[1]), "\(only.verdict) \(only.message)")
        }
        let link = text.replacing("\"/run/kms\"", with: "\"/srv/kms\"").replacing(
            #"{"path": "/run", "#,
            with:
                #"{"path": "/run/kms", "type": "symlink", "target": "../srv/kms", "mode": "0777"}, {"path": "/srv", "mode": "0755", "owner": "root"}, {"path": "/run", "#
        )
        #expect(try findings("key-service-sockets", link).map(\.verdict) == found.map(\.verdict), "through a link")
    }

    @Test func settingsMoveTheNotice() throws {
        var settings = Settings()
        settings.certificateNoticeDays = 5
        let text = evidence(#"{"path": "/pki/a.crt", "pem": "\#(Self.server)"}"#, at: "2027-05-20T00:00:00Z")
        #expect(try findings("ending-certificates", text, settings: settings).isEmpty)
        settings.certificateNoticeDays = .max
        #expect(try findings("ending-certificates", text, settings: settings).count == 1, "never more than a fifth of its life, and no overflow")
        settings.certificateNoticeDays = .min
        #expect(try findings("ending-certificates", text, settings: settings).isEmpty)
    }

    @Test func anAuthorityIsKnownHalfAYearAhead() throws {
        let text = evidence(#"{"path": "/pki/ca.crt", "pem": "\#(MachineEvidence.authority)"}"#, at: "2035-08-01T00:00:00Z")
        #expect(
            try findings("ending-certificates", text).map(\.message) == [
                "'CN=kubernetes' (/pki/ca.crt) ends at 2035-12-30T00:00:00Z, in 151 days; all that it signed has to be replaced with it"
            ])
    }

    @Test func whatIsNotYetValidIsSaidSo() throws {
        let text = evidence(#"{"listener": "192.0.2.10:6443", "process": "kube-apiserver", "pem": "\#(Self.server)"}"#, at: "2026-05-01T00:00:00Z")
        #expect(
            try findings("expired-certificates", text).map(\.message) == [
                "'CN=kube-apiserver' (what kube-apiserver at 192.0.2.10:6443 answers with) is not valid before 2026-06-01T00:00:00Z"
            ])
    }

    @Test func withoutATimeNothingIsSaidOfValidity() throws {
        let text = evidence(#"{"path": "/pki/a.crt", "pem": "\#(Self.server)"}"#, at: "yesterday")
        for id in ["expired-certificates", "ending-certificates", "certificate-chains"] {
            let control = try #require(BuiltInControls.all.first { $0.id == id })
            let judgement = MachineEvidence.judge(text, [control])
            #expect(judgement.gaps.map(\.reason) == [.wrongType] && judgement.passed == 0, "\(id)")
        }
    }

    @Test func aMissingTimeIsNamed() throws {
        let text = evidence(#"{"path": "/pki/a.crt", "pem": "\#(Self.server)"}"#).replacing(#" "collectedAt": "2026-11-27T12:00:00Z","#, with: "")
        let control = try #require(BuiltInControls.all.first { $0.id == "expired-certificates" })
        #expect(
            MachineEvidence.judge(text, [control]).gaps.map(\.message) == [
                "the document should be evidence whose field collectedAt says when it was taken (RFC 3339); as it is, it was not judged"
            ])
    }

    /// A file and the kubeconfigs that embed it are one certificate to renew.
    @Test(arguments: [("ending-certificates", "2035-12-01T00:00:00Z"), ("expired-certificates", "2036-12-01T00:00:00Z")])
    func aCertificateIsToldOnce(id: String, moment: String) throws {
        let ca = MachineEvidence.authority
        let configs = ["a", "b"].map { #"{"path": "/\#($0).conf", "cluster": "here", "pem": "\#(ca)"}"# }
        let found = try findings(id, evidence((configs + [#"{"path": "/pki/ca.crt", "pem": "\#(ca)"}"#]).joined(separator: ", "), at: moment))
        #expect(found.map(\.fieldPath) == ["certificates[2].pem"], "at the file, where it is replaced")
        let places = "(/pki/ca.crt, the authority of cluster 'here' in /a.conf, the authority of cluster 'here' in /b.conf)"
        #expect(found.first?.message.hasPrefix("'CN=kubernetes' \(places) e") == true, "\(found.map(\.message))")
    }

    /// What openssl made sign itself says CA:TRUE and signs nothing else.
    @Test func aServersOwnCertificateIsNoAuthorityToReplace() throws {
        let pem = MachineEvidence.pem("authority-certificates", failing: true)
        let shown = evidence(
            #"{"path": "/k.crt", "pem": "\#(pem)"}"#, at: "2027-05-20T00:00:00Z",
            processes: #"{"name": "kubelet", "argv": ["kubelet", "--tls-cert-file=/k.crt"]}"#)
        #expect(try findings("ending-certificates", shown).map { $0.message.hasSuffix("; whoever runs the machine renews it") } == [true])
        let trusted = evidence(#"{"path": "/k.crt", "pem": "\#(pem)"}"#, at: "2027-05-20T00:00:00Z")
        #expect(
            try findings("ending-certificates", trusted).map { $0.message.hasSuffix("; all that it signed has to be replaced with it") } == [true])
        let own = evidence(#"{"path": "/var/lib/kubelet/pki/kubelet.crt", "for": ["kubelet"], "pem": "\#(pem)"}"#, at: "2027-05-20T00:00:00Z")
        #expect(try findings("ending-certificates", own).map { $0.message.hasSuffix("; whoever runs the machine renews it") } == [true])
    }

    @Test func aChainIsJudgedAgainstTheAuthorityItsReadersName() throws {
        let masters = MachineEvidence.pem("masters-certificates", failing: true)
        let users =
            #"{"path": "/etc/admin.conf", "user": "admin", "pem": "\#(masters)"}, {"path": "/pki/ca.crt", "pem": "\#(MachineEvidence.etcdAuthority)"}"#
        let server = #"{"name": "kube-apiserver", "argv": ["kube-apiserver", "--client-ca-file=/pki/ca.crt"]}"#
        let found = try findings("certificate-chains", evidence(users, processes: server))
        #expect(
            found.map(\.verdict) == [.fail]
                && found.map(\.message) == [
                    "'O=system:masters, CN=kubernetes-admin' (user 'admin' of /etc/admin.conf), which API servers check: its issuer 'CN=kubernetes' is none of them"
                ])
        // Without that authority in the evidence nobody can say.
        #expect(try findings("certificate-chains", evidence(users)).map(\.verdict) == [.notObservable])
        // Shown for another purpose than it is good for.
        let etcd = #"{"name": "etcd", "argv": ["etcd", "--trusted-ca-file=/pki/ca.crt"]}"#
        let client = #"{"name": "kube-apiserver", "argv": ["kube-apiserver", "--etcd-certfile=/pki/a.crt"]}"#
        let pair = #"{"path": "/pki/a.crt", "pem": "\#(Self.server)"}, {"path": "/pki/ca.crt", "pem": "\#(MachineEvidence.authority)"}"#
        #expect(
            try findings("certificate-chains", evidence(pair, processes: etcd + "," + client)).map(\.message) == [
                "'CN=kube-apiserver' (/pki/a.crt), which members of etcd check: 'CN=kube-apiserver' is not good for that purpose by its extended key usage"
            ])
    }

    @Test func etcdMayTrustNoAuthorityOfTheClusterInAnyForm() throws {
        let ca = MachineEvidence.authority
        let programs =
            #"{"name": "kube-apiserver", "argv": ["kube-apiserver", "--client-ca-file=/pki/ca.crt"]}, "#
            + #"{"name": "etcd", "argv": ["etcd", "--trusted-ca-file=/pki/etcd/ca.crt"]}"#
        // The same certificate under another path, also among others.
        for bundle in [ca, MachineEvidence.etcdAuthority + ca] {
            let text = evidence(#"{"path": "/pki/ca.crt", "pem": "\#(ca)"}, {"path": "/pki/etcd/ca.crt", "pem": "\#(bundle)"}"#, processes: programs)
            #expect(
                try findings("etcd-own-authority", text).map(\.message) == [
                    "--trusted-ca-file holds 'CN=kubernetes' with the key, which --client-ca-file of the API server names too"
                ])
        }
        // One fault, however many settings of the cluster name that authority.
        let signing =
            programs + #", {"name": "kube-controller-manager", "argv": ["kube-controller-manager", "--cluster-signing-cert-file=/pki/ca.crt"]}"#
        let one = evidence(#"{"path": "/pki/ca.crt", "pem": "\#(ca)"}, {"path": "/pki/etcd/ca.crt", "pem": "\#(ca)"}"#, processes: signing)
        #expect(
            try findings("etcd-own-authority", one).map(\.message) == [
                "--trusted-ca-file holds 'CN=kubernetes' with the key, which --client-ca-file of the API server and --cluster-signing-cert-file of the controller manager name too"
            ])
        let half = evidence(#"{"path": "/pki/ca.crt", "pem": "\#(ca)"}"#, processes: programs)
        #expect(try findings("etcd-own-authority", half).map(\.verdict) == [.notObservable])
    }

    @Test func allowedNamesSaveASharedFrontProxyAuthority() throws {
        func text(_ names: String) -> String {
            evidence(
                #"{"path": "/pki/ca.crt", "pem": "\#(MachineEvidence.authority)"}"#,
                processes:
                    #"{"name": "kube-apiserver", "argv": ["kube-apiserver", "--client-ca-file=/pki/ca.crt", "--requestheader-client-ca-file=/pki/ca.crt"\#(names)]}"#
            )
        }
        #expect(try findings("front-proxy-own-authority", text("")).count == 1)
        #expect(try findings("front-proxy-own-authority", text(#", "--requestheader-allowed-names=front-proxy-client""#)).isEmpty)
        #expect(try findings("front-proxy-own-authority", text(#", "--requestheader-allowed-names=""#)).count == 1, "an empty list allows all")
    }

    @Test(arguments: [
        ("0600", false), ("0640", false), ("0604", true), ("0602", true), ("0666", true), ("0601", false),
    ])
    func keysAreKeptFromOthers(mode: String, isFound: Bool) throws {
        for (entry, file) in [
            (#""path": "/pki/a.crt""#, "/pki/a.key"), (#""path": "/pki/a.pem""#, "/pki/a-key.pem"),
            (#""path": "/root/admin.conf", "user": "a""#, "/root/admin.conf"),
            (#""path": "/pki/kubelet-client-current.pem", "for": ["kubelet"]"#, "/pki/kubelet-client-current.pem"),
        ] {
            let text = evidence("{\(entry), \"pem\": \"\(Self.server)\"}", files: #"{"path": "\#(file)", "mode": "\#(mode)"}"#)
            let found = try findings("private-key-files", text)
            #expect(found.map(\.fieldPath) == (isFound ? ["files[0].mode"] : []), "\(file)")
        }
        let unread = evidence(#"{"path": "/pki/a.crt", "pem": "\#(Self.server)"}"#, files: #"{"path": "/pki/a.key"}"#)
        #expect(try findings("private-key-files", unread).map(\.verdict) == [.notObservable])
    }

    /// A key that a row's control over modes finds is found once.
    @Test(arguments: [
        ("kube-apiserver", "/etc/kubernetes/pki/a.crt", "/etc/kubernetes/pki/a.key", "cluster-private-key-mode"),
        ("kubelet", "/var/lib/kubelet/pki/kubelet.crt", "/var/lib/kubelet/pki/kubelet.key", "kubelet-private-keys"),
    ])
    func keysOfRowsAreLeftToTheirControls(program: String, certificate: String, key: String, id: String) throws {
        let text = evidence(
            #"{"path": "\#(certificate)", "pem": "\#(Self.server)"}"#, processes: #"{"name": "\#(program)", "argv": ["\#(program)"]}"#,
            files: #"{"path": "\#(key)", "mode": "0644", "owner": "root", "group": "root"}"#)
        #expect(try findings("private-key-files", text).isEmpty)
        #expect(try findings(id, text).map(\.fieldPath) == ["files[0].mode"])
    }

    /// Editions that let everybody read a kubeconfig say nothing of the key in it.
    @Test func aKeyThatARowAllowsToReadIsStillFound() throws {
        let text = evidence(
            #"{"path": "/etc/kubernetes/kubelet.conf", "user": "a", "pem": "\#(Self.server)"}"#,
            processes: #"{"name": "kubelet", "argv": ["kubelet", "--kubeconfig=/etc/kubernetes/kubelet.conf"]}"#,
            files: #"{"path": "/etc/kubernetes/kubelet.conf", "mode": "0644"}"#)
        var settings = Settings()
        settings.benchmark = "eks-1.8.0"
        #expect(try findings("private-key-files", text, settings: settings).map(\.fieldPath) == ["files[0].mode"])
        settings.benchmark = "cis-1.12"
        #expect(try findings("private-key-files", text, settings: settings).isEmpty)
    }

    @Test func whatCannotBeReadIsAFindingAndAGap() throws {
        let text = MachineEvidence.document(certificates: [#"{"path": "/pki/a.crt", "pem": "-----BEGIN CERTIFICATE-----\nMIIB"}"#])
        let judgement = MachineEvidence.judge(text)
        #expect(judgement.findings.contains { MachineEvidence.controls[$0.control].id == "readable-certificates" && $0.verdict == .fail })
        #expect(
            judgement.gaps.map(\.message) == [
                "certificates[0].pem (/pki/a.crt) should be certificates that can all be read; as it is, it was not judged"
            ])
    }
}
