extension BuiltInModels {
    /// Google Kubernetes Engine, Autopilot mode.
    ///
    /// Nodes are the provider's; privileges go through allowlists that several people agree on.
    static let gkeAutopilot = #"""
        apiVersion: demarc.dev/v1alpha1
        kind: ResponsibilityModel
        metadata:
          name: gke-autopilot
        spec:
          title: "Google Kubernetes Engine, Autopilot mode"
          sources:
          - id: GKE-SRM
            title: "GKE shared responsibility"
            url: https://docs.cloud.google.com/kubernetes-engine/docs/concepts/shared-responsibility
          - id: GKE-PRIV
            title: "Privileged workloads on GKE Autopilot"
            url: https://docs.cloud.google.com/kubernetes-engine/docs/concepts/about-autopilot-privileged-workloads
          - id: GKE-SEC
            title: "Security of GKE Autopilot"
            url: https://docs.cloud.google.com/kubernetes-engine/docs/concepts/autopilot-security
          - id: GKE-RUN
            title: "Partner workloads on GKE Autopilot"
            url: https://cloud.google.com/kubernetes-engine/docs/how-to/run-autopilot-partner-workloads
          - id: AKS-SYS
            title: "Custom node configuration of AKS"
            url: https://github.com/MicrosoftDocs/azure-aks-docs/blob/fb060ab/articles/aks/custom-node-configuration-reference.md
          - id: ACK-SRM-ZH
            title: "Shared responsibility model of ACK, Chinese edition"
            url: https://help.aliyun.com/zh/ack/ack-edge/security-and-compliance/shared-responsibility-model
          - id: EKS-MNG
            title: "Managed node groups of Amazon EKS"
            url: https://github.com/awsdocs/amazon-eks-user-guide/blob/4d52b4d/latest/ug/nodes/managed-node-groups.adoc
          - id: AKS-BUL
            title: "Security bulletins of AKS"
            url: https://github.com/MicrosoftDocs/azure-aks-docs/blob/fb060ab/articles/aks/security-bulletins/overview.md
          parties:
            provider: "Google Cloud"
            customer: "the customer of GKE"
            shared: "both sides"
            vendor: "a partner whose workload an allowlist lets in"
            upstream: "the open source project"
          planes:
            controlPlane: {party: provider}
            node: {party: provider}
            systemNamespaces:
              party: provider
              names: ["kube-system", "kube-public", "kube-node-lease", "gke-managed-*", "gke-gmp-system", "gmp-public", "gmp-system", "config-management-system", "asm-system", "istio-system-managed"]
            tenantNamespaces: {party: customer}
            cluster: {party: customer}
          # Identities as the API server authenticates them. `managers` are names their clients write into managedFields:
          # a hint for people, since any client can choose them.
          principals:
          - user: "system:addon-manager"
            party: provider
            managers: ["kube-addon-manager"]
          - user: "system:gke-*"
            party: provider
          - user: "system:kube-controller-manager"
            party: provider
            managers: ["kube-controller-manager"]
          - user: "system:kube-scheduler"
            party: provider
            managers: ["kube-scheduler"]
          - user: "system:apiserver"
            party: provider
            managers: ["kube-apiserver"]
          - group: "system:nodes"
            party: provider
            managers: ["kubelet"]
          - group: "system:masters"
            party: customer
          - group: "system:authenticated"
            party: customer
          origins:
          - label: addonmanager.kubernetes.io/mode
            party: provider
            title: "the add-on manager of GKE keeps it"
            sources: ["GKE-SRM"]
          - label: components.gke.io/component-name
            party: provider
            title: "a component of GKE"
            sources: ["GKE-SRM"]
          duties:
          - id: P1
            title: "Keep the platform, its data and its infrastructure secure and compliant"
            party: provider
            sources: ["GKE-SRM"]
          - id: P2a
            title: "Answer for the risk one introduces: risky Pods, authorisation that harms others"
            party: customer
            sources: ["GKE-SRM"]
          - id: P2b
            title: "Answer for the privileges one applied for"
            party: customer
            sources: ["GKE-PRIV"]
          - id: P2c
            title: "Let only approved people and teams reach the application"
            party: customer
            sources: ["GKE-SRM"]
          - id: P3a
            title: "Answer for the risk one caused on resources both sides manage"
            party: customer
            sources: ["GKE-SRM"]
          - id: P3b
            title: "Keep least privilege on resources both sides manage"
            party: customer
            sources: ["GKE-SRM"]
          - id: P4
            title: "Reduce risk by hardened defaults"
            party: provider
            sources: ["GKE-SEC"]
          - id: A1
            title: "Keep Kubernetes updated and fix its vulnerabilities"
            party: provider
            fixed: true
            sources: ["GKE-SRM"]
          - id: A2
            title: "Control access, isolate networks and storage between tenants"
            party: provider
            sources: ["GKE-SRM"]
          - id: A3
            title: "Put containers into a sandbox"
            party: customer
            sources: ["GKE-SEC"]
          - id: A4
            title: "Announce and fix vulnerabilities of the node operating system"
            party: provider
            fixed: true
            sources: ["GKE-SRM", "GKE-SEC"]
          - id: A5
            title: "Harden the control plane: authentication, certificates, Secrets, exposed ports"
            party: provider
            fixed: true
            sources: ["GKE-SRM"]
          - id: A6
            title: "Ship charts and components with key settings that follow a standard"
            party: customer
            sources: ["GKE-RUN"]
          - id: C1
            title: "Secure the supply chain and the running application"
            party: customer
            sources: ["GKE-SRM"]
          - id: C2
            title: "Encrypt sensitive data in transit and at rest"
            party: customer
            sources: ["GKE-SRM"]
          - id: C3
            title: "Give people and programs the least permissions"
            party: customer
            sources: ["GKE-SRM"]
          - id: C4
            title: "Use runtime protection to find risk early"
            party: customer
            sources: ["GKE-SRM"]
          - id: C5
            title: "Create containers with the least privilege"
            party: customer
            sources: ["GKE-SEC"]
          - id: C6
            title: "Configure network, storage and observability safely"
            party: customer
            sources: ["GKE-SRM"]
          - id: C7
            title: "Keep operators and webhooks from harming other applications"
            party: customer
            sources: ["GKE-SEC"]
          - id: C8a
            title: "Install announced fixes soon"
            party: customer
            sources: ["GKE-SRM"]
          - id: C8b
            title: "Choose parameters without exploitable configuration or authorisation"
            party: customer
            sources: ["GKE-SRM"]
          transfers:
          - when: partnerWorkload
            to: vendor
            title: "a partner's privileged workload that an allowlist lets in"
            sources: ["GKE-RUN"]
          - when: unsafeSysctl
            to: customer
            title: "unsafe kernel parameters were enabled"
            sources: ["AKS-SYS"]
          - when: fixNotRolledOut
            to: customer
            title: "the fix is out, but the Pod or node was not re-created"
            sources: ["ACK-SRM-ZH", "EKS-MNG", "AKS-BUL"]
          - when: noUpstreamFix
            to: upstream
            title: "upstream has no fix yet; the provider tracks it"
            sources: ["AKS-BUL"]
          # The first row that covers a privilege counts; what no row covers cannot be granted, only excepted.
          privileges:
          - control: "pss:privileged"
            tier: application
            longest: 90d
            approvals: 2
            twoKey: true
            title: "by an allowlist that the organisation, the cluster and the owner agree on"
            sources: ["GKE-PRIV"]
          - control: "pss:hostNamespaces"
            tier: application
            longest: 90d
            approvals: 2
            twoKey: true
            sources: ["GKE-PRIV"]
          - control: "pss:hostPathVolumes"
            tier: application
            longest: 90d
            approvals: 2
            twoKey: true
            sources: ["GKE-PRIV"]
          - control: "pss:hostPorts"
            tier: application
            longest: 90d
            approvals: 2
            twoKey: true
            sources: ["GKE-PRIV"]
          - control: "pss:capabilities_baseline"
            values: ["NET_ADMIN"]
            tier: application
            longest: 90d
            approvals: 1
            twoKey: true
            title: "a flag of the cluster and the Pod's security context together"
            sources: ["GKE-SEC"]
          - control: "pss:capabilities_baseline"
            values: ["NET_RAW", "SYS_PTRACE"]
            tier: self-service
            longest: 90d
            sources: ["GKE-SEC"]
          - control: "pss:capabilities_baseline"
            tier: application
            longest: 90d
            approvals: 2
            twoKey: true
            title: "any other, by an allowlist"
            sources: ["GKE-PRIV"]
          - control: "pss:sysctls"
            tier: never
            title: "unsafe kernel parameters are refused"
            sources: ["GKE-SEC"]
          - control: "node-takeover-capabilities"
            values: ["NET_ADMIN"]
            tier: application
            longest: 90d
            approvals: 1
            twoKey: true
            sources: ["GKE-SEC"]
          - control: "node-takeover-capabilities"
            values: ["NET_RAW", "SYS_PTRACE"]
            tier: self-service
            longest: 90d
            sources: ["GKE-SEC"]
          - control: "node-takeover-capabilities"
            tier: application
            longest: 90d
            approvals: 2
            twoKey: true
            sources: ["GKE-PRIV"]
          - control: "net-raw-capability"
            tier: self-service
            longest: 90d
            sources: ["GKE-SEC"]
          - control: "writable-host-paths"
            tier: application
            longest: 90d
            approvals: 2
            twoKey: true
            sources: ["GKE-PRIV"]
          - control: "sensitive-host-paths"
            tier: application
            longest: 90d
            approvals: 2
            twoKey: true
            sources: ["GKE-PRIV"]
          - control: "host-path-sub-paths"
            tier: application
            longest: 90d
            approvals: 2
            twoKey: true
            sources: ["GKE-PRIV"]
          - control: "pss:*"
            tier: application
            longest: 180d
            approvals: 1
            sources: ["GKE-SEC"]
          liability: >-
            Privileged mode, capabilities and access to the host are off by default on this platform. By accepting
            this grant, the team named in it takes over what the privilege leads to: an escape from the container,
            movement to other workloads, instability of a node or of the cluster, and harm to other tenants. Google
            Cloud answers for none of it while the grant lasts. The grant covers exactly the workload, images, service
            account and privileges it names, ends on its date, and may be revoked at any time. The team asks for no
            more than the program needs, removes the privilege when it is no longer needed, and reports misuse at
            once.

        """#
}
