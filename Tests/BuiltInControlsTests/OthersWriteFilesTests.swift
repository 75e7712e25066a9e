import BuiltInControls
import Controls
import Testing

/// Which files count as read by programs, and who may write them.
struct OthersWriteFilesTests {
    private func told(_ entries: String..., processes: String = "{name: kubelet, argv: [/opt/bin/kubelet]}") throws -> [String] {
        let control = try #require(BuiltInControls.all.first { $0.id == "others-write-files" })
        let files = entries.map { "- {\($0)}" }.joined(separator: "\n")
        let judgement = MachineEvidence.judge(
            "apiVersion: demarc.dev/v1alpha1\nkind: NodeEvidence\nnodeName: a\nprocesses: [\(processes)]\nfiles:\n\(files)", [control])
        #expect(judgement.gaps.isEmpty)
        return judgement.findings.map { "\($0.verdict.rawValue) \($0.fieldPath): \($0.message)" }
    }

    @Test(arguments: [
        "/etc/kubernetes/pki/sa.pub", "/etc/kubernetes/pki/ca.crt", "/etc/containerd/config.toml", "/etc/kubernetes/admission.yaml",
        "/var/lib/kube-proxy/config.conf", "/etc/default/kubelet", "/var/lib/kubelet/kubeadm-flags.env", "/usr/bin/kubelet", "/opt/bin/kubelet",
        "/usr/lib/systemd/system/kubelet.service", "/var/lib/kubelet/config.yaml", "/etc/cni/net.d/10-a.conflist",
        "/etc/kubernetes/manifests/kube-apiserver.yaml",
    ])
    func everybodyMayWriteIt(path: String) throws {
        #expect(
            try told("path: \(path), mode: \"0666\", owner: root, group: root") == [
                "fail files[0].mode: \(path) has mode 0666: everybody may write it"
            ])
        #expect(try told("path: \(path), mode: \"0644\", owner: root, group: root").isEmpty)
    }

    @Test func whatAProgramReadsCountsWhereverItLies() throws {
        let file = "path: /srv/a.conf, mode: \"0602\", owner: root, group: root"
        #expect(try told(file + ", for: [kubelet]") == ["fail files[0].mode: /srv/a.conf has mode 0602: everybody may write it"])
        #expect(try told(file).isEmpty)
        #expect(
            try told(file, processes: "{name: kubelet, argv: [kubelet], executable: /srv/a.conf}") == [
                "fail files[0].mode: /srv/a.conf has mode 0602: everybody may write it"
            ])
    }

    @Test(arguments: [
        ("owner: root, group: staff", ["fail files[0].mode: /etc/default/kubelet has mode 0664: the group staff may write it"]),
        ("owner: root, group: root", []), ("owner: root, group: wheel, gid: 0", []), ("owner: app, group: app", []),
        ("uid: 0, gid: 12", ["fail files[0].mode: /etc/default/kubelet has mode 0664: the group 12 may write it"]),
        ("owner: root", ["notObservable files[0]: its group may write /etc/default/kubelet, and the group was not read"]),
    ])
    func aGroupMayWriteWhatIsRoots(owners: String, expected: [String]) throws {
        #expect(try told("path: /etc/default/kubelet, mode: \"0664\", \(owners)") == expected)
    }

    @Test(arguments: [
        "path: /etc/kubernetes/a, type: symlink, mode: \"0777\", owner: root, group: root",
        "path: /etc/kubernetes/a.sock, type: socket, mode: \"0666\", owner: root, group: root",
        "path: /etc/kubernetes/tmp, type: directory, mode: \"1777\", owner: root, group: root",
        "path: /etc/kubernetes/a, missing: true", "path: /tmp, type: directory, mode: \"0777\", owner: root, group: root",
        "path: /var/lib/kubelet/pods/1/volumes/a, mode: \"0666\", owner: root, group: root",
        "path: /etc/kubernetes/..2026_11_27/a, mode: \"0666\", owner: root, group: root, process: kube-proxy",
        "path: /etc/kubernetes/a, type: directory, mode: \"0777\", owner: root, group: root, process: kube-proxy",
    ])
    func otherEntriesAreNotMeant(entry: String) throws {
        #expect(try told(entry).isEmpty)
    }

    @Test func directoriesAboveAreLeftToTheirControl() throws {
        let key = "path: /etc/kubernetes/pki/ca.key, mode: \"0600\", owner: root, group: root"
        let directory = "type: directory, mode: \"0777\", owner: root, group: root"
        #expect(try told(key, "path: /etc/kubernetes/pki, \(directory)").isEmpty)
        #expect(
            try told(key, "path: /etc/kubernetes/more, \(directory)") == [
                "fail files[1].mode: /etc/kubernetes/more has mode 0777: everybody may write it"
            ])
    }

    @Test func whatWasNotReadIsSaidOnce() throws {
        #expect(
            try told("path: /etc/default/kubelet", "path: /etc/kubernetes/a", "path: /home/a") == [
                "notObservable files: the modes of 2 files were not read, of /etc/default/kubelet for one"
            ])
    }
}
