import BuiltInControls
import ClusterSupport
import Controls
import Documents
import Foundation
import Kubernetes
import Server
import Testing

/// The Pod Security baseline as ValidatingAdmissionPolicies, compiled, type-checked and worked out by the code of today's Kubernetes.
@Suite(.enabled(if: ModernKubernetes.isAvailable, "\(ModernKubernetes.whyNot)"))
struct ServeModernPolicyTests {
    private typealias Request = ModernKubernetes.Request

    private static func policies(_ version: KubernetesVersion = .newest, _ action: AdmissionPolicySet.Action = .deny) -> String {
        let settings = InstallationSettings(
            namespace: "demarc", endpoint: .service(name: "demarc", port: 443), version: version, systemNamespaces: ["ack-csi-fuse"])
        return AdmissionPolicySet(settings, action: action).yaml
    }

    /// The namespaces that requests name, each with the label that API servers give it.
    static let namespaces = ["shop", "demarc", "kube-system", "ack-csi-fuse"].map { name in
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: \(name), labels: {kubernetes.io/metadata.name: \(name)}}\n---\n"
    }.joined()

    private static func admit(_ requests: [Request], _ policies: String = Self.policies()) throws -> [ModernKubernetes.Answer] {
        try ModernKubernetes.admit(requests, in: namespaces + policies).answers
    }

    /// The checks that a refusal names.
    private static func named(_ answer: ModernKubernetes.Answer) -> Set<String> {
        Set((answer.status?.message ?? "").matches(of: /baseline, (\w+):/).map { String($0.1) })
    }

    // MARK: - The policies themselves

    /// What stands before the spec of the Pod in what each policy is about.
    private static let templates = [
        "demarc-baseline-pods": "object", "demarc-baseline-workloads": "object.spec.template",
        "demarc-baseline-cronjobs": "object.spec.jobTemplate.spec.template",
    ]

    /// The policies with `containers` for one list of them, and every variable written out: the checker knows no types within variables.
    private static func writtenOut(_ version: KubernetesVersion, containers: String) -> String {
        policies(version).components(separatedBy: "---\n").map { document in
            guard let template = templates.first(where: { document.contains("name: \($0.key)\n") })?.value else { return document }
            return document.replacing("variables.containers", with: "variables.spec.\(containers)").replacing("variables.", with: template + ".")
        }.joined(separator: "---\n")
    }

    private static func complaints(_ policies: String) throws -> [String: [String]] {
        try ModernKubernetes.admit([], in: namespaces + policies).complaints
    }

    @Test(arguments: [KubernetesVersion(1, 30), KubernetesVersion(1, 36), .newest]) func theTypeCheckerIsContent(version: KubernetesVersion) throws {
        let texts = [Self.policies(version)] + Self.lists.map { Self.writtenOut(version, containers: $0) }
        for text in texts {
            let complaints = try Self.complaints(text)
            #expect(Set(complaints.keys) == Set(Self.templates.keys))
            for (name, complaints) in complaints { #expect(complaints == [], "\(name)") }
        }
    }

    private static let lists = ["containers", "initContainers", "ephemeralContainers"]

    /// It would complain: of a field that the type has not, and of what is no expression.
    @Test(arguments: [("spec.hostNetwork)", "spec.hostNetwork2)"), ("spec.hostNetwork)", "spec.hostNetwork == 1)"), ("spec.hostNetwork)", "spec.)")])
    func theTypeCheckerFindsWhatIsWrong(right: String, wrong: String) throws {
        let complaints = try Self.complaints(Self.writtenOut(.newest, containers: "containers").replacing(right, with: wrong))
        #expect(complaints.count == 3)
        #expect(complaints.values.allSatisfy { $0.count == 1 && $0[0].hasPrefix("spec.validations[0].expression: ") }, "\(complaints)")
    }

    /// As people get it.
    @Test func theCommandPrintsWhatIsTaken() throws {
        let printed = try Program.run(["admission", "policies", "--action", "deny"])
        #expect(printed.code == 0)
        let admission = try ModernKubernetes.admit([Request("v1/Pod", "pods", Self.privileged)], in: Self.namespaces + printed.output)
        #expect(admission.complaints.values.allSatisfy(\.isEmpty) && admission.complaints.count == 3)
        #expect(admission.answers.map(Self.named) == [["privileged"]])
    }

    // MARK: - Verdicts

    /// Every Pod of the standard's fixtures, and of the controls' own examples, in every kind that makes Pods.
    @Test(arguments: ["1.30", "1.36"]) func everyWayInIsGuarded(served: String) throws {
        let version = try #require(KubernetesVersion(served))
        let fixtures = try PodFixture.all(for: served)
        try #require(fixtures.count { !$0.isAllowed } > 10 && fixtures.count { $0.isAllowed } > 5)
        let harmless = Self.pod("{}")
        func update(_ fixture: PodFixture, _ subresource: String) -> Request {
            Self.update(fixture.pod(named: "a"), harmless, subresource: subresource)
        }
        let ways: [(kind: String, request: (PodFixture) -> Request)] =
            [
                ("a Pod", { Request("v1/Pod", "pods", $0.pod(named: "a")) }), ("an update", { update($0, "") }),
                ("an update for debugging", { update($0, "ephemeralcontainers") }),
            ] + Self.workloads.map { kind, resource in (kind, { Request(kind, resource, Self.wrapped($0, kind)) }) }
        for way in ways {
            let answers = try Self.admit(fixtures.map(way.request), Self.policies(version))
            for (fixture, answer) in zip(fixtures, answers) {
                // Admission never sees what is of a wrong type.
                if answer.status?.code == 400 { continue }
                #expect(
                    answer.allowed == fixture.isAllowed && Self.named(answer).isEmpty == fixture.isAllowed,
                    "\(fixture.name) as \(way.kind): \(answer.status?.message ?? "let in")")
            }
            #expect(answers.count { $0.status?.code == 400 } < fixtures.count / 10, "\(way.kind)")
        }
        print("policies of \(served): \(fixtures.count) Pods (\(fixtures.count { !$0.isAllowed }) forbidden) in \(ways.count) ways")
    }

    /// Pods at random, check by check: what the policies warn of is what the controls find.
    @Test(arguments: ["1.30", "1.36"]) func theControlsSayTheSame(served: String) throws {
        let version = try #require(KubernetesVersion(served))
        let catalogue = Catalogue(
            try FrameworkFilter("pss:baseline", in: BuiltInControls.all).select(from: BuiltInControls.all, for: version), kubernetesVersion: version)
        let checks = catalogue.controls.map { control in
            control.references.first { $0.framework == "pss" && $0.level == "baseline" }?.id ?? control.id
        }
        var random = RandomPods(seed: 1)
        let pods = (0..<1500).map { _ in random.pod() }
        let answers = try Self.admit(pods.map { Request("v1/Pod", "pods", $0) }, Self.policies(version, .warn))
        var forbidden = 0
        for (pod, answer) in zip(pods, answers) {
            let inventory = Inventory(SourceObjects(DocumentTree.parse(pod).tree).objects)
            let judgement = catalogue.judge(inventory, objects: 0..<1)
            #expect(answer.allowed && judgement.gaps.isEmpty, "\(pod): \(answer) \(judgement.gaps)")
            let warned = Set(answer.warnings.flatMap { $0.matches(of: /baseline, (\w+):/).map { String($0.1) } })
            // The API server gives each port of a Pod with the host's network its host port before policies see it; nothing does that here.
            let isDefaulted = pod.contains(#""hostNetwork":true"#)
            let found = Set(judgement.findings.map { checks[$0.control] })
            #expect(warned.subtracting(isDefaulted ? ["hostPorts"] : []) == found.subtracting(isDefaulted ? ["hostPorts"] : []), "\(pod)")
            if !warned.isEmpty { forbidden += 1 }
        }
        try #require(forbidden > 300 && forbidden < 1200)
    }

    private static let workloads = [
        ("apps/v1/DaemonSet", "daemonsets"), ("apps/v1/Deployment", "deployments"), ("apps/v1/ReplicaSet", "replicasets"),
        ("apps/v1/StatefulSet", "statefulsets"), ("batch/v1/CronJob", "cronjobs"), ("batch/v1/Job", "jobs"),
        ("v1/ReplicationController", "replicationcontrollers"),
    ]

    /// An object of a kind around a Pod.
    private static func wrapped(_ fixture: PodFixture, _ kind: String) -> String {
        let template = #"{"template":{"metadata":{"annotations":\#(fixture.annotations)},"spec":\#(fixture.spec)}}"#
        let spec = kind.hasSuffix("CronJob") ? #"{"schedule":"@daily","jobTemplate":{"spec":\#(template)}}"# : template
        let slash = kind.lastIndex(of: "/") ?? kind.startIndex
        return #"{"apiVersion":"\#(kind[..<slash])","kind":"\#(kind[kind.index(after: slash)...])","metadata":{"name":"a"},"spec":\#(spec)}"#
    }

    // MARK: - What is asked about

    /// A Pod of one container with this security context.
    private static func pod(_ context: String, metadata: String = "", more: String = "") -> String {
        """
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"\(metadata)},"spec":{\(more)"containers":[{"name":"a","image":"r/a","securityContext":\
        \(context)}]}}
        """
    }

    private static let everything = #"{"privileged":true}"#
    private static let privileged = pod(everything)
    private static let mirror = pod(everything, metadata: #","annotations":{"kubernetes.io/config.mirror":"x"}"#)

    private static func update(_ object: String, _ old: String, subresource: String = "") -> Request {
        Request("v1/Pod", "pods", object).with { ($0.operation, $0.oldObject, $0.subresource) = ("UPDATE", old, subresource) }
    }

    private static let debugging = pod("{}", more: #""ephemeralContainers":[{"name":"d","securityContext":{"privileged":true}}],"#)

    private static let asked: [(name: String, request: Request, isRefused: Bool)] = [
        ("a Pod", Request("v1/Pod", "pods", privileged), true),
        ("in the server's namespace", Request("v1/Pod", "pods", privileged).with { $0.namespace = "demarc" }, false),
        ("in the system's namespace", Request("v1/Pod", "pods", privileged).with { $0.namespace = "kube-system" }, false),
        ("in a system namespace of the model", Request("v1/Pod", "pods", privileged).with { $0.namespace = "ack-csi-fuse" }, false),
        ("a mirror Pod", Request("v1/Pod", "pods", mirror).with { $0.groups = ["system:nodes", "system:authenticated"] }, false),
        ("what a tenant calls a mirror Pod", Request("v1/Pod", "pods", mirror), true),
        ("one whose maker has no group", Request("v1/Pod", "pods", mirror).with { $0.groups = [] }, true),
        ("one without annotations by a node", Request("v1/Pod", "pods", privileged).with { $0.groups = ["system:nodes"] }, true),
        ("an update that changes nothing", update(privileged, privileged), false),
        ("finalizers", update(privileged, pod(everything, metadata: #","finalizers":["a/b"]"#)), false),
        ("a label", update(pod(everything, metadata: #","labels":{"b":"c"}"#), privileged), true),
        ("an ephemeral container", update(debugging, pod("{}"), subresource: "ephemeralcontainers"), true),
        ("a status", update(debugging, pod("{}"), subresource: "status"), false),
        ("a deletion", Request("v1/Pod", "pods", nil).with { ($0.operation, $0.oldObject) = ("DELETE", privileged) }, false),
        (
            "a replication controller without a template",
            Request("v1/ReplicationController", "replicationcontrollers", #"{"apiVersion":"v1","kind":"ReplicationController","spec":{}}"#), false
        ),
        ("a Service", Request("v1/Service", "services", #"{"apiVersion":"v1","kind":"Service","spec":{}}"#), false),
    ]

    @Test func onlyWhatMakesPodsIsAskedAbout() throws {
        for (expected, answer) in zip(Self.asked, try Self.admit(Self.asked.map(\.request))) {
            #expect(answer.allowed != expected.isRefused, "\(expected.name): \(answer)")
            #expect(!expected.isRefused || !Self.named(answer).isEmpty, "\(expected.name) is refused for another reason: \(answer)")
        }
    }

    // MARK: - What comes of it

    @Test func warningsLetInAndAreRecorded() throws {
        let requests = [Request("v1/Pod", "pods", Self.privileged), Request("v1/Pod", "pods", Self.pod("{}"))]
        let answers = try Self.admit(requests, Self.policies(.newest, .warn))
        #expect(answers.map(\.allowed) == [true, true])
        #expect(answers[0].warnings.count == 1 && answers[0].warnings[0].contains("Pod Security baseline, privileged: see 'demarc explain"))
        #expect(answers[0].annotations["validation.policy.admission.k8s.io/validation_failure"]?.contains("demarc-baseline-pods") == true)
        #expect(answers[1].warnings.isEmpty && answers[1].annotations.isEmpty)
    }

    /// Without its binding a policy does nothing.
    @Test func aPolicyIsInForceByItsBinding() throws {
        let unbound = Self.policies().replacing("policyName: demarc-baseline-pods", with: "policyName: another")
        #expect(try Self.admit([Request("v1/Pod", "pods", Self.privileged)], unbound).map(\.allowed) == [true])
    }

    /// A Pod of many containers. Each has what checks look at, all of it allowed.
    private static func large(_ containers: Int, ports: Int, context: String = "", metadata: String = "") -> String {
        let list = (0..<ports).map { #"{"containerPort":\#($0 + 1),"name":"p\#($0)"}"# }.joined(separator: ",")
        let probe = #""livenessProbe":{"httpGet":{"port":1,"path":"/"}},"lifecycle":{"preStop":{"httpGet":{"port":1,"path":"/"}}}"#
        let context = #"{"capabilities":{"add":["CHOWN","KILL","SETPCAP"]},"seccompProfile":{"type":"RuntimeDefault"}\#(context)}"#
        let all = (0..<containers).map { #"{"name":"c\#($0)","image":"r/a","ports":[\#(list)],"securityContext":\#(context),\#(probe)}"# }
        let annotations = (0..<containers).map { #""container.apparmor.security.beta.kubernetes.io/c\#($0)":"runtime/default""# }
        return """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","annotations":{\(annotations.joined(separator: ","))}\(metadata)},\
            "spec":{"containers":[\(all.joined(separator: ","))]}}
            """
    }

    /// Expressions may cost only so much in the server, and one that costs more refuses. A Pod as large as the store takes them is judged all the same,
    /// and its finalizers can be taken off.
    @Test(arguments: [(10, 10), (100, 20), (3000, 1)]) func largePodsAreJudged(containers: Int, ports: Int) throws {
        let harmless = Self.large(containers, ports: ports)
        let forbidden = Self.large(containers, ports: ports, context: #","privileged":true"#)
        let ending = Self.large(containers, ports: ports, context: #","privileged":true"#, metadata: #","finalizers":["a/b"]"#)
        let answers = try Self.admit([
            Request("v1/Pod", "pods", harmless), Request("v1/Pod", "pods", forbidden), Self.update(forbidden, ending),
            Self.update(forbidden, harmless),
        ])
        #expect(answers[0].allowed, "\(harmless.utf8.count) bytes: \(answers[0].status?.message ?? "")")
        #expect(answers[2].allowed, "\(harmless.utf8.count) bytes: \(answers[2].status?.message ?? "")")
        #expect(answers.map(Self.named) == [[], ["privileged"], [], ["privileged"]])
    }
}
