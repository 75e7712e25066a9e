#!/usr/bin/env python3
"""Writes cp-1.json: what `demarc node collect` says of a hardened control plane, with certificates made anew.

    Examples/control-plane/generate.py > Examples/control-plane/cp-1.json
"""
import datetime
import json
import pathlib
import subprocess
import tempfile

PKI = "/etc/kubernetes/pki"
VERSION = "1.33.4"
CIPHERS = ",".join(
    [
        "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    ])
KUBELET_CIPHERS = [
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
]

API_SERVER = [
    "kube-apiserver", "--advertise-address=192.0.2.11", "--anonymous-auth=false", "--audit-log-maxage=30", "--audit-log-maxbackup=10",
    "--audit-log-maxsize=100", "--audit-log-path=/var/log/kubernetes/audit.log", "--audit-policy-file=/etc/kubernetes/audit-policy.yaml",
    "--authorization-mode=Node,RBAC", f"--client-ca-file={PKI}/ca.crt",
    "--enable-admission-plugins=NodeRestriction,EventRateLimit,AlwaysPullImages,DenyServiceExternalIPs",
    "--admission-control-config-file=/etc/kubernetes/admission.yaml",
    "--encryption-provider-config=/etc/kubernetes/encryption.yaml", "--encryption-provider-config-automatic-reload=true",
    f"--etcd-cafile={PKI}/etcd/ca.crt", f"--etcd-certfile={PKI}/apiserver-etcd-client.crt", f"--etcd-keyfile={PKI}/apiserver-etcd-client.key",
    "--etcd-servers=https://127.0.0.1:2379", f"--kubelet-certificate-authority={PKI}/ca.crt",
    f"--kubelet-client-certificate={PKI}/apiserver-kubelet-client.crt", f"--kubelet-client-key={PKI}/apiserver-kubelet-client.key",
    "--profiling=false", f"--proxy-client-cert-file={PKI}/front-proxy-client.crt", f"--proxy-client-key-file={PKI}/front-proxy-client.key",
    "--requestheader-allowed-names=front-proxy-client", f"--requestheader-client-ca-file={PKI}/front-proxy-ca.crt",
    "--requestheader-extra-headers-prefix=X-Remote-Extra-", "--requestheader-group-headers=X-Remote-Group",
    "--requestheader-username-headers=X-Remote-User", "--secure-port=6443", "--service-account-extend-token-expiration=false",
    "--service-account-issuer=https://kubernetes.default.svc.cluster.local", f"--service-account-key-file={PKI}/sa.pub",
    f"--service-account-signing-key-file={PKI}/sa.key", "--service-account-lookup=true", "--service-cluster-ip-range=10.96.0.0/12",
    f"--tls-cert-file={PKI}/apiserver.crt", f"--tls-cipher-suites={CIPHERS}", "--tls-min-version=VersionTLS12",
    f"--tls-private-key-file={PKI}/apiserver.key",
]
CONTROLLER_MANAGER = [
    "kube-controller-manager", "--authentication-kubeconfig=/etc/kubernetes/controller-manager.conf",
    "--authorization-kubeconfig=/etc/kubernetes/controller-manager.conf", "--bind-address=127.0.0.1", f"--client-ca-file={PKI}/ca.crt",
    f"--cluster-signing-cert-file={PKI}/ca.crt", f"--cluster-signing-key-file={PKI}/ca.key", "--cluster-signing-duration=720h",
    "--kubeconfig=/etc/kubernetes/controller-manager.conf", "--leader-elect=true", "--profiling=false",
    f"--requestheader-client-ca-file={PKI}/front-proxy-ca.crt", f"--root-ca-file={PKI}/ca.crt",
    f"--service-account-private-key-file={PKI}/sa.key", "--terminated-pod-gc-threshold=1000", "--tls-min-version=VersionTLS12",
    "--use-service-account-credentials=true",
]
SCHEDULER = [
    "kube-scheduler", "--authentication-kubeconfig=/etc/kubernetes/scheduler.conf",
    "--authorization-kubeconfig=/etc/kubernetes/scheduler.conf", "--bind-address=127.0.0.1", "--kubeconfig=/etc/kubernetes/scheduler.conf",
    "--leader-elect=true", "--profiling=false", "--tls-min-version=VersionTLS12",
]
ETCD = [
    "etcd", "--advertise-client-urls=https://192.0.2.11:2379", f"--cert-file={PKI}/etcd/server.crt", "--client-cert-auth=true",
    "--data-dir=/var/lib/etcd", "--initial-advertise-peer-urls=https://192.0.2.11:2380", f"--key-file={PKI}/etcd/server.key",
    "--listen-client-urls=https://127.0.0.1:2379,https://192.0.2.11:2379", "--listen-metrics-urls=http://127.0.0.1:2381",
    "--listen-peer-urls=https://192.0.2.11:2380", "--name=cp-1", f"--peer-cert-file={PKI}/etcd/peer.crt", "--peer-client-cert-auth=true",
    f"--peer-key-file={PKI}/etcd/peer.key", f"--peer-trusted-ca-file={PKI}/etcd/ca.crt", f"--trusted-ca-file={PKI}/etcd/ca.crt",
    "--tls-min-version=TLS1.2",
]
KUBELET = [
    "/usr/bin/kubelet", "--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf", "--kubeconfig=/etc/kubernetes/kubelet.conf",
    "--config=/var/lib/kubelet/config.yaml", "--container-runtime-endpoint=unix:///run/containerd/containerd.sock",
]
PROXY = ["/usr/local/bin/kube-proxy", "--config=/var/lib/kube-proxy/config.conf"]

KUBELET_CONFIGURATION = """\
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true}
  x509: {clientCAFile: /etc/kubernetes/pki/ca.crt}
authorization: {mode: Webhook}
clusterDNS: [10.96.0.10]
eventRecordQPS: 5
makeIPTablesUtilChains: true
podPidsLimit: 4096
protectKernelDefaults: true
readOnlyPort: 0
rotateCertificates: true
seccompDefault: true
serverTLSBootstrap: true
staticPodPath: /etc/kubernetes/manifests
streamingConnectionIdleTimeout: 4h0m0s
tlsCertFile: /var/lib/kubelet/pki/kubelet.crt
tlsPrivateKeyFile: /var/lib/kubelet/pki/kubelet.key
tlsCipherSuites:
""" + "".join(f"- {name}\n" for name in KUBELET_CIPHERS) + "tlsMinVersion: VersionTLS12\n"

PROXY_CONFIGURATION = """\
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
clientConnection: {kubeconfig: /var/lib/kube-proxy/kubeconfig.conf}
enableProfiling: false
healthzBindAddress: 127.0.0.1:10256
metricsBindAddress: 127.0.0.1:10249
mode: nftables
nodePortAddresses: [primary]
"""

AUDIT_POLICY = """\
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: Metadata
  resources:
  - group: ""
    resources: [secrets, configmaps, serviceaccounts/token]
  - group: authentication.k8s.io
    resources: [tokenreviews]
- level: RequestResponse
  verbs: [create, update, patch, delete, deletecollection]
- level: Metadata
"""

ENCRYPTION = """\
apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
- resources: ["secrets", "configmaps", "*.*"]
  providers:
  - kms: {apiVersion: v2, name: keys, endpoint: "unix:///run/kms/keys.sock"}
  - identity: {}
"""

ADMISSION = """\
apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
- name: EventRateLimit
  configuration:
    apiVersion: eventratelimit.admission.k8s.io/v1alpha1
    kind: Configuration
    limits: [{type: Namespace, qps: 50, burst: 100}]
"""

CONTAINERD = """\
version = 3
[plugins."io.containerd.cri.v1.runtime".containerd]
  default_runtime_name = "runc"
  [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
  [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runsc]
    runtime_type = "io.containerd.runsc.v1"
"""


def manifest(argv):
    lines = "".join(f"    - {argument}\n" for argument in argv)
    return (
        f"apiVersion: v1\nkind: Pod\nmetadata: {{name: {argv[0]}, namespace: kube-system}}\nspec:\n  hostNetwork: true\n  containers:\n"
        f"  - name: {argv[0]}\n    image: registry.k8s.io/{argv[0]}:v{VERSION}\n    command:\n{lines}")


def kubeconfig(user):
    return (
        "apiVersion: v1\nkind: Config\nclusters:\n- name: kubernetes\n  cluster: {server: \"https://192.0.2.11:6443\", certificate-authority: "
        f"/etc/kubernetes/pki/ca.crt}}\nusers:\n- name: {user}\n  user: {{client-certificate-data: «redacted», client-key-data: «redacted»}}\n"
        f"contexts:\n- name: default\n  context: {{cluster: kubernetes, user: {user}}}\ncurrent-context: default\n")


class Authority:
    """One certificate authority and what it signs, by openssl."""

    def __init__(self, folder, name):
        self.folder, self.name, self.count = folder, name, 0
        self.run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.crt",
                 "-days", "3650", "-subj", f"/CN={name}", "-addext", "basicConstraints=critical,CA:TRUE,pathlen:0",
                 "-addext", "keyUsage=critical,digitalSignature,keyCertSign,cRLSign")
        self.pem = (folder / f"{name}.crt").read_text()

    def run(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

    def sign(self, subject, usages, names=""):
        self.count += 1
        stem = f"{self.name}-{self.count}"
        extensions = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n" + f"extendedKeyUsage={usages}\n"
        if names:
            extensions += f"subjectAltName={names}\n"
        (self.folder / f"{stem}.ext").write_text(extensions)
        self.run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{stem}.key", "-out", f"{stem}.csr", "-subj", subject)
        self.run("x509", "-req", "-in", f"{stem}.csr", "-CA", f"{self.name}.crt", "-CAkey", f"{self.name}.key", "-CAcreateserial", "-out",
                 f"{stem}.crt", "-days", "365", "-extfile", f"{stem}.ext")
        return (self.folder / f"{stem}.crt").read_text()


def certificates(folder):
    cluster, etcd, proxy = (Authority(folder, name) for name in ["kubernetes", "etcd-ca", "front-proxy-ca"])
    api = ("DNS:cp-1,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local,DNS:localhost,"
           "IP:10.96.0.1,IP:192.0.2.11,IP:127.0.0.1")
    member = "DNS:cp-1,DNS:localhost,IP:192.0.2.11,IP:127.0.0.1"
    files = [
        (f"{PKI}/ca.crt", cluster.pem, ["kube-apiserver", "kube-controller-manager", "kubelet"]),
        (f"{PKI}/etcd/ca.crt", etcd.pem, ["kube-apiserver", "etcd"]),
        (f"{PKI}/front-proxy-ca.crt", proxy.pem, ["kube-apiserver", "kube-controller-manager"]),
        (f"{PKI}/apiserver.crt", cluster.sign("/CN=kube-apiserver", "serverAuth", api), ["kube-apiserver"]),
        (f"{PKI}/apiserver-kubelet-client.crt", cluster.sign("/O=kubeadm:cluster-admins/CN=kube-apiserver-kubelet-client", "clientAuth"), ["kube-apiserver"]),
        (f"{PKI}/apiserver-etcd-client.crt", etcd.sign("/CN=kube-apiserver-etcd-client", "clientAuth"), ["kube-apiserver"]),
        (f"{PKI}/front-proxy-client.crt", proxy.sign("/CN=front-proxy-client", "clientAuth"), ["kube-apiserver"]),
        (f"{PKI}/etcd/server.crt", etcd.sign("/CN=cp-1", "serverAuth,clientAuth", member), ["etcd"]),
        (f"{PKI}/etcd/peer.crt", etcd.sign("/CN=cp-1", "serverAuth,clientAuth", member), ["etcd"]),
        ("/var/lib/kubelet/pki/kubelet.crt", cluster.sign("/O=system:nodes/CN=system:node:cp-1", "serverAuth", member), ["kubelet"]),
    ]
    users = [
        ("/etc/kubernetes/admin.conf", "kubernetes-admin", cluster.sign("/O=kubeadm:cluster-admins/CN=kubernetes-admin", "clientAuth")),
        ("/etc/kubernetes/controller-manager.conf", "system:kube-controller-manager", cluster.sign("/CN=system:kube-controller-manager", "clientAuth")),
        ("/etc/kubernetes/scheduler.conf", "system:kube-scheduler", cluster.sign("/CN=system:kube-scheduler", "clientAuth")),
        ("/etc/kubernetes/kubelet.conf", "system:node:cp-1", cluster.sign("/O=system:nodes/CN=system:node:cp-1", "clientAuth")),
    ]
    return [{"path": path, "pem": pem, "for": use} for path, pem, use in files] + [{"path": path, "user": user, "pem": pem} for path, user, pem in users]


def directory(path, mode="0755", owner="root"):
    return {"path": path, "type": "directory", "mode": mode, "owner": owner, "group": owner}


def file(path, content=None, mode="0600", use=()):
    return {"path": path, "type": "file", "mode": mode, "owner": "root", "group": "root", "content": content, "redactions": 0, "for": list(use)}


def files():
    conf = "/etc/kubernetes"
    keys = ["ca", "apiserver", "apiserver-kubelet-client", "apiserver-etcd-client", "front-proxy-ca", "front-proxy-client", "sa", "etcd/ca", "etcd/server", "etcd/peer"]
    listed = [directory(path) for path in ["/", "/etc", conf, f"{conf}/manifests", PKI, f"{PKI}/etcd", "/etc/cni", "/etc/cni/net.d", "/etc/containerd", "/var", "/var/lib",
                                           "/var/lib/kube-proxy", "/usr", "/usr/lib", "/usr/lib/systemd", "/usr/lib/systemd/system", "/var/log"]]
    listed += [directory("/var/lib/etcd", "0700", "etcd"), directory("/var/lib/kubelet", "0700"), directory("/var/lib/kubelet/pki", "0700"),
               directory("/var/log/kubernetes", "0700"), directory("/run", "0755"), directory("/run/containerd", "0711"),
               directory("/run/kms", "0700")]
    for argv in [API_SERVER, CONTROLLER_MANAGER, SCHEDULER, ETCD]:
        listed.append(file(f"{conf}/manifests/{argv[0]}.yaml", manifest(argv), use=["kubelet"]))
    for name, user in [("admin", "kubernetes-admin"), ("controller-manager", "system:kube-controller-manager"), ("scheduler", "system:kube-scheduler"), ("kubelet", "system:node:cp-1")]:
        listed.append(file(f"{conf}/{name}.conf", kubeconfig(user)))
    listed += [file(f"{conf}/audit-policy.yaml", AUDIT_POLICY, use=["kube-apiserver"]), file(f"{conf}/encryption.yaml", ENCRYPTION, use=["kube-apiserver"]),
               file(f"{conf}/admission.yaml", ADMISSION, use=["kube-apiserver"]), {"path": f"{conf}/super-admin.conf", "missing": True},
               {"path": f"{conf}/bootstrap-kubelet.conf", "missing": True}]
    for key in keys:
        listed.append(file(f"{PKI}/{key}.key"))
        listed.append(file(f"{PKI}/{key}.{'pub' if key == 'sa' else 'crt'}", mode="0644" if key != "sa" else "0600"))
    listed += [file("/var/lib/kubelet/config.yaml", KUBELET_CONFIGURATION, use=["kubelet"]), file("/var/lib/kubelet/pki/kubelet.crt"), file("/var/lib/kubelet/pki/kubelet.key"),
               file("/var/lib/kube-proxy/config.conf", PROXY_CONFIGURATION, use=["kube-proxy"]), file("/var/lib/kube-proxy/kubeconfig.conf", kubeconfig("default")),
               file("/usr/lib/systemd/system/kubelet.service", "[Service]\nExecStart=/usr/bin/kubelet\nIPAddressDeny=any\nIPAddressAllow=localhost 192.0.2.0/24\n"), file("/etc/cni/net.d/10-bridge.conflist", "{}\n"),
               file("/etc/containerd/config.toml", CONTAINERD, use=["containerd"]), file("/var/log/kubernetes/audit.log"),
               {"path": "/run/containerd/containerd.sock", "type": "socket", "mode": "0660", "owner": "root", "group": "root"}]
    return listed


def process(pid, argv, user="root"):
    name = argv[0].rsplit("/", 1)[-1]
    return {"name": name, "pid": pid, "argv": argv, "user": user, "uid": 0 if user == "root" else 999, "startedAt": "2026-11-20T08:00:00Z", "replaced": []}


def main():
    with tempfile.TemporaryDirectory() as folder:
        pems = certificates(pathlib.Path(folder))
    collected = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    programs = [(812, API_SERVER), (813, CONTROLLER_MANAGER), (814, SCHEDULER), (816, KUBELET), (817, PROXY), (600, ["/usr/bin/containerd"])]
    listening = [("192.0.2.11", 6443, "kube-apiserver"), ("127.0.0.1", 10257, "kube-controller-manager"), ("127.0.0.1", 10259, "kube-scheduler"),
                 ("127.0.0.1", 2379, "etcd"), ("192.0.2.11", 2379, "etcd"), ("192.0.2.11", 2380, "etcd"), ("127.0.0.1", 2381, "etcd"), ("0.0.0.0", 10250, "kubelet"),
                 ("127.0.0.1", 10248, "kubelet"), ("127.0.0.1", 10249, "kube-proxy"), ("127.0.0.1", 10256, "kube-proxy")]
    evidence = {
        "apiVersion": "demarc.dev/v1alpha1", "kind": "NodeEvidence", "collectedAt": collected, "nodeName": "cp-1", "kubernetesVersion": VERSION,
        "collector": {"version": "0.1.0", "root": "/", "uid": 0, "milliseconds": 64, "complete": True},
        "os": {"id": "debian", "versionID": "12", "prettyName": "Debian GNU/Linux 12 (bookworm)", "kernel": "6.1.0-41-amd64",
               "kernelBuild": "#1 SMP PREEMPT_DYNAMIC Debian 6.1.158-1 (2025-11-09)", "architecture": "x86_64", "bootedAt": "2026-11-20T07:55:00Z"},
        "kernel": {"settings": {"vm.overcommit_memory": "1", "vm.panic_on_oom": "0", "kernel.panic": "10", "kernel.panic_on_oops": "1",
                                "kernel.keys.root_maxkeys": "1000000", "kernel.keys.root_maxbytes": "25000000", "kernel.kptr_restrict": "2",
                                "kernel.dmesg_restrict": "1", "kernel.unprivileged_bpf_disabled": "1", "net.ipv4.ip_forward": "1"},
                   "modules": ["br_netfilter", "overlay", "nf_tables"], "installed": ["6.1.0-41-amd64"], "lockdown": "integrity"},
        "processes": [process(pid, argv) for pid, argv in programs] + [process(815, ETCD, user="etcd")],
        "files": files(),
        "sockets": [{"protocol": "tcp", "address": address, "port": port, "process": name} for address, port, name in listening],
        "packages": [{"name": "kubelet", "version": f"{VERSION}-1.1", "architecture": "amd64", "source": "kubelet", "sourceVersion": f"{VERSION}-1.1", "manager": "dpkg"},
                     {"name": "linux-image-6.1.0-41-amd64", "version": "6.1.158-1", "architecture": "amd64", "source": "linux-signed-amd64", "sourceVersion": "6.1.158+1", "manager": "dpkg"}],
        "certificates": pems,
        "containers": [],
        "refusals": [],
    }
    print(json.dumps(evidence, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
