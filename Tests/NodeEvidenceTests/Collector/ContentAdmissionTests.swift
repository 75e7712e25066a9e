import Foundation
import Testing

@testable import NodeEvidence

/// A file's text leaves the machine only when it is what its place says.
struct ContentAdmissionTests {
    private static let shadow = "root:$6$hunter22:19000:0:99999:7:::\nbin:*:19000:0:99999:7:::\n"

    private func admits(_ text: String, _ purpose: FilePurpose) -> Bool { ContentAdmission.admits(Array(text.utf8), as: purpose) }

    @Test(arguments: [
        ("apiVersion: v1\nkind: Pod\nspec: {}\n", true), ("{\"apiVersion\": \"v1\", \"kind\": \"Pod\"}", true), ("# nothing\n", true), ("", true),
        ("apiVersion: v1\nkind: PodList\nitems: [{metadata: {}}]\n", true),
        ("apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Pod}]\n", true),
        ("apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Pod}, {apiVersion: v1, kind: Secret}]\n", false),
        ("apiVersion: v1\nkind: List\nitems: [{metadata: {}}]\n", false), ("apiVersion: v1\nkind: PodList\nitems: {a: b}\n", false),
        ("apiVersion: v1\nkind: ConfigMap\ndata: {application.properties: db.pass=hunter22}\n", false),
        ("apiVersion: v1\nkind: Pod\n---\napiVersion: v1\nkind: Secret\n", false), ("kind: Pod\n", false), ("apiVersion: v2\nkind: Pod\n", false),
        ("hunter22", false), ("- apiVersion: v1\n  kind: Pod\n", false), (shadow, false), ("a: [\n", false),
    ])
    func manifests(text: String, isAdmitted: Bool) { #expect(admits(text, .manifest) == isAdmitted) }

    @Test(arguments: [
        ("{\"cniVersion\": \"1.0.0\", \"name\": \"n\", \"plugins\": []}", true), ("{\"name\": \"n\", \"type\": \"bridge\"}", true),
        ("apiVersion: v1\nkind: Config\nusers: []\n", true), ("{\"name\": \"n\"}", false), ("{\"type\": \"bridge\"}", false), ("hunter22", false),
        ("name: n\ntype: bridge\n", false), ("[{\"name\": \"n\", \"type\": \"x\"}]", false), (shadow, false),
        ("{\"plugins\": [], \"name\": 1}", false),
    ])
    func networks(text: String, isAdmitted: Bool) { #expect(admits(text, .network) == isAdmitted) }

    @Test(arguments: [
        ("apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n", true), ("apiVersion: v1\nkind: Config\n", true),
        ("clusters: []\n", true), ("users: [{name: a}]\n", true), ("users: hunter22\n", false), ("name: cp\nlisten-client-urls: https://x\n", true),
        ("{\"data-root\": \"/d\"}", true), ("imagePolicy: {allowTTL: 1}\n", true), ("kind: KubeletConfiguration\n", false),
        ("apiVersion: v1\nkind: Secret\ndata: {}\n", false), ("apiVersion: v1\nkind: Pod\n", false), ("a: hunter22\n", false), ("hunter22", false),
        ("- hunter22\n", false), (shadow, false),
    ])
    func configurations(text: String, isAdmitted: Bool) { #expect(admits(text, .document) == isAdmitted) }

    @Test(arguments: [
        ("version = 2\n[plugins]\n", true), ("[crio.runtime]\nx = 1\n", true), ("# nothing\n", true), ("a = 1\n", false), ("version = \n", false),
        ("hunter22", false), (shadow, false), ("version = 2\nversion = 3\n", false),
    ])
    func runtimes(text: String, isAdmitted: Bool) { #expect(admits(text, .toml) == isAdmitted) }

    @Test(arguments: [
        ("# a\n[Unit]\nDescription=x\n\n[Service]\nExecStart=a \\\n  b \\\n# c\n  d\n; e\n[Install]\n[X-Own]\nA=b\n", true), ("", true),
        ("ExecStart=a\n[Service]\n", false), ("[Service]\nhunter22\n", false), ("[Service]\nhunter 22=x\n", false), ("[credentials]\na=b\n", false),
        ("[Service]x\nA=b\n", false), ("hunter22", false), (shadow, false),
    ])
    func units(text: String, isAdmitted: Bool) { #expect(admits(text, .unit) == isAdmitted) }

    @Test(arguments: [
        ("# a\nA=1\nexport B_C=\"d\"\nKUBELET_EXTRA_ARGS=\n\nD=\"--e \\\n --f\"\n", true), ("", true), ("hunter22", false), ("aHVudGVyMjI=", false),
        ("aHVudGVyMjI9==\n", false), ("1A=2\n", false), ("A B=c\n", false), (shadow, false), ("A=1\nhunter22\n", false),
    ])
    func variables(text: String, isAdmitted: Bool) { #expect(admits(text, .variables) == isAdmitted) }

    /// Nothing in a text that is of another form is known, so links into other places of the machine show nothing but themselves.
    @Test func linksShowNoOtherFiles() throws {
        let links = [
            "/etc/kubernetes/manifests/abs.yaml", "/etc/cni/net.d/t.conflist", "/etc/kubernetes/kubelet.conf", "/var/lib/kubelet/config.yaml",
            "/etc/containerd/config.toml", "/etc/systemd/system/kubelet.service", "/etc/systemd/system/kubelet.service.d/a.conf",
            "/etc/default/kubelet", "/home/jane/.kube/config", "/etc/etcd/etcd.conf.yml",
        ]
        for secret in [Self.shadow, "hunter22", "eyJhbGciOiJSUzI1NiJ9.hunter22\n", "kubeconfig: /hunter22/x.conf\n", "x:\n  y: hunter22\n"] {
            try FakeRoot.with(["/secret": secret]) { root in
                for link in links { try root.link(link, to: "/secret") }
                let found = try root.collect()
                #expect(!found.text.contains("hunter22"))
                #expect(found.file("/secret")?["content"] is NSNull && found.file("/secret")?["type"] as? String == "file")
                #expect(found.list("refusals").contains { $0["path"] as? String == "/secret" && $0["operation"] as? String == "redact" })
                #expect(!found.result.isComplete)
            }
        }
    }

    /// The wrong link to a file does not take it away from those who name it rightly.
    @Test func aWrongLinkHidesNothing() throws {
        let text = "apiVersion: v1\nkind: Config\nusers: []\n"
        try FakeRoot.with(["/real/admin.conf": text]) { root in
            try root.link("/etc/kubernetes/manifests/x.yaml", to: "/real/admin.conf")
            try root.link("/etc/rancher/k3s/k3s.yaml", to: "/real/admin.conf")
            let found = try root.collect()
            #expect(found.content("/real/admin.conf") == text)
            #expect(found.refusal("/real/admin.conf")?.hasPrefix("cannot be read as what it should be") == true)
        }
    }
}
