import Controls
import Documents
import Kubernetes

extension Control {
    /// File systems over the network carry data in the clear unless the mount asks for encryption; plain NFS does not even ask who
    /// the client is.
    ///
    /// Fields: `spec.nfs` with `mountOptions` (`sec=krb5p`, `xprtsec=tls` or `xprtsec=mtls`), `url` of OSS volumes (no `http://`),
    /// `encryptInTransit` of EFS, `protocol: nfs` of Azure Files.
    static let volumeTransportEncryption = Control(
        id: "volume-transport-encryption",
        title: "Encrypt the way to network volumes",
        severity: .medium,
        duty: "C2",
        summary: "The volume's data travels over the network in the clear.",
        remedy: "Mount NFS with `sec=krb5p` or `xprtsec=tls`, OSS through `https://`, EFS with `encryptInTransit: \"true\"`.",
        references: [Reference("cwe", "CWE-319")],
        passing: [
            """
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: files}
            spec:
              mountOptions: [nfsvers=4.2, xprtsec=tls]
              nfs: {server: nfs.example.com, path: /files}
            ---
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: bucket}
            spec:
              csi: {driver: ossplugin.csi.alibabacloud.com, volumeHandle: bucket, volumeAttributes: {url: "https://oss-cn-hangzhou-internal.aliyuncs.com"}}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: files}
            spec:
              mountOptions: [nfsvers=4.2]
              nfs: # ✗
                server: nfs.example.com
                path: /files
            ---
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: bucket}
            spec:
              csi:
                driver: ossplugin.csi.alibabacloud.com
                volumeAttributes:
                  url: http://oss-cn-hangzhou.aliyuncs.com # ✗
            ---
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: elastic}
            spec:
              csi:
                driver: efs.csi.aws.com
                volumeAttributes:
                  encryptInTransit: "false" # ✗
            """
        ],
        check: .objects(["PersistentVolume"]) { volume, report throws(WrongType) in
            let nfs = volume.spec["nfs"]
            if nfs.exists, try !encryptsNFS(volume.spec["mountOptions"]) {
                report.fail(nfs, "PersistentVolume '\(volume.name)' mounts NFS without encryption", value: nfs["server"].text)
            }
            let attributes = volume.spec["csi"]["volumeAttributes"]
            let url = attributes["url"]
            if try url.string()?.hasPrefix("http://") == true { report.fail(url, "PersistentVolume '\(volume.name)' mounts over plain HTTP") }
            let transit = attributes["encryptInTransit"]
            if try transit.equals("false") { report.fail(transit, "PersistentVolume '\(volume.name)' mounts without encryption", value: volume.name) }
        })
}

private func encryptsNFS(_ options: Value) throws(WrongType) -> Bool {
    for option in try options.items() {
        if try option.equals("xprtsec=tls", or: "xprtsec=mtls") { return true }
        if try option.equals("sec=krb5p") { return true }
    }
    return false
}
