extension Technique {
    static let mutateByWebhook = Technique(
        id: "mutate-by-webhook",
        title: "Change what others create by a mutating webhook",
        condition: "somebody with more rights writes objects meanwhile, as controllers do all the time; the API server reaches the webhook",
        gives: "control of the cluster",
        source: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#control-admission-webhooks",
        severity: .high,
        needs: [.writeMutatingWebhooks],
        goal: .cluster)

    /// Served by default since 1.36.
    static let mutateByPolicy = Technique(
        id: "mutate-by-policy",
        title: "Change what others create by a MutatingAdmissionPolicy",
        condition: "the API server serves such policies (by default since 1.36); somebody with more rights writes objects meanwhile",
        gives: "control of the cluster",
        source: "https://kubernetes.io/docs/reference/access-authn-authz/mutating-admission-policy/",
        severity: .high,
        needs: [.writeMutatingPolicies, .writeMutatingPolicyBindings],
        goal: .cluster)

    static let watchByWebhook = Technique(
        id: "watch-by-webhook",
        title: "See token Secrets in requests of others by a validating webhook",
        condition: "a token Secret of the estate is written meanwhile; the API server itself writes to each when it is used",
        gives: "the service accounts of token Secrets",
        source: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#control-admission-webhooks",
        severity: .medium,
        needs: [.writeValidatingWebhooks],
        goal: .everyTokenSecret)

    /// The API server writes its own groups back, but not at once, and others' not at all.
    static let replaceApiGroup = Technique(
        id: "replace-api-group",
        title: "Have an API group served by a server of one's own",
        condition: "controllers with more rights act on what it answers before the API server takes its own groups back",
        gives: "control of the cluster",
        source: "https://kubernetes.io/docs/concepts/extend-kubernetes/api-extension/apiserver-aggregation/",
        severity: .medium,
        needs: [.writeApiServices],
        goal: .cluster)

    static let mapCloudIdentities = Technique(
        id: "map-cloud-identities",
        title: "Map a cloud identity of one's own to system:masters",
        condition: "the cluster is one of EKS that reads the ConfigMap aws-auth, which is in the estate",
        gives: "control of the cluster",
        source: "https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html",
        severity: .high,
        needs: [.changeCloudIdentities],
        goal: .cloudIdentities)
}

extension Need {
    private static let group = "admissionregistration.k8s.io"

    static let writeMutatingWebhooks = Need(.ignored, Permission(.write, group, "mutatingwebhookconfigurations", clusterScoped: true))
    static let writeMutatingPolicies = Need(.ignored, Permission(.write, group, "mutatingadmissionpolicies", clusterScoped: true))
    static let writeMutatingPolicyBindings = Need(
        .ignored, Permission(.write, group, "mutatingadmissionpolicybindings", clusterScoped: true))
    static let writeValidatingWebhooks = Need(.ignored, Permission(.write, group, "validatingwebhookconfigurations", clusterScoped: true))
    static let writeApiServices = Need(.ignored, Permission(.write, "apiregistration.k8s.io", "apiservices", clusterScoped: true))
    static let changeCloudIdentities = Need(.oneOf(["aws-auth"]), Permission(.change, "", "configmaps"))
}
