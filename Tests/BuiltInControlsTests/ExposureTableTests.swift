import BuiltInControls
import Controls
import Documents
import Kubernetes
import Testing

/// Texts at the edge of what a control allows, each in the same small manifest.
private func finds(_ control: String, _ manifest: String) throws -> Bool {
    let control = try #require(BuiltInControls.all.first { $0.id == control })
    let parsed = DocumentTree.parse(manifest)
    try #require(parsed.problems.isEmpty, "\(parsed.problems)")
    let inventory = Inventory(SourceObjects(parsed.tree).objects)
    let judgement = Catalogue([control]).judge(inventory, objects: inventory.objects.indices)
    #expect(judgement.gaps.isEmpty)
    return judgement.findings.contains { $0.verdict == .fail }
}

@Test(arguments: [
    ("db.example.com", false), ("localhost", true), ("LOCALHOST.", true), ("app.localhost", true), ("127.8.9.10", true), ("::1", true),
    ("169.254.169.254", true), ("metadata.google.internal", true), ("192.0.2.1", false), ("web.shop.svc", false),
    ("web.shop.svc.cluster.local", false), ("web.other.svc", true), ("web.other.svc.cluster.local.", true), ("web-0.web.other.svc", true),
    ("web.other.svc.example.com", false), ("svc.example.com", false),
])
func aliasesMayNotLeadInside(name: String, expected: Bool) throws {
    let manifest =
        "{apiVersion: v1, kind: Service, metadata: {name: a, namespace: shop}, spec: {type: ExternalName, externalName: '\(name)'}}"
    #expect(try finds("external-name-targets", manifest) == expected)
}

@Test(arguments: [
    ("registry.k8s.io/ingress-nginx/controller:v1.11.5", false), ("registry.k8s.io/ingress-nginx/controller:v1.11.4", true),
    ("registry.k8s.io/ingress-nginx/controller:v1.12.0", true), ("registry.k8s.io/ingress-nginx/controller:v1.12.1@sha256:00", false),
    ("registry.k8s.io/ingress-nginx/controller:v1.13.0", false), ("registry.k8s.io/ingress-nginx/controller:v1.9.6", true),
    ("registry.example.com:5000/nginx-ingress-controller:v1.11.5-vendor.1", false), ("registry.example.com/nginx:1.0", false),
    ("registry.k8s.io/ingress-nginx/controller:latest", false), ("registry.example.com:5000/ingress-nginx/controller", false),
])
func oldControllersAreFoundByTheirTag(image: String, expected: Bool) throws {
    let manifest = "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: c, image: '\(image)'}]}}"
    #expect(try finds("ingress-nginx-version", manifest) == expected)
}

@Test(arguments: [
    ("", true), ("ports: [{port: 80}]", true), ("ports: [{port: 443}]", false), ("ports: [{port: 1, endPort: 1024}]", true),
    ("ports: [{port: 81, endPort: 1024}]", false), ("ports: [{port: 80, protocol: UDP}]", false), ("ports: [{protocol: TCP}]", true),
    ("ports: [{port: http}]", false),
])
func theMetadataServiceListensOnPort80(ports: String, expected: Bool) throws {
    let manifest =
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, "
        + "spec: {egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]\(ports.isEmpty ? "" : ", " + ports)}]}}"
    #expect(try finds("network-policy-metadata-egress", manifest) == expected)
}

@Test(arguments: [
    ("/", "Prefix", false), ("/a-b_c.d~e/%20", "Exact", false), ("/a b", "Prefix", true), ("/a(b)", "Prefix", true),
    ("/a(b|c)$", "ImplementationSpecific", false), ("/a;b", "ImplementationSpecific", true), ("/a#b", "Exact", true),
    ("/var/run/secrets/x", "Exact", true), ("/{a}", "Prefix", true),
])
func pathsHoldNoConfiguration(path: String, type: String, expected: Bool) throws {
    let manifest =
        "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a}, "
        + "spec: {rules: [{http: {paths: [{path: \"\(path)\", pathType: \(type)}]}}]}}"
    #expect(try finds("ingress-nginx-paths", manifest) == expected)
}

@Test(arguments: [
    ("www.example.com", "www.example.com", false), ("www.example.com", "*.example.com", false), ("a.b.example.com", "*.example.com", true),
    ("example.com", "*.example.com", true), ("*.example.com", "*.example.com", false), ("www.example.com", "example.com", true),
])
func certificatesCoverOneLabelPerStar(host: String, certificate: String, expected: Bool) throws {
    let manifest =
        "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a}, "
        + "spec: {tls: [{hosts: ['\(certificate)']}], rules: [{host: '\(host)'}]}}"
    #expect(try finds("ingress-tls", manifest) == expected)
}

@Test(arguments: [
    ("plain", true), ("${PASSWORD}", false), ("$(PASSWORD)", false), ("{{ .Values.password }}", false), ("<password>", false), ("", false),
    ("ENC[AES256_GCM,data:x]", false), ("$ecret", true), ("  ", false),
])
func placeholdersAreNoSecrets(value: String, expected: Bool) throws {
    let manifest = "{apiVersion: v1, kind: Secret, metadata: {name: a}, stringData: {password: '\(value)'}}"
    #expect(try finds("secrets-in-manifests", manifest) == expected)
}

@Test(arguments: [
    ("/mnt/disks/a", false), ("/", true), ("/etc/kubernetes", true), ("/var/lib/kubelet", true), ("/var/lib/app", false), ("/var/run", true),
    ("/mnt/../etc", true), ("/var", true), ("/etcetera", false),
])
func localVolumesStayOffSystemDirectories(path: String, expected: Bool) throws {
    let manifest = "{apiVersion: v1, kind: PersistentVolume, metadata: {name: a}, spec: {local: {path: '\(path)'}}}"
    #expect(try finds("host-persistent-volumes", manifest) == expected)
}

@Test(arguments: [
    ("ebs.csi.aws.com", "{encrypted: 'true'}", Verdict?.none), ("ebs.csi.aws.com", "{}", .fail),
    ("diskplugin.csi.alibabacloud.com", "{encrypted: 'false'}", .fail), ("disk.csi.azure.com", "{}", nil),
    ("nasplugin.csi.alibabacloud.com", "{volumeAs: filesystem}", .fail),
    ("nasplugin.csi.alibabacloud.com", "{volumeAs: filesystem, encryptType: '1'}", nil),
    ("nasplugin.csi.alibabacloud.com", "{volumeAs: subpath}", .notObservable), ("storage.example.com", "{encrypted: 'true'}", .notObservable),
    ("kubernetes.io/no-provisioner", "{}", .notObservable),
])
func encryptionIsJudgedByProvisioner(provisioner: String, parameters: String, expected: Verdict?) throws {
    let control = try #require(BuiltInControls.all.first { $0.id == "storage-class-encryption" })
    let manifest =
        "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: a}, provisioner: \(provisioner), parameters: \(parameters)}"
    let inventory = Inventory(SourceObjects(DocumentTree.parse(manifest).tree).objects)
    let judgement = Catalogue([control]).judge(inventory, objects: inventory.objects.indices)
    #expect(judgement.findings.map(\.verdict) == (expected.map { [$0] } ?? []))
}
