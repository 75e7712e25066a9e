import BuiltInControls
import Controls
import Documents
import Kubernetes
import Testing

/// What examples cannot show: settings, other objects, versions, verdicts other than pass and fail.
struct WorkloadControlTests {
    /// `fail 3`: the verdict and the line of each finding.
    private func judge(
        _ id: String, _ manifest: String, version: KubernetesVersion = .newest, settings: Settings = Settings()
    ) throws -> (findings: [String], judgement: Judgement) {
        let control = try #require(BuiltInControls.all.first { $0.id == id }, "no control \(id)")
        let parsed = DocumentTree.parse(manifest)
        #expect(parsed.problems.isEmpty)
        let inventory = Inventory(SourceObjects(parsed.tree).objects)
        let judgement = Catalogue([control], kubernetesVersion: version).judge(inventory, objects: inventory.objects.indices, settings: settings)
        return (judgement.findings.map { "\($0.verdict.rawValue) \($0.place.position.line)" }, judgement)
    }

    private func pod(_ container: String, spec: String = "{}") -> String {
        "{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop}, spec: {containers: [{name: app, image: a:1, \(container)}]\(spec == "{}" ? "" : ", " + spec)}}\n"
    }

    @Test func settingsDecideWhatIsAsked() throws {
        #expect(try judge("allowed-registries", pod("stdin: false")).judgement.notApplicable == 1)
        #expect(try judge("required-labels", pod("stdin: false")).judgement.notApplicable == 1)
        #expect(try judge("sandbox-runtime-classes", pod("stdin: false")).judgement.notApplicable == 1)
        var settings = Settings()
        settings.requiresSandbox = true
        settings.floatingImageTags = ["1"]
        #expect(try judge("sandbox-runtime-classes", pod("stdin: false"), settings: settings).findings == ["fail 1"])
        #expect(try judge("image-tags", pod("stdin: false"), settings: settings).findings == ["fail 1"])
    }

    @Test func aRuntimeClassIsWhatItsHandlerIs() throws {
        let runc = "{apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: {name: gvisor}, handler: runc}\n---\n"
        #expect(try judge("sandbox-runtime-classes", runc + pod("stdin: false", spec: "runtimeClassName: gvisor")).findings == ["fail 3"])
    }

    @Test func aMissingServiceAccountIsOnlyJudgedBesideOthers() throws {
        let workload = pod("stdin: false", spec: "serviceAccountName: web")
        #expect(try judge("non-existent-service-accounts", workload).findings == ["notObservable 1"])
        let other = "{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: other}}\n---\n"
        #expect(try judge("non-existent-service-accounts", other + workload).findings == ["notObservable 3"])
        let same = "{apiVersion: v1, kind: ServiceAccount, metadata: {name: api, namespace: shop}}\n---\n"
        #expect(try judge("non-existent-service-accounts", same + workload).findings == ["fail 3"])
    }

    @Test func thePodOverrulesItsServiceAccount() throws {
        let account = "{apiVersion: v1, kind: ServiceAccount, metadata: {name: default, namespace: shop}, automountServiceAccountToken: false}\n---\n"
        #expect(try judge("service-account-tokens", account + pod("stdin: false")).findings.isEmpty)
        let mounting = pod("stdin: false", spec: "automountServiceAccountToken: true")
        #expect(try judge("service-account-tokens", account + mounting).findings == ["fail 3"])
    }

    @Test(arguments: ["cpu-limits", "memory-limits", "ephemeral-storage-limits", "cpu-requests", "memory-requests"])
    func podResourcesCountFromTheVersionThatHasThem(id: String) throws {
        let limits = "resources: {limits: {cpu: 1, memory: 1Gi, ephemeral-storage: 1Gi}}"
        #expect(try judge(id, pod("stdin: false", spec: limits)).findings.isEmpty)
        #expect(try judge(id, pod("stdin: false", spec: limits), version: KubernetesVersion(1, 33)).findings == ["fail 1"])
    }

    @Test func aLimitRangeHoldsInItsNamespaceOnly() throws {
        let range =
            "{apiVersion: v1, kind: LimitRange, metadata: {name: a, namespace: NS}, spec: {limits: [{type: Container, default: {memory: 1Gi}}]}}\n---\n"
        for id in ["memory-limits", "memory-requests"] {
            #expect(try judge(id, range.replacing("NS", with: "shop") + pod("stdin: false")).findings.isEmpty)
            #expect(try judge(id, range.replacing("NS", with: "other") + pod("stdin: false")).findings == ["fail 3"])
        }
    }

    @Test(arguments: ["liveness-probes", "readiness-probes"])
    func whatEndsNeedsNoProbe(id: String) throws {
        #expect(try judge(id, pod("stdin: false", spec: "restartPolicy: Never")).judgement.notApplicable == 1)
        let initializing =
            "{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {initContainers: [{name: a, image: a:1}], ephemeralContainers: [{name: b, image: b:1}]}}"
        #expect(try judge(id, initializing).findings.isEmpty)
    }

