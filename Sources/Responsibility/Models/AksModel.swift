extension BuiltInModels {
    /// Azure Kubernetes Service, Standard.
    ///
    /// The provider builds node images, the customer rolls them out; system components must not be altered.
    static let aks = #"""
        apiVersion: demarc.dev/v1alpha1
        kind: ResponsibilityModel
        metadata:
          name: aks
        spec:
          title: "Azure Kubernetes Service, Standard"
          sources:
          - id: AKS-SUP
            title: "Support policies for AKS"
            url: https://github.com/MicrosoftDocs/azure-aks-docs/blob/fb060ab/articles/aks/support-policies.md
          - id: AKS-NRG
            title: "Node resource group lockdown of AKS"
            url: https://github.com/MicrosoftDocs/azure-aks-docs/blob/fb060ab/articles/aks/node-resource-group-lockdown.md
          - id: AKS-DS
            title: "Deployment safeguards of AKS"
            url: https://github.com/MicrosoftDocs/azure-aks-docs/blob/fb060ab/articles/aks/deployment-safeguards.md
          - id: AKS-VUL
            title: "Vulnerability management of AKS"
            url: https://github.com/MicrosoftDocs/azure-aks-docs/blob/fb060ab/articles/aks/concepts-vulnerability-management.md
          - id: AKS-CIS
            title: "CIS Kubernetes benchmark on AKS"
            url: https://github.com/MicrosoftDocs/azure-aks-docs/blob/fb060ab/articles/aks/cis-kubernetes.md
          - id: AKS-BUL
            title: "Security bulletins of AKS"
            url: https://github.com/MicrosoftDocs/azure-aks-docs/blob/fb060ab/articles/aks/security-bulletins/overview.md
          - id: AKS-SYS
            title: "Custom node configuration of AKS"
            url: https://github.com/MicrosoftDocs/azure-aks-docs/blob/fb060ab/articles/aks/custom-node-configuration-reference.md
          - id: AKS-PDB
            title: "Automatic PodDisruptionBudgets of AKS"
            url: https://github.com/MicrosoftDocs/azure-aks-docs/blob/fb060ab/articles/aks/automatic-pod-disruption-budget-management.md
          parties:
            provider: "Microsoft Azure"
            customer: "the customer of AKS"
            shared: "both sides"
            vendor: "a third party that ships a chart or component"
            upstream: "the open source project"
          planes:
            controlPlane: {party: provider}
            node: {party: shared}
            systemNamespaces:
              party: provider
              names: ["kube-system", "kube-public", "kube-node-lease", "gatekeeper-system", "calico-system", "tigera-operator", "app-routing-system", "aks-istio-system", "flux-system-managed"]
            tenantNamespaces: {party: customer}
            cluster: {party: customer}
          # Identities as the API server authenticates them. `managers` are names their clients write into managedFields:
          # a hint for people, since any client can choose them.
          principals:
          - user: "aksService"
            party: provider
            managers: ["aksService"]
          - user: "aks-support"
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
          - label: kubernetes.azure.com/managedby
            value: "aks"
            party: provider
            title: "a component that AKS keeps"
            sources: ["AKS-SUP"]
          - label: addonmanager.kubernetes.io/mode
            party: provider
            title: "the add-on manager of AKS keeps it"
            sources: ["AKS-SUP"]
          duties:
          - id: P1
            title: "Keep the platform, its data and its infrastructure secure and compliant"
            party: provider
            sources: ["AKS-SUP"]
          - id: P2a
            title: "Answer for the risk one introduces: risky Pods, authorisation that harms others"
            party: customer
            sources: ["AKS-SUP"]
          - id: P2b
            title: "Answer for the privileges one applied for"
            party: customer
            sources: ["AKS-SUP"]
          - id: P2c
            title: "Let only approved people and teams reach the application"
            party: customer
            sources: ["AKS-SUP"]
          - id: P3a
            title: "Answer for the risk one caused on resources both sides manage"
            party: shared
            sources: ["AKS-SUP", "AKS-NRG"]
          - id: P3b
            title: "Keep least privilege on resources both sides manage"
            party: shared
            sources: ["AKS-SUP", "AKS-NRG"]
          - id: P4
            title: "Reduce risk by hardened defaults"
            party: customer
            sources: ["AKS-DS"]
          - id: A1
            title: "Keep Kubernetes updated and fix its vulnerabilities"
            party: provider
            fixed: true
            sources: ["AKS-SUP", "AKS-VUL"]
          - id: A2
            title: "Control access, isolate networks and storage between tenants"
            party: shared
            sources: ["AKS-SUP"]
          - id: A3
            title: "Put containers into a sandbox"
            party: customer
            sources: ["AKS-SUP"]
          - id: A4
            title: "Announce and fix vulnerabilities of the node operating system"
            party: shared
            sources: ["AKS-SUP", "AKS-VUL"]
          - id: A5
            title: "Harden the control plane: authentication, certificates, Secrets, exposed ports"
            party: provider
            fixed: true
            sources: ["AKS-SUP", "AKS-CIS"]
          - id: A6
            title: "Ship charts and components with key settings that follow a standard"
            party: customer
            sources: ["AKS-SUP"]
          - id: C1
            title: "Secure the supply chain and the running application"
            party: customer
            sources: ["AKS-SUP"]
          - id: C2
            title: "Encrypt sensitive data in transit and at rest"
            party: customer
            sources: ["AKS-CIS"]
          - id: C3
            title: "Give people and programs the least permissions"
            party: customer
            sources: ["AKS-SUP"]
          - id: C4
            title: "Use runtime protection to find risk early"
            party: customer
            sources: ["AKS-SUP"]
          - id: C5
            title: "Create containers with the least privilege"
            party: customer
            sources: ["AKS-DS"]
          - id: C6
            title: "Configure network, storage and observability safely"
            party: customer
            sources: ["AKS-SUP"]
          - id: C7
            title: "Keep operators and webhooks from harming other applications"
            party: customer
            sources: ["AKS-SUP"]
          - id: C8a
            title: "Install announced fixes soon"
            party: customer
            sources: ["AKS-BUL"]
          - id: C8b
            title: "Choose parameters without exploitable configuration or authorisation"
            party: customer
            sources: ["AKS-SUP"]
          transfers:
          - when: ownNetworkPlugin
            to: customer
            title: "the network plugin is the customer's own"
            sources: ["AKS-SUP"]
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
            sources: ["AKS-SUP"]
          - when: selfInstalledComponent
            to: customer
            title: "the component was installed by the customer, not as an add-on of the platform"
            sources: ["AKS-BUL"]
          - when: unsafeSysctl
            to: customer
            title: "unsafe kernel parameters were enabled"
            sources: ["AKS-SYS"]
          - when: ownershipMarkRemoved
            to: customer
            title: "the mark of the platform's ownership was removed"
            sources: ["AKS-PDB"]
          - when: fixNotRolledOut
            to: customer
            title: "the fix is out, but the Pod or node was not re-created"
            sources: ["AKS-BUL"]
          - when: fixInVendorWindow
            to: provider
            title: "the fix is younger than 30 days, inside the provider's own window"
            sources: ["AKS-SUP"]
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
            sources: ["AKS-DS"]
          - control: "node-takeover-capabilities"
            tier: application
            longest: 90d
            approvals: 1
            sources: ["AKS-DS"]
          - control: "net-raw-capability"
            tier: application
            longest: 90d
            approvals: 1
            sources: ["AKS-DS"]
          - control: "writable-host-paths"
            tier: application
            longest: 90d
            approvals: 1
            sources: ["AKS-DS"]
          - control: "sensitive-host-paths"
            tier: application
            longest: 90d
            approvals: 1
            sources: ["AKS-DS"]
          - control: "host-path-sub-paths"
            tier: application
            longest: 90d
            approvals: 1
            sources: ["AKS-DS"]
          - control: "pss:*"
            tier: application
            longest: 180d
            approvals: 1
            sources: ["AKS-DS"]
          liability: >-
            Privileged mode, capabilities and access to the host are off by default on this platform. By accepting
            this grant, the team named in it takes over what the privilege leads to: an escape from the container,
            movement to other workloads, instability of a node or of the cluster, and harm to other tenants. Microsoft
            answers for none of it while the grant lasts. The grant covers exactly the workload, images, service
            account and privileges it names, ends on its date, and may be revoked at any time. The team asks for no
            more than the program needs, removes the privilege when it is no longer needed, and reports misuse at
            once.

        """#
}
