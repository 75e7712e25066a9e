extension BuiltInModels {
    /// Amazon EKS with EC2 nodes.
    ///
    /// The provider ends at the control plane; nodes, policies and add-ons' updates are the customer's.
    static let eks = #"""
        apiVersion: demarc.dev/v1alpha1
        kind: ResponsibilityModel
        metadata:
          name: eks
        spec:
          title: "Amazon EKS with EC2 nodes"
          sources:
          - id: EKS-SRM
            title: "Security in Amazon EKS"
            url: https://github.com/awsdocs/amazon-eks-user-guide/blob/4d52b4d/latest/ug/security/security.adoc
          - id: EKS-SG
            title: "Security group requirements of Amazon EKS"
            url: https://github.com/awsdocs/amazon-eks-user-guide/blob/4d52b4d/latest/ug/networking/sec-group-reqs.adoc
          - id: EKS-MNG
            title: "Managed node groups of Amazon EKS"
            url: https://github.com/awsdocs/amazon-eks-user-guide/blob/4d52b4d/latest/ug/nodes/managed-node-groups.adoc
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
          - id: PSS
            title: "Pod Security Standards"
            url: https://kubernetes.io/docs/concepts/security/pod-security-standards/
          - id: EKS-SG-NOW
            title: "Security group requirements of Amazon EKS, with the rule for Elastic Fabric Adapters"
            url: https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html
          parties:
            provider: "AWS"
            customer: "the customer of Amazon EKS"
            shared: "both sides"
            vendor: "a third party that ships a chart or component"
            upstream: "the open source project"
          planes:
            controlPlane: {party: provider}
            node: {party: customer}
            systemNamespaces:
              party: shared
              names: ["kube-system", "kube-public", "kube-node-lease", "amazon-guardduty", "aws-observability", "amazon-cloudwatch"]
            tenantNamespaces: {party: customer}
            cluster: {party: customer}
          # Identities as the API server authenticates them. `managers` are names their clients write into managedFields:
          # a hint for people, since any client can choose them.
          principals:
          - user: "eks:*"
            party: provider
            managers: ["eks"]
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
          # Services as CloudTrail writes them: `invokedBy`, or the service that a service-linked role belongs to.
          - cloud: "eks.amazonaws.com"
            party: provider
          - cloud: "eks-nodegroup.amazonaws.com"
            party: provider
          - cloud: "eks-fargate.amazonaws.com"
            party: provider
          origins:
          - label: eks.amazonaws.com/component
            party: provider
            title: "an add-on of Amazon EKS"
            sources: ["EKS-SRM"]
          - label: app.kubernetes.io/managed-by
            value: "EKS"
            party: provider
            title: "an add-on of Amazon EKS"
            sources: ["EKS-SRM"]
          duties:
          - id: P1
            title: "Keep the platform, its data and its infrastructure secure and compliant"
            party: provider
            sources: ["EKS-SRM"]
          - id: P2a
            title: "Answer for the risk one introduces: risky Pods, authorisation that harms others"
            party: customer
            sources: ["EKS-SRM"]
          - id: P2b
            title: "Answer for the privileges one applied for"
            party: customer
            sources: ["EKS-SRM"]
          - id: P2c
            title: "Let only approved people and teams reach the application"
            party: customer
            sources: ["EKS-SRM"]
          - id: P3a
            title: "Answer for the risk one caused on resources both sides manage"
            party: customer
            sources: ["EKS-SRM", "EKS-SG"]
          - id: P3b
            title: "Keep least privilege on resources both sides manage"
            party: customer
            sources: ["EKS-SRM", "EKS-SG"]
          - id: P4
            title: "Reduce risk by hardened defaults"
            party: customer
            sources: ["EKS-SRM"]
          - id: A1
            title: "Keep Kubernetes updated and fix its vulnerabilities"
            party: provider
            fixed: true
            sources: ["EKS-SRM"]
          - id: A2
            title: "Control access, isolate networks and storage between tenants"
            party: shared
            sources: ["EKS-SRM"]
          - id: A3
            title: "Put containers into a sandbox"
            party: customer
            sources: ["EKS-SRM"]
          - id: A4
            title: "Announce and fix vulnerabilities of the node operating system"
            party: shared
            sources: ["EKS-MNG"]
          - id: A5
            title: "Harden the control plane: authentication, certificates, Secrets, exposed ports"
            party: provider
            fixed: true
            sources: ["EKS-SRM"]
          - id: A6
            title: "Ship charts and components with key settings that follow a standard"
            party: customer
            sources: ["EKS-SRM"]
          - id: C1
            title: "Secure the supply chain and the running application"
            party: customer
            sources: ["EKS-SRM"]
          - id: C2
            title: "Encrypt sensitive data in transit and at rest"
            party: customer
            sources: ["EKS-SRM"]
          - id: C3
            title: "Give people and programs the least permissions"
            party: customer
            sources: ["EKS-SRM"]
          - id: C4
            title: "Use runtime protection to find risk early"
            party: customer
            sources: ["EKS-SRM"]
          - id: C5
            title: "Create containers with the least privilege"
            party: customer
            sources: ["EKS-SRM"]
          - id: C6
            title: "Configure network, storage and observability safely"
            party: customer
            sources: ["EKS-SRM"]
          - id: C7
            title: "Keep operators and webhooks from harming other applications"
            party: customer
            sources: ["EKS-SRM"]
          - id: C8a
            title: "Install announced fixes soon"
            party: customer
            sources: ["EKS-MNG"]
          - id: C8b
            title: "Choose parameters without exploitable configuration or authorisation"
            party: customer
            sources: ["EKS-SRM"]
          transfers:
          - when: ownNetworkPlugin
            to: customer
            title: "the network plugin is the customer's own"
            sources: ["ROSA", "AKS-SUP"]
          - when: customNodeImage
            to: customer
            title: "nodes run an image the customer made"
            sources: ["EKS-MNG"]
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
            sources: ["EKS-MNG"]
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
            sources: ["EKS-SRM", "PSS"]
          - control: "node-takeover-capabilities"
            tier: application
            longest: 90d
            approvals: 1
            sources: ["EKS-SRM", "PSS"]
          - control: "net-raw-capability"
            tier: application
            longest: 90d
            approvals: 1
            sources: ["EKS-SRM", "PSS"]
          - control: "writable-host-paths"
            tier: application
            longest: 90d
            approvals: 1
            sources: ["EKS-SRM", "PSS"]
          - control: "sensitive-host-paths"
            tier: application
            longest: 90d
            approvals: 1
            sources: ["EKS-SRM", "PSS"]
          - control: "host-path-sub-paths"
            tier: application
            longest: 90d
            approvals: 1
            sources: ["EKS-SRM", "PSS"]
          - control: "pss:*"
            tier: application
            longest: 180d
            approvals: 1
            sources: ["EKS-SRM", "PSS"]
          # The cluster's security group. AWS puts the rule among its members back whenever the cluster is updated.
          securityGroups:
            marks:
            - tag: "aws:eks:cluster-name"
              title: "Amazon EKS writes it on the cluster's group; nobody else can"
              sources: ["EKS-SG"]
            rules:
            - direction: ingress
              protocol: all
              peer: self
              required: true
              title: "control plane and nodes among themselves"
              sources: ["EKS-SG"]
            - direction: egress
              protocol: all
              peer: "0.0.0.0/0"
              title: "everything may go out over IPv4; a customer may remove it"
              sources: ["EKS-SG"]
            - direction: egress
              protocol: all
              peer: "::/0"
              title: "everything may go out over IPv6; a customer may remove it"
              sources: ["EKS-SG"]
            - direction: egress
              protocol: all
              peer: self
              title: "network adapters for clusters of machines, of newer clusters"
              sources: ["EKS-SG-NOW"]
          liability: >-
            Privileged mode, capabilities and access to the host are off by default on this cluster. By accepting this
            grant, the team named in it takes over what the privilege leads to: an escape from the container, movement
            to other workloads, instability of a node or of the cluster, and harm to other tenants. AWS answers for
            none of it while the grant lasts. The grant covers exactly the workload, images, service account and
            privileges it names, ends on its date, and may be revoked at any time. The team asks for no more than the
            program needs, removes the privilege when it is no longer needed, and reports misuse at once.

        """#
}
