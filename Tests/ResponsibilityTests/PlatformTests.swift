import BuiltInControls
import Controls
import Documents
import Kubernetes
import Responsibility
import Testing

/// What the built-in models make of the same objects.
struct PlatformTests {
    private func model(_ name: String) throws -> ResponsibilityModel { try #require(ResponsibilityModel.builtIn(name)) }

    /// Who can have which privilege, and how, as `reference/platforms.md` says.
    @Test(
        arguments: [
            ("acs", "host-paths", "/var/log", "never"), ("acs", "added-capabilities", "NET_ADMIN", "application 1"),
            ("acs", "added-capabilities", "NET_RAW", "application 1"), ("acs", "added-capabilities", "SYS_ADMIN", "never"),
            ("acs", "privileged-containers", "true", "application 2 two keys"), ("acs", "unsafe-sysctls", "kernel.shmmax", "self-service"),
            ("acs", "unsafe-sysctls", "kernel.msgmax", "self-service"), ("acs", "unsafe-sysctls", "kernel.randomize_va_space", "application 1"),
            ("acs", "run-as-non-root", "", "application 1"), ("acs", "sandbox", "", "none"), ("acs", "twice", "x", "none"),
            ("ack", "host-paths", "/var/log", "application 1"), ("ack", "privileged-containers", "true", "application 2"),
            ("eks", "privileged-containers", "true", "application 2"), ("eks-fargate", "privileged-containers", "true", "never"),
            ("eks-fargate", "host-paths", "/", "never"), ("eks-fargate", "added-capabilities", "SYS_PTRACE", "application 1"),
            ("gke", "added-capabilities", "NET_ADMIN", "application 1"),
            ("gke-autopilot", "added-capabilities", "NET_ADMIN", "application 1 two keys"),
            ("gke-autopilot", "added-capabilities", "NET_RAW", "self-service"), ("gke-autopilot", "added-capabilities", "SYS_PTRACE", "self-service"),
            ("gke-autopilot", "added-capabilities", "SYS_ADMIN", "application 2 two keys"),
            ("gke-autopilot", "unsafe-sysctls", "net.ipv4.x", "never"),
            ("gke-autopilot", "privileged-containers", "true", "application 2 two keys"), ("aks", "host-paths", "/var/log", "application 1"),
            ("aks-automatic", "host-paths", "/var/log", "application 2 two keys"), ("self-managed", "privileged-containers", "true", "application 2"),
        ])
    func privilegesCanBeHadAsThePlatformSays(name: String, control: String, value: String, way: String) throws {
        let control = try #require(TestControls.all.first { $0.id == control })
        let row = try model(name).privilege(for: control, value: value)
        var words = row?.tier.rawValue ?? "none"
        if let row, row.tier == .application { words += " \(row.approvals)" + (row.needsTwoKeys ? " two keys" : "") }
        #expect(words == way)
    }

    /// Several controls look at one privilege; whoever may apply for it must be able to apply for all of them.
    @Test(arguments: ResponsibilityModel.builtInNames)
    func whatOtherControlsFindAboutThePrivilegeCanBeHadAsWell(name: String) throws {
        let model = try model(name)
        func tier(_ id: String, _ value: String) throws -> Privilege.Tier? {
            let control = try #require(BuiltInControls.all.first { $0.id == id }, "there is no control \(id)")
            return model.privilege(for: control, value: value)?.tier
        }
        for value in ["NET_ADMIN", "SYS_ADMIN"] {
            #expect(try tier("node-takeover-capabilities", value) == tier("added-capabilities", value))
        }
        for id in ["writable-host-paths", "sensitive-host-paths", "host-path-sub-paths"] {
            #expect(try tier(id, "/var/log") == tier("host-path-volumes", "/var/log"))
        }
        #expect(model.check(against: BuiltInControls.all + GrantControls.all).isEmpty)
    }

    /// The plane of system namespaces: the provider's where it runs them, shared where the customer updates add-ons.
    @Test(
        arguments: [
            ("acs", Party.provider), ("ack", .provider), ("eks", .shared), ("eks-fargate", .shared), ("gke", .provider), ("gke-autopilot", .provider),
            ("aks", .provider), ("aks-automatic", .provider), ("self-managed", .customer),
        ])
    func systemNamespacesAreWhoseRunsThem(name: String, party: Party) throws {
        let found = try TestEstate(AttributionTests.pod("kube-system"), model: model(name)).only("privileged-containers")
        #expect(found.attribution.party == party && found.attribution.strength == .presumed && found.attribution.basis == .plane)
        let tenant = try TestEstate(AttributionTests.pod("shop"), model: model(name)).only("privileged-containers")
        #expect(tenant.attribution.party == .customer)
    }

    /// Who owes the sandbox that a Pod does not ask for.
    @Test(
        arguments: [
            ("acs", Party.provider), ("ack", .customer), ("eks", .customer), ("eks-fargate", .provider), ("gke", .customer),
            ("gke-autopilot", .customer),
            ("aks", .customer), ("aks-automatic", .customer), ("self-managed", .customer),
        ])
    func aMissingSandboxIsWhoseDutyItIs(name: String, party: Party) throws {
        let text = AttributionTests.pod(spec: "").replacing("  runtimeClassName: gvisor\n", with: "")
        let found = try TestEstate(text, model: model(name)).only("sandbox")
        #expect(found.attribution.party == party, "\(found.attribution.chain)")
        let chosen = AttributionTests.pod(spec: "").replacing("gvisor", with: "runc")
        #expect(try TestEstate(chosen, model: model(name)).only("sandbox").attribution.party == .customer)
    }

    /// Hardening of the control plane ends the search on every platform that runs it.
    @Test(arguments: ResponsibilityModel.builtInNames)
    func theControlPlaneIsWhoseRunsIt(name: String) throws {
        let text = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: shop}, data: {a: b}}"
        let found = try TestEstate(text, model: model(name)).only("hardened")
        #expect(found.attribution.party == (name == "self-managed" ? .customer : .provider))
        #expect(found.attribution.basis == (name == "self-managed" ? .plane : .fixedDuty))
    }

    @Test(
        arguments: [
            ("acs", "addonmanager.kubernetes.io/mode: Reconcile"), ("acs", "helm.sh/chart: ack-node-problem-detector-1.2"),
            ("eks", "eks.amazonaws.com/component: coredns"), ("gke", "components.gke.io/component-name: netd"),
            ("aks", "kubernetes.azure.com/managedby: aks"),
        ])
    func anAddOnIsTheProvidersWhereItBelongs(name: String, mark: String) throws {
        let found = try TestEstate(AttributionTests.pod("kube-system", metadata: "  labels: {\(mark)}"), model: model(name)).only(
            "privileged-containers")
        #expect(found.attribution.party == .provider && found.attribution.basis == .origin && found.attribution.strength == .presumed)
    }

    @Test(arguments: [("eks", Party.customer), ("gke", .customer), ("aks", .customer), ("acs", .provider), ("ack", .provider)])
    func aHelmReleaseInASystemNamespaceIsSelfInstalledWhereThePlatformUsesNoHelm(name: String, party: Party) throws {
        let text = AttributionTests.pod("kube-system", metadata: "  annotations: {meta.helm.sh/release-name: mine}")
        #expect(try TestEstate(text, model: model(name)).only("privileged-containers").attribution.party == party)
    }

    @Test(
        arguments: [
            ("v1", "Node", "", "n", Plane.node), ("demarc.dev/v1alpha1", "NodeEvidence", "", "n", .node),
            ("kubelet.config.k8s.io/v1beta1", "KubeletConfiguration", "", "", .node),
            ("apiserver.config.k8s.io/v1", "EncryptionConfiguration", "", "", .controlPlane), ("audit.k8s.io/v1", "Policy", "", "", .controlPlane),
            ("kyverno.io/v1", "Policy", "shop", "p", .tenantNamespaces), ("v1", "Namespace", "", "kube-system", .systemNamespaces),
            ("v1", "Namespace", "", "shop", .cluster), ("rbac.authorization.k8s.io/v1", "ClusterRole", "", "admin", .cluster),
            ("v1", "ConfigMap", "kube-system", "a", .systemNamespaces), ("v1", "ConfigMap", "shop", "a", .tenantNamespaces),
        ])
    func everyObjectHasAPlane(apiVersion: String, kind: String, namespace: String, name: String, plane: Plane) throws {
        #expect(try model("acs").planes.plane(apiVersion: apiVersion, kind: kind, namespace: namespace, name: name) == plane)
    }

    @Test(arguments: Plane.allCases)
    func everyPlaneHasItsParty(plane: Plane) throws {
        let acs = try model("acs").planes
        #expect(acs.party(of: plane) == ([.tenantNamespaces, .cluster].contains(plane) ? .customer : .provider))
        #expect(Planes().party(of: plane) == .customer)
    }
}
