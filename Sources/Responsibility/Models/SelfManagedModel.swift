extension BuiltInModels {
    /// A cluster that its user runs without a provider.
    ///
    /// Nobody else answers: one organisation holds every duty, only upstream is somebody else.
    static let selfManaged = #"""
        apiVersion: demarc.dev/v1alpha1
        kind: ResponsibilityModel
        metadata:
          name: self-managed
        spec:
          title: "A cluster that its user runs without a provider"
          sources:
          - id: CIS
            title: "CIS Kubernetes Benchmark"
            url: https://www.cisecurity.org/benchmark/kubernetes
          - id: PSS
            title: "Pod Security Standards"
            url: https://kubernetes.io/docs/concepts/security/pod-security-standards/
          - id: AKS-BUL
            title: "Security bulletins of AKS"
            url: https://github.com/MicrosoftDocs/azure-aks-docs/blob/fb060ab/articles/aks/security-bulletins/overview.md
          parties:
            provider: "whoever supplies machines and power"
            customer: "the organisation that runs the cluster"
            shared: "both sides"
            vendor: "a third party that ships a chart or component"
            upstream: "the open source project"
          planes:
            controlPlane: {party: customer}
            node: {party: customer}
            systemNamespaces:
              party: customer
              names: ["kube-system", "kube-public", "kube-node-lease"]
            tenantNamespaces: {party: customer}
            cluster: {party: customer}
          # Identities as the API server authenticates them. `managers` are names their clients write into managedFields:
          # a hint for people, since any client can choose them.
          principals:
          - user: "system:kube-controller-manager"
            party: customer
            managers: ["kube-controller-manager"]
          - user: "system:kube-scheduler"
            party: customer
            managers: ["kube-scheduler"]
          - user: "system:apiserver"
            party: customer
            managers: ["kube-apiserver"]
          - group: "system:nodes"
            party: customer
            managers: ["kubelet"]
          - group: "system:masters"
            party: customer
          - group: "system:authenticated"
            party: customer
          duties:
          - id: P1
            title: "Keep the platform, its data and its infrastructure secure and compliant"
            party: customer
            sources: ["CIS"]
          - id: P2a
            title: "Answer for the risk one introduces: risky Pods, authorisation that harms others"
            party: customer
            sources: ["CIS"]
          - id: P2b
            title: "Answer for the privileges one applied for"
            party: customer
            sources: ["PSS"]
          - id: P2c
            title: "Let only approved people and teams reach the application"
            party: customer
            sources: ["CIS"]
          - id: P3a
            title: "Answer for the risk one caused on resources both sides manage"
            party: customer
            sources: ["CIS"]
          - id: P3b
            title: "Keep least privilege on resources both sides manage"
            party: customer
            sources: ["CIS"]
          - id: P4
            title: "Reduce risk by hardened defaults"
            party: customer
            sources: ["PSS"]
          - id: A1
            title: "Keep Kubernetes updated and fix its vulnerabilities"
            party: customer
            sources: ["CIS"]
          - id: A2
            title: "Control access, isolate networks and storage between tenants"
            party: customer
            sources: ["CIS"]
          - id: A3
            title: "Put containers into a sandbox"
            party: customer
            sources: ["CIS"]
          - id: A4
            title: "Announce and fix vulnerabilities of the node operating system"
            party: customer
            sources: ["CIS"]
          - id: A5
            title: "Harden the control plane: authentication, certificates, Secrets, exposed ports"
            party: customer
            sources: ["CIS"]
          - id: A6
            title: "Ship charts and components with key settings that follow a standard"
            party: customer
            sources: ["CIS"]
          - id: C1
            title: "Secure the supply chain and the running application"
            party: customer
            sources: ["CIS"]
          - id: C2
            title: "Encrypt sensitive data in transit and at rest"
            party: customer
            sources: ["CIS"]
          - id: C3
            title: "Give people and programs the least permissions"
            party: customer
            sources: ["CIS"]
          - id: C4
            title: "Use runtime protection to find risk early"
            party: customer
            sources: ["CIS"]
          - id: C5
            title: "Create containers with the least privilege"
            party: customer
            sources: ["PSS"]
          - id: C6
            title: "Configure network, storage and observability safely"
            party: customer
            sources: ["CIS"]
          - id: C7
            title: "Keep operators and webhooks from harming other applications"
            party: customer
            sources: ["CIS"]
          - id: C8a
            title: "Install announced fixes soon"
            party: customer
            sources: ["CIS"]
          - id: C8b
            title: "Choose parameters without exploitable configuration or authorisation"
            party: customer
            sources: ["CIS"]
          transfers:
          - when: noUpstreamFix
            to: upstream
            title: "upstream has no fix yet; the provider tracks it"
            sources: ["AKS-BUL"]
          # The first row that covers a privilege counts; what no row covers cannot be granted, only excepted.
          privileges:
          - control: "pss:privileged"
            tier: application
            longest: 30d
            approvals: 2
            sources: ["PSS"]
          - control: "node-takeover-capabilities"
            tier: application
            longest: 90d
            approvals: 1
            sources: ["PSS"]
          - control: "net-raw-capability"
            tier: application
            longest: 90d
            approvals: 1
            sources: ["PSS"]
          - control: "writable-host-paths"
            tier: application
            longest: 90d
            approvals: 1
            sources: ["PSS"]
          - control: "sensitive-host-paths"
            tier: application
            longest: 90d
            approvals: 1
            sources: ["PSS"]
          - control: "host-path-sub-paths"
            tier: application
            longest: 90d
            approvals: 1
            sources: ["PSS"]
          - control: "pss:*"
            tier: application
            longest: 180d
            approvals: 1
            sources: ["PSS"]
          liability: >-
            Privileged mode, capabilities and access to the host are off by default on this cluster. By accepting this
            grant, the team named in it takes over what the privilege leads to: an escape from the container, movement
            to other workloads, instability of a node or of the cluster, and harm to other tenants. The team that runs
            the cluster answers for none of it while the grant lasts. The grant covers exactly the workload, images,
            service account and privileges it names, ends on its date, and may be revoked at any time. The team asks
            for no more than the program needs, removes the privilege when it is no longer needed, and reports misuse
            at once.

        """#
}
