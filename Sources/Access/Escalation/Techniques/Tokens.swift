import Kubernetes

extension Technique {
    static let createTokens = Technique(
        id: "create-tokens",
        title: "Ask for a token of a service account",
        condition: "the service account exists",
        gives: "the service accounts of the namespace, or those the rule names",
        source: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#token-request",
        severity: .critical,
        needs: [.createTokens],
        goal: .accounts)

    static let readTokenSecrets = Technique(
        id: "read-token-secrets",
        title: "Read a Secret that holds a token of a service account",
        condition: "such a Secret is in the estate; a list or a watch shows it as a get does",
        gives: "the service account of the token",
        source: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#listing-secrets",
        severity: .critical,
        needs: [.readSecrets],
        goal: .tokenSecrets)

    /// The token controller fills every Secret of this type that names a service account.
    static let createTokenSecrets = Technique(
        id: "create-token-secrets",
        title: "Create a Secret that the token controller fills, and read it",
        condition: "kube-controller-manager runs the token controller, as it does by default",
        gives: "the service accounts of the namespace",
        source:
            "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#manually-create-a-long-lived-api-token-for-a-serviceaccount",
        severity: .critical,
        needs: [.createSecrets, .readSecretsByAnyName],
        goal: .accounts)

    static let readBootstrapTokens = Technique(
        id: "read-bootstrap-tokens",
        title: "Read a bootstrap token",
        condition: "such a Secret is in kube-system, has not expired, and the API server takes bootstrap tokens",
        gives: "the group system:bootstrappers and those that the Secret adds",
        source: "https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/",
        severity: .high,
        needs: [.readSecrets],
        goal: .bootstrapTokens(forged: false))

    static let forgeBootstrapTokens = Technique(
        id: "forge-bootstrap-tokens",
        title: "Create a bootstrap token of one's own",
        condition: "the API server takes bootstrap tokens (--enable-bootstrap-token-auth), as kubeadm has it",
        gives: "the group system:bootstrappers and every group whose name begins so",
        source: "kubernetes plugin/pkg/auth/authenticator/token/bootstrap",
        severity: .high,
        needs: [.createSecrets],
        goal: .bootstrapTokens(forged: true))
}

extension Need {
    static let createTokens = Need(.limit, Permission(.create, "", "serviceaccounts/token"))
    static let readSecrets = Need(.limit, Permission(.read, "", "secrets"))
    static let createSecrets = Need(.forbidden, Permission(.create, "", "secrets"))
    /// Whoever creates the Secret chooses its name, so one name is enough.
    static let readSecretsByAnyName = Need(.ignored, Permission(.read, "", "secrets"))
}