    @Test(arguments: [
        ("/var/run/docker.sock", "container-runtime-sockets"), ("/run/../run/containerd", "container-runtime-sockets"),
        ("//", "sensitive-host-paths"), ("/etc/..", "sensitive-host-paths"), ("/var/lib/kubelet/", "sensitive-host-paths"),
        ("/./proc", "sensitive-host-paths"), ("/var/run", "sensitive-host-paths"), ("/home/me/.aws", "cloud-credential-paths"),
    ])
    func noSpellingHidesAPath(path: String, id: String) throws {
        let volumes = "volumes: [{name: host, hostPath: {path: \(path)}}]"
        #expect(try judge(id, pod("stdin: false", spec: volumes)).findings == ["fail 1"])
    }

    @Test(arguments: ["/var/lib/kubelets", "/etcetera", "/srv", "/run/dockerish", "/var/log", "/etc/ssl/certs/ca.pem"])
    func otherPathsAreLeftToOthers(path: String) throws {
        let volumes = "volumes: [{name: host, hostPath: {path: \(path)}}]"
        for id in ["container-runtime-sockets", "sensitive-host-paths", "cloud-credential-paths"] {
            #expect(try judge(id, pod("stdin: false", spec: volumes)).findings.isEmpty, "\(id)")
        }
    }

    @Test func readingIsLessThanWriting() throws {
        let volumes = "volumes: [{name: host, hostPath: {path: /sys}}]"
        let reading = pod("volumeMounts: [{name: host, mountPath: /sys, readOnly: true}]", spec: volumes)
        #expect(try judge("sensitive-host-paths", reading).findings.isEmpty)
        #expect(try judge("writable-host-paths", reading).findings.isEmpty)
        let writing = pod("volumeMounts: [{name: host, mountPath: /sys}]", spec: volumes)
        #expect(try judge("sensitive-host-paths", writing).findings == ["fail 1"])
        #expect(try judge("writable-host-paths", writing).findings == ["fail 1"])
    }

    @Test func idsOfAUserNamespaceOrOfWindowsAreNoneOfTheNode() throws {
        for spec in ["hostUsers: false, securityContext: {runAsUser: 1, runAsGroup: 0}", "os: {name: windows}, securityContext: {fsGroup: 0}"] {
            for id in ["low-user-ids", "low-group-ids", "root-group", "run-as-groups"] {
                #expect(try judge(id, pod("stdin: false", spec: spec)).judgement.notApplicable == 1, "\(id)")
            }
        }
    }

    @Test func autoscalersAndBudgetsCount() throws {
        let deployment = """
            {apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: REPLICAS, template: \
            {metadata: {labels: {app: web, tier: front}}, spec: {containers: [{name: app, image: a:1, ports: [{containerPort: 80}]}]}}}}\n
            """
        let one = deployment.replacing("REPLICAS", with: "1")
        let scaler =
            "---\n{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: x, namespace: shop}, spec: {scaleTargetRef: {kind: Deployment, name: web}}}\n"
        #expect(try judge("single-replicas", one).findings.count == 1)
        #expect(try judge("single-replicas", one + scaler).findings.isEmpty)
        let three = deployment.replacing("REPLICAS", with: "3")
        for (selector, count) in [
            ("{matchLabels: {app: web}}", 0), ("{matchLabels: {app: api}}", 1), ("{}", 0), ("{matchLabels: {app: web, tier: back}}", 1),
            ("{matchExpressions: [{key: tier, operator: Exists}]}", 0), ("null", 1),
        ] {
            let budget =
                "---\n{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: x, namespace: shop}, spec: {selector: \(selector)}}\n"
            #expect(try judge("disruption-budgets", three + budget).findings.count == count, "\(selector)")
        }
    }

    @Test func everySysctlOfTheHostIsAPrivilegeOfItsOwn() throws {
        let manifest = """
            apiVersion: v1
            kind: Pod
            metadata:
              name: web
              annotations:
                k8s.aliyun.com/eci-host-sysctls: '[{"name":"kernel.shmmax","value":"1"},{"name":"net.core.somaxconn","value":"2"}]'
                securecontainer.alibabacloud.com/sysctls: "a=1, b=2"
            spec: {containers: [{name: app, image: a:1}]}
            """
        #expect(try judge("host-sysctl-annotations", manifest).judgement.findings.map(\.value) == ["kernel.shmmax", "net.core.somaxconn"])
        #expect(try judge("sandbox-sysctl-annotations", manifest).judgement.findings.map(\.value) == ["a", "b"])
    }

    @Test(arguments: [
        ("cpu-limits", "resources: 5"), ("secrets-in-environment", "env: {}"),
        ("credentials-in-environment", "env: [{name: A, value: 5}]"), ("image-pull-policies", "imagePullPolicy: 5"),
        ("writable-host-paths", "volumeMounts: 5"), ("net-raw-capability", "securityContext: {capabilities: {drop: ALL}}"),
        ("read-only-root-filesystems", "securityContext: {readOnlyRootFilesystem: 'true'}"), ("sudo", "command: sudo"),
    ])
    func aFieldOfTheWrongTypeIsAGapAndNoPass(id: String, container: String) throws {
        let spec = id == "writable-host-paths" ? "volumes: [{name: host, hostPath: {path: /srv}}]" : "{}"
        let result = try judge(id, pod(container, spec: spec))
        #expect(result.judgement.gaps.count == 1 && result.judgement.passed == 0, "\(id): \(result.findings)")
    }
}
