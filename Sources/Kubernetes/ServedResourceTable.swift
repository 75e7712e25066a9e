// A table of facts, as the API server's discovery gives them: `= group` opens a group (the core group has no name), a line below
// it is `plural Kind short,names flags subresources`, `-` where there is nothing. Flags: `n` in namespaces, `c` outside them;
// `g` served only when switched on; `v` known to the authorizer alone; `f` served by older versions.
// Groups stand in the order in which discovery prefers them when a name is found in several.

/// Resources of Kubernetes itself.
let servedResourceTable = """
    =
    bindings Binding - n -
    componentstatuses ComponentStatus cs c -
    configmaps ConfigMap cm n -
    endpoints Endpoints ep n -
    events Event ev n -
    limitranges LimitRange limits n -
    namespaces Namespace ns c finalize,status
    nodes Node no c proxy,status
    persistentvolumeclaims PersistentVolumeClaim pvc n status
    persistentvolumes PersistentVolume pv c status
    pods Pod po n attach,binding,ephemeralcontainers,eviction,exec,log,portforward,proxy,resize,status
    podtemplates PodTemplate - n -
    replicationcontrollers ReplicationController rc n scale,status
    resourcequotas ResourceQuota quota n status
    secrets Secret - n -
    serviceaccounts ServiceAccount sa n token
    services Service svc n proxy,status
    users User - cv -
    groups Group - cv -
    = apiregistration.k8s.io
    apiservices APIService - c status
    = apps
    controllerrevisions ControllerRevision - n -
    daemonsets DaemonSet ds n status
    deployments Deployment deploy n scale,status
    replicasets ReplicaSet rs n scale,status
    statefulsets StatefulSet sts n scale,status
    = events.k8s.io
    events Event ev n -
    = authentication.k8s.io
    selfsubjectreviews SelfSubjectReview - c -
    tokenreviews TokenReview - c -
    uids UID - cv -
    userextras UserExtra - cv *
    = authorization.k8s.io
    localsubjectaccessreviews LocalSubjectAccessReview - n -
    selfsubjectaccessreviews SelfSubjectAccessReview - c -
    selfsubjectrulesreviews SelfSubjectRulesReview - c -
    subjectaccessreviews SubjectAccessReview - c -
    = autoscaling
    horizontalpodautoscalers HorizontalPodAutoscaler hpa n status
    = batch
    cronjobs CronJob cj n status
    jobs Job - n status
    = certificates.k8s.io
    certificatesigningrequests CertificateSigningRequest csr c approval,status
    clustertrustbundles ClusterTrustBundle - cg -
    podcertificaterequests PodCertificateRequest - ng status
    signers Signer - cv -
    = networking.k8s.io
    ingressclasses IngressClass - c -
    ingresses Ingress ing n status
    ipaddresses IPAddress ip c -
    networkpolicies NetworkPolicy netpol n -
    servicecidrs ServiceCIDR - c status
    = policy
    poddisruptionbudgets PodDisruptionBudget pdb n status
    podsecuritypolicies PodSecurityPolicy psp cf -
    = rbac.authorization.k8s.io
    clusterrolebindings ClusterRoleBinding - c -
    clusterroles ClusterRole - c -
    rolebindings RoleBinding - n -
    roles Role - n -
    = storage.k8s.io
    csidrivers CSIDriver - c -
    csinodes CSINode - c -
    csistoragecapacities CSIStorageCapacity - n -
    storageclasses StorageClass sc c -
    volumeattachments VolumeAttachment - c status
    volumeattributesclasses VolumeAttributesClass vac c -
    = admissionregistration.k8s.io
    mutatingadmissionpolicies MutatingAdmissionPolicy - c -
    mutatingadmissionpolicybindings MutatingAdmissionPolicyBinding - c -
    mutatingwebhookconfigurations MutatingWebhookConfiguration - c -
    validatingadmissionpolicies ValidatingAdmissionPolicy - c status
    validatingadmissionpolicybindings ValidatingAdmissionPolicyBinding - c -
    validatingwebhookconfigurations ValidatingWebhookConfiguration - c -
    = apiextensions.k8s.io
    customresourcedefinitions CustomResourceDefinition crd,crds c status
    = scheduling.k8s.io
    podgroups PodGroup - ng status
    priorityclasses PriorityClass pc c -
    workloads Workload - ng -
    = coordination.k8s.io
    leasecandidates LeaseCandidate - ng -
    leases Lease - n -
    = node.k8s.io
    runtimeclasses RuntimeClass - c -
    = discovery.k8s.io
    endpointslices EndpointSlice - n -
    = resource.k8s.io
    deviceclasses DeviceClass - c -
    devicetaintrules DeviceTaintRule - cg status
    resourceclaims ResourceClaim - n status
    resourceclaimtemplates ResourceClaimTemplate - n -
    resourceslices ResourceSlice - c -
    = flowcontrol.apiserver.k8s.io
    flowschemas FlowSchema - c status
    prioritylevelconfigurations PriorityLevelConfiguration - c status
    = internal.apiserver.k8s.io
    storageversions StorageVersion - cg status
    = storagemigration.k8s.io
    storageversionmigrations StorageVersionMigration - cg status
    """
