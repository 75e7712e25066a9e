import Access
import Kubernetes
import Testing

/// Estates that somebody wrote to be trouble.
struct HostileEstateTests {
    /// A chain of service accounts, each of which makes tokens of the next: as long as it is deep.
    @Test func aLongChain() {
        let count = 3000
        var manifests = Rbac.clusterRole("tokens", "create :serviceaccounts/token")
        for index in 0..<count { manifests += Rbac.bind("b", "tokens", to: "n\(index)/a", in: "n\(index + 1)") }
        manifests += Rbac.bind("boss", "cluster-admin", to: "n\(count)/a")
        for index in 0...count { manifests += "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a, namespace: n\(index)}\n" }
        let analysis = escalation(manifests)
        #expect(analysis.exposed.count == count + 1)
        let path = analysis.subject(.account("n0", "a")).flatMap(analysis.path)
        #expect(path?.length == count + 1)
        #expect((path?.steps.count ?? 0) < 100, "nobody reads three thousand steps")
        #expect(path?.cuts.isEmpty == false)
    }

    @Test func accountsThatLeadInACircle() {
        var manifests = Rbac.clusterRole("tokens", "create :serviceaccounts/token a")
        for index in 0..<50 { manifests += Rbac.bind("b\(index)", "tokens", to: "n\(index)/a", in: "n\((index + 1) % 50)") }
        #expect(escalation(manifests).exposed.isEmpty)
        #expect(escalation(manifests + Rbac.bind("boss", "cluster-admin", to: "n7/a")).exposed.count == 50)
    }

    /// Ten thousand subjects in one binding, each of them twice.
    @Test func manySubjectsInOneBinding() {
        let subjects = (0..<10_000).map { "User u\($0 % 5000)" }.joined(separator: "+")
        let analysis = escalation(Rbac.bind("all", "cluster-admin", to: subjects))
        #expect(analysis.exposed.count == 5000)
        #expect(analysis.savings.map { $0.subjects } == [5000])
        #expect(analysis.cutText(.user("u4999")) == "binding all")
    }

    /// A role that names a thousand accounts, bound in a thousand namespaces with accounts of their own.
    @Test func manyNamesInManyNamespaces() {
        let names = (0..<1000).map { "a\($0)" }.joined(separator: ",")
        var manifests = Rbac.clusterRole("tokens", "create :serviceaccounts/token \(names)")
        for index in 0..<1000 {
            manifests += Rbac.bind("b\(index)", "tokens", to: "User ann", in: "n\(index)")
            manifests += "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a\(index), namespace: n\(index)}\n"
        }
        let analysis = escalation(manifests + Rbac.bind("boss", "cluster-admin", to: "n999/a999"))
        #expect(analysis.way(.user("ann")) == "create-tokens(b999) > ServiceAccount n999/a999 > full-access(boss) > cluster")
    }

    /// One identity with thousands of bindings in the cluster and in as many namespaces, each of which adds a part.
    @Test func oneIdentityWithEveryBinding() {
        var manifests =
            Rbac.clusterRole("b", "bind rbac:clusterroles x") + Rbac.clusterRole("c", "create rbac:rolebindings")
            + Rbac.clusterRole("x", "create :pods")
        for index in 0..<2000 {
            manifests += Rbac.bind("b\(index)", "b", to: "User ann") + Rbac.bind("c\(index)", "c", to: "User ann", in: "n\(index)")
        }
        let analysis = escalation(manifests + Rbac.bind("boss", "cluster-admin", to: "n7/boss") + Rbac.namespace("n7", enforce: "restricted"))
        #expect(
            analysis.way(.user("ann"))
                == "bind-in-namespace(b0+c7) > the rights of ClusterRole x in namespace n7 > create-pods(-) > ServiceAccount n7/boss > "
                + "full-access(boss) > cluster")
        #expect(analysis.cutText(.user("ann")) == "binding c7")
    }

    /// A name of many dashes must not be taken apart for ever.
    @Test func namesOfDashes() {
        let name = String(repeating: "-", count: 100_000)
        let analysis = escalation(
            Rbac.role("shop", "r", "create :pods/exec \(name)") + Rbac.bind("ann", "Role/r", to: "User ann", in: "shop")
                + Rbac.pod("shop/web", account: "boss") + Rbac.boss)
        #expect(analysis.way(.user("ann")) == nil)
    }

    @Test(arguments: [
        "metadata: {name: x}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ''}\nsubjects: [{kind: User, name: ann}]",
        "metadata: {name: x}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\nsubjects: [{kind: User, name: ''}]",
        "metadata: {name: x}\nroleRef: [cluster-admin]\nsubjects: [{kind: User, name: ann}]",
        "metadata: {name: x}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\nsubjects: {kind: User, name: ann}",
    ])
    func brokenBindingsAreFaults(text: String) {
        let analysis = escalation("apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\n\(text)\n")
        #expect(analysis.exposed.isEmpty)
        #expect(analysis.faults.count == 1)
    }

    /// Fields of the wrong type beside RBAC are faults too: whether they open a way is not known.
    @Test(arguments: [
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\nspec: {serviceAccountName: 7, containers: []}",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\nspec: {containers: {name: a}}",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\nspec: {containers: [{name: a, stdin: 'yes'}]}",
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, labels: {pod-security.kubernetes.io/enforce: 3}}",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: shop}\ntype: [kubernetes.io/service-account-token]",
    ])
    func brokenObjectsAreFaults(text: String) {
        #expect(escalation(text).faults.count == 1)
    }
}
