import Access

/// Values that the API server fills in by itself where a request says nothing of them. Whoever sees only the object cannot tell whether they
/// were asked for.
///
/// After `SetDefaults_*` in `pkg/apis/*/*/defaults.go` of Kubernetes, and its admission plugins.
enum ServerDefaults {
    /// By the last key of the place. A key counts wherever it stands: a value that is called a default in vain only weakens a proof.
    private static let values: [String: Set<String>] = [
        // Pods and their volumes; some by the plugins ServiceAccount, Priority and AlwaysPullImages.
        "restartPolicy": ["Always"], "dnsPolicy": ["ClusterFirst"], "terminationGracePeriodSeconds": ["30"],
        "schedulerName": ["default-scheduler"], "enableServiceLinks": ["true"], "serviceAccountName": ["default"],
        "preemptionPolicy": ["PreemptLowerPriority"], "priority": ["0"], "terminationMessagePath": ["/dev/termination-log"],
        "terminationMessagePolicy": ["File"], "imagePullPolicy": ["Always", "IfNotPresent"], "protocol": ["TCP"], "procMount": ["Default"],
        "timeoutSeconds": ["1", "10", "30"], "periodSeconds": ["10"], "successThreshold": ["1"], "failureThreshold": ["3"], "scheme": ["HTTP"],
        "type": ["", "ClusterIP", "RollingUpdate"], "defaultMode": ["420"], "expirationSeconds": ["3600"],
        // Workloads.
        "replicas": ["1"], "maxSurge": ["25%"], "maxUnavailable": ["25%", "1"], "revisionHistoryLimit": ["10"],
        "progressDeadlineSeconds": ["600"], "podManagementPolicy": ["OrderedReady"], "partition": ["0"], "completions": ["1"],
        "parallelism": ["1"], "backoffLimit": ["6"], "completionMode": ["NonIndexed"], "podReplacementPolicy": ["TerminatingOrFailed"],
        "suspend": ["false"], "concurrencyPolicy": ["Allow"], "successfulJobsHistoryLimit": ["3"], "failedJobsHistoryLimit": ["1"],
        "minReplicas": ["1"],
        // Services, networks, storage.
        "sessionAffinity": ["None"], "externalTrafficPolicy": ["Cluster"], "internalTrafficPolicy": ["Cluster"],
        "allocateLoadBalancerNodePorts": ["true"], "ipFamilyPolicy": ["SingleStack"], "pathType": ["ImplementationSpecific"],
        "policyTypes": ["Ingress", "Egress"], "persistentVolumeReclaimPolicy": ["Retain", "Delete"], "reclaimPolicy": ["Delete"],
        "volumeMode": ["Filesystem"], "volumeBindingMode": ["Immediate"],
        // Extensions and rights.
        "failurePolicy": ["Fail", "Ignore"], "matchPolicy": ["Equivalent", "Exact"], "sideEffects": ["Unknown"],
        "reinvocationPolicy": ["Never"], "scope": ["*"], "strategy": ["None"], "preserveUnknownFields": ["true", "false"],
        "apiGroup": ["", "rbac.authorization.k8s.io"],
    ]

    /// Keys of which the server copies the value from another field: `serviceAccount` from `serviceAccountName`, a host port from the port of
    /// a container in the host's network, requests from limits, the target of a Service from its port.
    private static let copies: Set<String> = ["serviceAccount", "hostPort", "targetPort", "requests"]

    /// Mappings that the server puts there with nothing in them.
    private static let emptied: Set<String> = ["securityContext", "resources"]
    /// The same below what decides which objects a webhook or an admission policy is asked about. In a NetworkPolicy they are somebody's wish.
    private static let emptiedOfAdmission: Set<String> = ["namespaceSelector", "objectSelector"]
    private static let admission: Set<String> = ["webhooks", "matchConstraints", "matchResources"]

    /// - Parameters:
    ///   - value: one without parts.
    ///   - keys: on the way to it, the last one behind.
    static func mayMake(_ value: FieldValue, at keys: some Sequence<String>) -> Bool {
        var (last, isOfAdmission) = ("", false)
        for key in keys {
            if copies.contains(key) { return true }
            if admission.contains(key) { isOfAdmission = true }
            last = key
        }
        return switch value {
        case .map, .list: emptied.contains(last) || isOfAdmission && emptiedOfAdmission.contains(last)
        case .string(let text): values[last]?.contains(text.text) == true
        default: values[last]?.contains(value.summary()) == true
        }
    }

    /// Whether it is known what the server fills in. Kinds of others have defaults that stand in their definitions.
    static func areKnown(ofGroup group: String) -> Bool { KubernetesKinds.isBuiltIn(group) }
}

extension FieldPath {
    /// The keys on the way, without items of lists.
    var keys: some Sequence<String> {
        steps.lazy.compactMap { step in if case .key(let key) = step { key.text } else { nil } }
    }
}
