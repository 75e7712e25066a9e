import Advisories
import Controls
import Testing

@testable import BuiltInControls

/// Controls on packages, kernels and Kubernetes itself, beyond their examples.
struct PatchControlTests {
    static let debian = """
        apiVersion: demarc.dev/v1alpha1
        kind: NodeEvidence
        nodeName: node-1
        os: {id: debian, versionID: "12", kernel: 6.1.0-17-amd64}
        packages:
        - {name: libssl3, version: 3.0.11-1~deb12u1, source: openssl, manager: dpkg}
        - {name: openssl, version: 3.0.11-1~deb12u1, manager: dpkg}
        """

    static let all: [Control] = [
        .nodePackageAdvisories, .nodePackageLesserAdvisories, .nodePackagesWithoutFix, .nodeKernelAdvisories, .fixNotEffective,
        .kubernetesComponentAdvisories,
    ]

    @Test func advisoriesOfOneSourceAreOneFinding() {
        let settings = Settings.with(
            advisories: #"""
                {"openssl": {
                  "CVE-1": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "3.0.11-1~deb12u2"}}},
                  "CVE-2": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "3.0.11-1~deb12u3", "urgency": "high"}}},
                  "CVE-3": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "3.0.11-1~deb12u1", "urgency": "high"}}},
                  "CVE-4": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "3.0.11-1~deb12u2", "urgency": "low"}}},
                  "CVE-5": {"releases": {"bookworm": {"status": "open", "urgency": "unimportant"}}},
                  "CVE-6": {"releases": {"bookworm": {"status": "undetermined"}}},
                  "CVE-7": {"releases": {"bookworm": {"status": "open"}}},
                  "CVE-8": {"releases": {"bookworm": {"status": "open"}, "sid": {"status": "resolved", "fixed_version": "3.3.0-1"}}}}}
                """#)
        #expect(
            told(judge([.nodePackageAdvisories], Self.debian, settings: settings)) == [
                "fail packages[0]: openssl 3.0.11-1~deb12u1 (libssl3, openssl): 2 advisories mended in 3.0.11-1~deb12u3: CVE-1, CVE-2 (high)"
            ])
        #expect(
            told(judge([.nodePackageLesserAdvisories], Self.debian, settings: settings)) == [
                "fail packages[0]: openssl 3.0.11-1~deb12u1 (libssl3, openssl): 1 advisory mended in 3.0.11-1~deb12u2: CVE-4 (low)"
            ])
        let without = judge([.nodePackagesWithoutFix], Self.debian, settings: settings)
        #expect(
            told(without) == [
                "fail packages[0]: openssl 3.0.11-1~deb12u1 (libssl3, openssl): 1 advisory for which nobody has a fix: CVE-7",
                "fail packages[0]: openssl 3.0.11-1~deb12u1 (libssl3, openssl): 1 advisory which this release has not mended, others have (sid 3.3.0-1): CVE-8",
                "manual packages: the distribution leaves 1 faults as they are: openssl CVE-5: unimportant: no effect on security in the packages as built",
                "manual packages: 1 advisories do not let anybody tell: openssl CVE-6: the distribution has not found out yet whether it is affected",
            ])
        #expect(without.findings.map(\.patch) == [.noUpstreamFix, nil, nil, nil])
    }

    /// Nothing that could not be looked at passes.
    @Test(arguments: [
        (debian, Settings(), "notObservable : no advisories were given, so nothing is known about its packages; give --advisories"),
        (
            debian, Settings.with(advisories: #"{"id": "CVE-1", "affected": [{"package": {"ecosystem": "Debian:11", "name": "openssl"}}]}"#),
            "notObservable os.id: the advisories that were given say nothing about debian 12"
        ),
        (
            "apiVersion: demarc.dev/v1alpha1\nkind: NodeEvidence\nos: {id: gentoo}\npackages: []", Settings.examples,
            "notObservable os.id: no advisories of 'gentoo' are read here; those of \(Distribution.known) are"
        ),
        (
            "apiVersion: demarc.dev/v1alpha1\nkind: NodeEvidence\nos: {id: debian, versionID: '12'}", Settings.examples,
            "notObservable : the evidence has no list 'packages'"
        ),
        (
            "apiVersion: demarc.dev/v1alpha1\nkind: NodeEvidence\npackages: []", Settings.examples,
            "notObservable : the evidence does not say which system runs, so no advisory can be matched"
        ),
    ])
    func whatCannotBeMatchedIsSaid(evidence: String, settings: Settings, told expected: String) {
        #expect(told(judge([.nodePackageAdvisories], evidence, settings: settings)) == [expected])
        for control in Self.all {
            let judgement = judge([control], evidence, settings: settings)
            #expect(judgement.passed == 0, "\(control.id) passes")
        }
    }

    @Test(arguments: [
        ("packages: [{name: openssl}]", "packages[0]", "a version"), ("packages: {}", "packages", "a sequence"),
        ("packages: [{name: 1, version: a}]", "packages[0].name", "a string"), ("packages: [{version: a}]", "packages[0]", "the name of a package"),
    ])
    func brokenEvidenceIsAGap(packages: String, path: String, expected: String) {
        let judgement = judge(
            [.nodePackageAdvisories], "apiVersion: demarc.dev/v1alpha1\nkind: NodeEvidence\nos: {id: debian, versionID: '12'}\n" + packages)
        #expect(judgement.passed == 0 && judgement.notObservable == 1 && judgement.gaps.count == 1)
        #expect(judgement.gaps.first?.message.hasPrefix("\(path) should be \(expected)") == true, "\(judgement.gaps)")
    }

    /// A broken row of the tracker keeps what it is about from passing, and hides nothing else.
    @Test func aBrokenRowIsAGapBesideTheFindings() {
        let settings = Settings.with(
            advisories:
                #"{"openssl": {"CVE-1": {"releases": {"bookworm": {"status": 1}}}, "CVE-2": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "4"}}}}}"#
        )
        let judgement = judge([.nodePackageAdvisories], Self.debian, settings: settings)
        #expect(judgement.findings.count == 1 && judgement.gaps.map(\.source) == ["advisories.json"] && judgement.passed == 0)
    }

    /// A list that could not be read is no empty list. Of programs that are none of Kubernetes' nobody reads any.
    @Test func replacedFilesThatNobodySawAreNoPass() {
        let control = [Control.replacedLibraries]
        func evidence(_ process: String) -> String {
            "apiVersion: demarc.dev/v1alpha1\nkind: NodeEvidence\nprocesses: [{name: kubelet, replaced: []}, \(process)]"
        }
        #expect(judge(control, evidence("{name: sshd}")).findings.isEmpty)
        for process in ["{name: etcd}", "{name: containerd, argv: [containerd]}", "{name: kubelet, replaced: null}"] {
            let told = told(judge(control, evidence(process)))
            let name = process.contains("etcd") ? "etcd" : process.contains("argv") ? "containerd" : "kubelet"
            #expect(
                told == ["notObservable processes[1]: the evidence does not say which files of \(name) were replaced while it runs"], "\(told)")
        }
    }

    /// A directory of modules that a removed kernel left behind is no kernel to reboot into.
    @Test(arguments: [
        ("[{name: linux-image-6.1.0-17-amd64, version: '1'}]", 0), ("[{name: linux-image-6.1.0-18-amd64, version: '1'}]", 1),
        ("[{name: vim, version: '1'}]", 1), ("[{name: linux-image-6.1.0-17-cloud-amd64, version: '1'}]", 1),
    ])
    func leftOverModulesAreNoKernel(packages: String, findings: Int) {
        let evidence = """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            os: {kernel: 6.1.0-17-amd64}
            kernel: {installed: [6.1.0-17-amd64, 6.1.0-18-amd64]}
            packages: \(packages)
            """
        #expect(judge([.kernelNotRebooted], evidence).findings.map(\.value) == Array(repeating: "6.1.0-18-amd64", count: findings))
    }

    @Test func kernelsAreJudgedByWhatRuns() {
        let kernels = """
            - {name: linux-image-6.1.0-17-amd64, version: 6.1.69-1, source: linux-signed-amd64, sourceVersion: 6.1.69+1}
            - {name: linux-image-6.1.0-18-amd64, version: 6.1.76-1, source: linux-signed-amd64, sourceVersion: 6.1.76+1}
            - {name: linux-image-amd64, version: 6.1.76-1, source: linux-signed-amd64}
            """
        let settings = Settings.with(
            advisories: #"""
                {"linux": {
                  "CVE-1": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "6.1.76-1"}}},
                  "CVE-2": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "6.1.85-1"}}},
                  "CVE-3": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "6.1.69-1"}}}}}
                """#)
        let evidence = Self.debian + "\n" + kernels
        #expect(
            told(judge([.nodeKernelAdvisories], evidence, settings: settings)) == [
                "fail os.kernel: the kernel that runs, 6.1.0-17-amd64 (6.1.69-1): 2 advisories mended in 6.1.85-1: CVE-1, CVE-2"
            ])
        let late = judge([.fixNotEffective], evidence, settings: settings)
        #expect(
            told(late) == [
                "fail os.kernel: 1 advisory that the installed kernel 6.1.0-18-amd64 (6.1.76-1) mends and the running 6.1.0-17-amd64 (6.1.69-1) does not: CVE-1"
            ])
        #expect(late.findings.first?.patch == .fixNotRolledOut)
        // No package list of the kernel is counted twice.
        #expect(told(judge([.nodePackageAdvisories], evidence, settings: settings)) == [])
        #expect(told(judge([.kernelNotRebooted], evidence)) == ["fail os.kernel: 6.1.0-17-amd64 runs, 6.1.0-18-amd64 is installed"])
    }

    @Test(arguments: [
        ("{kernel: 6.1.0-18-amd64}", "[6.1.0-18-amd64, 6.1.0-9-amd64]", []),
        ("{kernel: 5.14.0-362.8.1.el9_3.x86_64}", "[5.14.0-362.8.1.el9_3.x86_64]", []),
        (
            "{kernel: 5.14.0-362.8.1.el9_3.x86_64}", "[5.14.0-362.8.1.el9_3.x86_64, 5.14.0-427.13.1.el9_4.x86_64]",
            ["fail os.kernel: 5.14.0-362.8.1.el9_3.x86_64 runs, 5.14.0-427.13.1.el9_4.x86_64 is installed"]
        ),
        (
            "{kernel: 6.5.0-1024-azure}", "[6.5.0-41-generic]",
            ["notObservable os.kernel: the evidence shows no installed kernel of the kind that runs, 6.5.0-1024-azure"]
        ),
        ("{kernel: 6.1.0}", "[]", ["notObservable os.kernel: the evidence shows no installed kernel of the kind that runs, 6.1.0"]),
        ("{}", "[]", ["notObservable : the evidence does not say which kernel runs"]),
    ])
    func kernelsOfOneKindAreCompared(system: String, installed: String, expected: [String]) {
        let evidence = "apiVersion: demarc.dev/v1alpha1\nkind: NodeEvidence\nos: \(system)\nkernel: {installed: \(installed)}"
        #expect(told(judge([.kernelNotRebooted], evidence)) == expected)
    }

    @Test(arguments: [
        ("libssl3", "/usr/lib/x86_64-linux-gnu/libssl.so.3", true), ("libssl3t64", "/usr/lib/libssl.so.3", true),
        ("libssl3", "/lib/libcrypto.so.3", true),
        ("openssl-libs", "/usr/lib64/libcrypto.so.3.0.7", true), ("libc6", "/lib/x86_64-linux-gnu/libc.so.6", true),
        ("libapt-pkg6.0", "/lib/libapt-pkg.so.6.0.0", true),
        ("libseccomp2", "/lib/libseccomp.so.2.5.4", true), ("libgnutls30", "/lib/libgnutls.so.30.34.3", true),
        ("libext2fs2", "/lib/libext2fs.so.2.4", true),
        ("libpcre2-8-0", "/lib/libpcre2-8.so.0.11", true), ("libpcre2-80", "/lib/libpcre2-8.so.0.11", false), ("kubelet", "/usr/bin/kubelet", true),
        ("kubelet", "/opt/kubelet", false), ("ssl", "/lib/libssl.so.3", false),
        ("libssl3", "", false), ("libssl3", "libssl.so", false),
    ])
    func filesAreFoundInPackages(package: String, file: String, holds: Bool) {
        #expect(LibraryPackage.holds(package, file: file) == holds, "\(package) \(file)")
    }

    @Test func versionsOfKubernetesComeFromWhatRuns() {
        let settings = Settings.with(
            advisories: #"""
                [{"id": "CVE-1", "affected": [{"package": {"ecosystem": "kubernetes", "name": "k8s.io/apiserver"}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.30.1"}]}]}]},
                 {"id": "CVE-2", "affected": [{"package": {"ecosystem": "kubernetes", "name": "k8s.io/kubelet"}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}]}]}]},
                 {"id": "CVE-3", "affected": [{"package": {"ecosystem": "kubernetes", "name": "k8s.io/kubectl"}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.29.4"}]}]}]}]
                """#)
        let evidence = """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            kubernetesVersion: 1.31.0
            processes: [{name: kube-apiserver, argv: [kube-apiserver]}, {name: kubelet, argv: [kubelet]}]
            packages: [{name: kubectl, version: 1.29.3-1.1}, {name: kubelet, version: 1.31.0-1.1}]
            files:
            - path: /etc/kubernetes/manifests/kube-apiserver.yaml
              content: |
                spec:
                  containers:
                  - image: registry.k8s.io/kube-apiserver:v1.30.0
            """
        let judgement = judge([.kubernetesComponentAdvisories], evidence, settings: settings)
        #expect(
            told(judgement) == [
                "fail files[0].content: kube-apiserver v1.30.0: 1 advisory mended in 1.30.1: CVE-1",
                "fail packages[1].version: kubelet 1.31.0: 1 advisory for which nobody has a fix: CVE-2",
                "fail packages[0].version: kubectl 1.29.3: 1 advisory mended in 1.29.4: CVE-3",
            ])
        #expect(judgement.findings.map(\.patch) == [nil, .noUpstreamFix, nil])
    }

    @Test(arguments: [
        ("kubernetesVersion: latest", "notObservable kubernetesVersion: 'latest' of kubelet is no version of Kubernetes"),
        ("nodeName: node-1", "notObservable processes[0].argv: the version of kubelet is not known, so no advisory can be matched"),
    ])
    func versionsThatAreNotKnownAreSaid(line: String, expected: String) {
        let evidence = "apiVersion: demarc.dev/v1alpha1\nkind: NodeEvidence\n\(line)\nprocesses: [{name: kubelet, argv: [kubelet]}]"
        #expect(told(judge([.kubernetesComponentAdvisories], evidence)) == [expected])
    }
}
