extension BuiltInModels {
    /// Alibaba Cloud Container Compute Service (serverless).
    ///
    /// The page this project starts from, row by row; what it leaves open is completed by the pages of its runtime and of ACK.
    static let acs = #"""
        apiVersion: demarc.dev/v1alpha1
        kind: ResponsibilityModel
        metadata:
          name: acs
        spec:
          title: "Alibaba Cloud Container Compute Service (serverless)"
          sources:
          - id: SEED
            title: "Security responsibility sharing model of Container Compute Service"
            url: https://alibabacloud.com/help/en/cs/security-responsibility-sharing-model
          - id: ECI-SC
            title: "Security context of elastic container instances"
            url: https://www.alibabacloud.com/help/doc-detail/462800.html
          - id: ACS-SG
            title: "vSwitches and security groups of ACS Pods"
            url: https://alibabacloud.com/help/en/cs/latest/specify-vswitch-and-securitygroups-for-the-pod
          - id: ACS-AUTH
            title: "Authorization overview of Container Compute Service"
            url: https://help.aliyun.com/en/cs/user-guide/authorization-overview
          - id: ACS-POD
            title: "ACS Pod instances"
            url: https://www.alibabacloud.com/help/en/cs/user-guide/acs-pod-instance-overview
          - id: ACK-KC
            title: "kubeconfig operation guide of ACK"
            url: https://help.aliyun.com/en/ack/ack-managed-and-ack-dedicated/user-guide/kubeconfig-operation-guide/
          - id: ACK-APP
            title: "App marketplace of ACK"
            url: https://help.aliyun.com/en/ack/ack-managed-and-ack-dedicated/user-guide/app-marketplace
          - id: SCW
            title: "Kubernetes shared responsibility model of Scaleway"
            url: https://github.com/scaleway/docs-content/blob/main/pages/kubernetes/reference-content/kubernetes-shared-responsibility-model.mdx
          - id: AKS-SUP
            title: "Support policies for AKS"
            url: https://github.com/MicrosoftDocs/azure-aks-docs/blob/fb060ab/articles/aks/support-policies.md
          - id: ACK-SRM-ZH
            title: "Shared responsibility model of ACK, Chinese edition"
            url: https://help.aliyun.com/zh/ack/ack-edge/security-and-compliance/shared-responsibility-model
          - id: AKS-BUL
            title: "Security bulletins of AKS"
            url: https://github.com/MicrosoftDocs/azure-aks-docs/blob/fb060ab/articles/aks/security-bulletins/overview.md
          - id: ECI-LIM
            title: "Limits of elastic container instances"
            url: https://help.aliyun.com/document_detail/89138.html
          - id: ACK-SG
            title: "Configure and manage cluster security groups of ACK"
            url: https://www.alibabacloud.com/help/doc-detail/353191.htm
          - id: ECS-MSG
            title: "Managed security groups of ECS"
            url: https://help.aliyun.com/en/ecs/user-guide/managed-security-groups
          - id: RAM-SLR
            title: "Service-linked roles of RAM"
            url: https://www.alibabacloud.com/help/doc-detail/160674.htm
          - id: AT-EVENT
            title: "Management event structure of ActionTrail"
            url: https://www.alibabacloud.com/help/document_detail/28819.html
          parties:
            provider: "Alibaba Cloud"
            customer: "the customer of Container Compute Service"
            shared: "both sides"
            vendor: "a third party that ships a chart or component"
            upstream: "the open source project"
          planes:
            controlPlane: {party: provider}
            node: {party: provider}
            systemNamespaces:
              party: provider
              names: ["kube-system", "kube-public", "kube-node-lease", "ack-csi-fuse", "alibaba-cloud-csi"]
            tenantNamespaces: {party: customer}
            cluster: {party: customer}
          # Identities as the API server authenticates them. `managers` are names their clients write into managedFields:
          # a hint for people, since any client can choose them.
          principals:
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
          # Identities as ActionTrail writes them. Roles that a service assumes are the platform's hands, but whoever administers the
          # account can change who may assume them: they say no more than presumed.
          - cloud: "aliyun"
            party: provider
            sources: ["AT-EVENT"]
          - cloud: "role/aliyunservicerolefor*"
            party: provider
            assumable: true
            sources: ["RAM-SLR"]
          - cloud: "role/aliyuncsdefaultrole"
            party: provider
            assumable: true
            sources: ["RAM-SLR"]
          - cloud: "role/aliyuncsserverlesskubernetesrole"
            party: provider
            assumable: true
            sources: ["RAM-SLR"]
          - cloud: "role/aliyuncsmanagedkubernetesrole"
            party: provider
            assumable: true
            sources: ["RAM-SLR"]
          - cloud: "role/aliyuncsmanagednetworkrole"
            party: provider
            assumable: true
            sources: ["RAM-SLR"]
          origins:
          - label: addonmanager.kubernetes.io/mode
            party: provider
            title: "the add-on manager of the platform keeps it"
            sources: ["ACK-APP"]
          - label: kubernetes.io/cluster-service
            value: "true"
            party: provider
            title: "a service of the platform"
            sources: ["ACK-APP"]
          - label: helm.sh/chart
            value: "ack-*"
            party: provider
            title: "a chart of the provider's marketplace"
            sources: ["ACK-APP", "SEED"]
          duties:
          - id: P1
            title: "Keep the platform, its data and its infrastructure secure and compliant"
            party: provider
            sources: ["SEED"]
          - id: P2a
            title: "Answer for the risk one introduces: risky Pods, authorisation that harms others"
            party: customer
            sources: ["SEED"]
          - id: P2b
            title: "Answer for the privileges one applied for"
            party: customer
            sources: ["SEED", "ECI-SC"]
          - id: P2c
            title: "Let only approved people and teams reach the application"
            party: customer
            sources: ["SEED"]
          - id: P3a
            title: "Answer for the risk one caused on resources both sides manage"
            party: shared
            sources: ["SEED", "ACS-SG"]
          - id: P3b
            title: "Keep least privilege on resources both sides manage"
            party: shared
            sources: ["SEED"]
          - id: P4
            title: "Reduce risk by hardened defaults"
            party: provider
            sources: ["SEED"]
          - id: A1
            title: "Keep Kubernetes updated and fix its vulnerabilities"
            party: provider
            fixed: true
            sources: ["SEED"]
          - id: A2
            title: "Control access, isolate networks and storage between tenants"
            party: provider
            sources: ["SEED", "ACS-AUTH"]
          - id: A3
            title: "Put containers into a sandbox"
            party: provider
            sources: ["SEED", "ACS-POD"]
          - id: A4
            title: "Announce and fix vulnerabilities of the node operating system"
            party: provider
            fixed: true
            sources: ["SEED"]
          - id: A5
            title: "Harden the control plane: authentication, certificates, Secrets, exposed ports"
            party: provider
            fixed: true
            sources: ["SEED", "ACK-KC"]
          - id: A6
            title: "Ship charts and components with key settings that follow a standard"
            party: provider
            sources: ["SEED", "ACK-APP"]
          - id: C1
            title: "Secure the supply chain and the running application"
            party: customer
            sources: ["SEED"]
          - id: C2
            title: "Encrypt sensitive data in transit and at rest"
            party: customer
            sources: ["SEED"]
          - id: C3
            title: "Give people and programs the least permissions"
            party: customer
            sources: ["SEED", "ACS-AUTH"]
          - id: C4
            title: "Use runtime protection to find risk early"
            party: customer
            sources: ["SEED"]
          - id: C5
            title: "Create containers with the least privilege"
            party: customer
            sources: ["SEED"]
          - id: C6
            title: "Configure network, storage and observability safely"
            party: customer
            sources: ["SEED"]
          - id: C7
            title: "Keep operators and webhooks from harming other applications"
            party: customer
            sources: ["SEED"]
          - id: C8a
            title: "Install announced fixes soon"
            party: customer
            sources: ["SEED"]
          - id: C8b
            title: "Choose parameters without exploitable configuration or authorisation"
            party: customer
            sources: ["SEED"]
          transfers:
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
          - when: unsafeSysctl
            to: customer
            title: "unsafe kernel parameters were enabled"
            sources: ["SEED", "ECI-SC"]
          - when: fixNotRolledOut
            to: customer
            title: "the fix is out, but the Pod or node was not re-created"
            sources: ["ACK-SRM-ZH"]
          - when: noUpstreamFix
            to: upstream
            title: "upstream has no fix yet; the provider tracks it"
            sources: ["AKS-BUL"]
          # The first row that covers a privilege counts; what no row covers cannot be granted, only excepted.
          privileges:
          - control: "pss:hostPathVolumes"
            tier: never
            title: "the serverless runtime has no host to mount"
            sources: ["ECI-LIM"]
          - control: "pss:hostNamespaces"
            tier: never
            title: "the serverless runtime has no host to share"
            sources: ["ECI-LIM"]
          - control: "pss:hostPorts"
            tier: never
            title: "the serverless runtime has no host to listen on"
            sources: ["ECI-LIM"]
          - control: "pss:privileged"
            tier: application
            longest: 30d
            approvals: 2
            twoKey: true
            title: "privileged mode, by application"
            sources: ["SEED", "ECI-SC"]
          - control: "pss:capabilities_baseline"
            values: ["NET_ADMIN", "NET_RAW"]
            tier: application
            longest: 90d
            approvals: 1
            sources: ["SEED", "ECI-SC"]
          - control: "pss:capabilities_baseline"
            tier: never
            title: "the runtime offers NET_ADMIN and NET_RAW only"
            sources: ["ECI-SC"]
          - control: "pss:sysctls"
            values: ["kernel.shm*", "kernel.msg*", "kernel.sem", "fs.mqueue.*", "vm.min_free_kbytes"]
            tier: self-service
            longest: 90d
            title: "kernel parameters of the sandbox that need no ticket"
            sources: ["ECI-SC"]
          - control: "pss:sysctls"
            tier: application
            longest: 90d
            approvals: 1
            title: "any other kernel parameter, by ticket"
            sources: ["ECI-SC"]
          - control: "node-takeover-capabilities"
            values: ["NET_ADMIN", "NET_RAW"]
            tier: application
            longest: 90d
            approvals: 1
            sources: ["SEED", "ECI-SC"]
          - control: "node-takeover-capabilities"
            tier: never
            title: "the runtime offers NET_ADMIN and NET_RAW only"
            sources: ["ECI-SC"]
          - control: "net-raw-capability"
            tier: application
            longest: 90d
            approvals: 1
            sources: ["SEED", "ECI-SC"]
          - control: "writable-host-paths"
            tier: never
            title: "the serverless runtime has no host to mount"
            sources: ["ECI-LIM"]
          - control: "sensitive-host-paths"
            tier: never
            title: "the serverless runtime has no host to mount"
            sources: ["ECI-LIM"]
          - control: "host-path-sub-paths"
            tier: never
            title: "the serverless runtime has no host to mount"
            sources: ["ECI-LIM"]
          - control: "host-sysctl-annotations"
            tier: application
            longest: 90d
            approvals: 1
            title: "by ticket"
            sources: ["ECI-SC"]
          - control: "sandbox-sysctl-annotations"
            tier: self-service
            longest: 90d
            sources: ["ECI-SC"]
          - control: "interactive-access"
            tier: application
            longest: 7d
            approvals: 1
            title: "entering a container that has a granted privilege"
            sources: ["SEED"]
          - control: "pss:*"
            tier: application
            longest: 180d
            approvals: 1
            sources: ["SEED"]
          # What the webhook does: privileges of the baseline are refused unless granted, the rest is said to whoever asks.
          admission:
            rules:
            - {control: "pss:*", level: baseline, mode: deny}
            - {control: "interactive-access", mode: deny}
            - {control: "*", mode: warn}
            defaults:
              runtimeClassNames: ["rund", "runv", "kata", "gvisor"]
              seccompProfile: RuntimeDefault
              dropCapabilities: ["ALL"]
              withholdServiceAccountTokens: true
          # In an emergency members of this group take what others would have to approve, for hours, and are reviewed afterwards. Nobody is in it
          # until somebody is put there.
          breakGlass:
            groups: ["demarc-break-glass"]
            longest: 4h
          # Which security groups are the platform's own, and what it puts there.
          securityGroups:
            marks:
            - serviceManaged: true
              title: "a cloud service keeps the group; the account that owns it can change nothing"
              sources: ["ECS-MSG"]
            rules:
            - direction: ingress
              protocol: icmp
              peer: "0.0.0.0/0"
              title: "answers to ping, from everywhere"
              sources: ["ACK-SG"]
            - direction: ingress
              protocol: all
              peer: self
              title: "the cluster among itself"
              sources: ["ACK-SG"]
            - direction: egress
              protocol: all
              peer: "0.0.0.0/0"
              title: "everything may go out"
              sources: ["ACK-SG"]
          liability: >-
            Privileged mode, capabilities and access to the host are off by default on this platform. By accepting
            this grant, the team named in it takes over what the privilege leads to: an escape from the container,
            movement to other workloads, instability of a node or of the cluster, and harm to other tenants. Alibaba
            Cloud answers for none of it while the grant lasts. The grant covers exactly the workload, images, service
            account and privileges it names, ends on its date, and may be revoked at any time. The team asks for no
            more than the program needs, removes the privilege when it is no longer needed, and reports misuse at
            once.

        """#
}
