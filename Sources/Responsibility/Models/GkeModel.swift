extension BuiltInModels {
    /// Google Kubernetes Engine, Standard mode.
    ///
    /// The provider runs control plane and system components; the customer keeps upgrades of nodes on.
    static let gke = #"""
        apiVersion: demarc.dev/v1alpha1
        kind: ResponsibilityModel
        metadata:
          name: gke
        spec:
          title: "Google Kubernetes Engine, Standard mode"
          sources:
          - id: GKE-SRM
            title: "GKE shared responsibility"
            url: https://docs.cloud.google.com/kubernetes-engine/docs/concepts/shared-responsibility
          - id: GKE-SEC
            title: "Security of GKE Autopilot"
            url: https://docs.cloud.google.com/kubernetes-engine/docs/concepts/autopilot-security
          - id: ROSA
            title: "Responsibilities on Red Hat OpenShift Service on AWS"
            url: https://github.com/openshift/openshift-docs/blob/main/modules/rosa-policy-responsibilities.adoc
          - id: AKS-SUP
            title: "Support policies for AKS"
            url: https://github.com/MicrosoftDocs/azure-aks-docs/blob/fb060ab/articles/aks/support-policies.md
          - id: SCW
            title: "Kubernetes shared responsibility model of Scaleway"
            url: https://github.com/scaleway/docs-content/blob/main/pages/kubernetes/reference-content/kubernetes-shared-responsibility-model.mdx
          - id: AKS-BUL
            title: "Security bulletins of AKS"
            url: https://github.com/MicrosoftDocs/azure-aks-docs/blob/fb060ab/articles/aks/security-bulletins/overview.md
          - id: AKS-SYS
            title: "Custom node configuration of AKS"
            url: https://github.com/MicrosoftDocs/azure-aks-docs/blob/fb060ab/articles/aks/custom-node-configuration-reference.md
          - id: ACK-SRM-ZH
            title: "Shared responsibility model of ACK, Chinese edition"
            url: https://help.aliyun.com/zh/ack/ack-edge/security-and-compliance/shared-responsibility-model
          - id: EKS-MNG
            title: "Managed node groups of Amazon EKS"
            url: https://github.com/awsdocs/amazon-eks-user-guide/blob/4d52b4d/latest/ug/nodes/managed-node-groups.adoc
          - id: PSS
            title: "Pod Security Standards"
            url: https://kubernetes.io/docs/concepts/security/pod-security-standards/
          parties:
            provider: "Google Cloud"
            customer: "the customer of GKE"
            shared: "both sides"
            vendor: "a partner that ships a workload"
            upstream: "the open source project"
          planes:
            controlPlane: {party: provider}
            node: {party: shared}
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
            sources: ["GKE-SRM"]
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
            party: customer
            sources: ["GKE-SRM"]
          - id: A1
            title: "Keep Kubernetes updated and fix its vulnerabilities"
            party: provider
            fixed: true
            sources: ["GKE-SRM"]
          - id: A2
            title: "Control access, isolate networks and storage between tenants"
            party: shared
            sources: ["GKE-SRM"]
          - id: A3
            title: "Put containers into a sandbox"
            party: customer
            sources: ["GKE-SRM", "GKE-SEC"]
          - id: A4
            title: "Announce and fix vulnerabilities of the node operating system"
            party: shared
            sources: ["GKE-SRM"]
          - id: A5
            title: "Harden the control plane: authentication, certificates, Secrets, exposed ports"
            party: provider
            fixed: true
            sources: ["GKE-SRM"]
          - id: A6
            title: "Ship charts and components with key settings that follow a standard"
            party: customer
            sources: ["GKE-SRM"]
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
            sources: ["GKE-SRM"]
          - id: C6
            title: "Configure network, storage and observability safely"
            party: customer
            sources: ["GKE-SRM"]
          - id: C7
            title: "Keep operators and webhooks from harming other applications"
            party: customer
            sources: ["GKE-SRM"]
          - id: C8a
            title: "Install announced fixes soon"
            party: customer
            sources: ["GKE-SRM"]
          - id: C8b
            title: "Choose parameters without exploitable configuration or authorisation"
            party: customer
            sources: ["GKE-SRM"]
          transfers:
          - when: ownNetworkPlugin
            to: customer
            title: "the network plugin is the customer's own"
            sources: ["ROSA", "AKS-SUP"]
          - when: modifiedComponent
            to: customer
            title: "a preinstalled component was changed or replaced"
            managers:
            - "kubectl-edit"
            - "kubectl-patch"
            - "kubectl-set"
            - "kubectl-annotate"
            - "kubectl-label"
            - "kubectl-replace"
            - "k9s"
            - "Lens*"
            - "dashboard*"
            - "Terraform*"
            - "pulumi*"
            - "argocd-*"
            sources: ["SCW", "AKS-SUP"]
          - when: selfInstalledComponent
            to: customer
            title: "the component was installed by the customer, not as an add-on of the platform"
            sources: ["AKS-BUL"]
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
            longest: 30d
            approvals: 2
            sources: ["GKE-SRM", "PSS"]
          - control: "node-takeover-capabilities"
            tier: application
            longest: 90d
            approvals: 1
            sources: ["GKE-SRM", "PSS"]
          - control: "net-raw-capability"
            tier: application
            longest: 90d
            approvals: 1
            sources: ["GKE-SRM", "PSS"]
          - control: "writable-host-paths"
            tier: application
            longest: 90d
            approvals: 1
            sources: ["GKE-SRM", "PSS"]
          - control: "sensitive-host-paths"
            tier: application
            longest: 90d
            approvals: 1
            sources: ["GKE-SRM", "PSS"]
          - control: "host-path-sub-paths"
            tier: application
            longest: 90d
            approvals: 1
            sources: ["GKE-SRM", "PSS"]
          - control: "pss:*"
            tier: application
            longest: 180d
            approvals: 1
            sources: ["GKE-SRM", "PSS"]
          liability: >-
            Privileged mode, capabilities and access to the host are off by default on this cluster. By accepting this
            grant, the team named in it takes over what the privilege leads to: an escape from the container, movement
            to other workloads, instability of a node or of the cluster, and harm to other tenants. Google Cloud
            answers for none of it while the grant lasts. The grant covers exactly the workload, images, service
            account and privileges it names, ends on its date, and may be revoked at any time. The team asks for no
            more than the program needs, removes the privilege when it is no longer needed, and reports misuse at
            once.

        """#
}
