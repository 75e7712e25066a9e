// A table of facts, read off the API server's bootstrap policy (`rbac/bootstrappolicy`), feature gates on
// and off. A line `= Kind name` opens a role; the lines below it are its rules with their items sorted:
// `groups:resources:verbs:resourceNames`, or `url:paths:verbs`.

/// Roles of people, groups and components.
let bootstrapRoleTable = """
    = ClusterRole admin
    = ClusterRole cluster-admin
    *:*:*:
    url:*:*
    = ClusterRole edit
    = ClusterRole system:aggregate-to-admin
    authorization.k8s.io:localsubjectaccessreviews:create:
    rbac.authorization.k8s.io:rolebindings,roles:create,delete,deletecollection,get,list,patch,update,watch:
    = ClusterRole system:aggregate-to-edit
    :pods/attach,pods/exec,pods/portforward,pods/proxy,secrets,services/proxy:get,list,watch:
    :serviceaccounts:impersonate:
    :pods,pods/attach,pods/exec,pods/portforward,pods/proxy:create,delete,deletecollection,patch,update:
    :pods/eviction:create:
    :configmaps,persistentvolumeclaims,replicationcontrollers,replicationcontrollers/scale,secrets,serviceaccounts,services,\
    services/proxy:create,delete,deletecollection,patch,update:
    :serviceaccounts/token:create:
    ,events.k8s.io:events:create,delete,deletecollection,patch,update:
    apps:daemonsets,deployments,deployments/rollback,deployments/scale,replicasets,replicasets/scale,statefulsets,\
    statefulsets/scale:create,delete,deletecollection,patch,update:
    autoscaling:horizontalpodautoscalers:create,delete,deletecollection,patch,update:
    batch:cronjobs,jobs:create,delete,deletecollection,patch,update:
    extensions:daemonsets,deployments,deployments/rollback,deployments/scale,ingresses,networkpolicies,replicasets,replicasets/scale,\
    replicationcontrollers/scale:create,delete,deletecollection,patch,update:
    policy:poddisruptionbudgets:create,delete,deletecollection,patch,update:
    networking.k8s.io:ingresses,networkpolicies:create,delete,deletecollection,patch,update:
    coordination.k8s.io:leases:create,delete,deletecollection,get,list,patch,update,watch:
    resource.k8s.io:resourceclaims,resourceclaimtemplates:create,delete,deletecollection,patch,update:
    scheduling.k8s.io:podgroups,workloads:create,delete,deletecollection,patch,update:
    = ClusterRole system:aggregate-to-view
    :configmaps,endpoints,persistentvolumeclaims,persistentvolumeclaims/status,pods,replicationcontrollers,replicationcontrollers/scale,\
    serviceaccounts,services,services/status:get,list,watch:
    :bindings,limitranges,namespaces/status,pods/log,pods/status,replicationcontrollers/status,resourcequotas,resourcequotas/status:get,\
    list,watch:
    :namespaces:get,list,watch:
    ,events.k8s.io:events:get,list,watch:
    discovery.k8s.io:endpointslices:get,list,watch:
    apps:controllerrevisions,daemonsets,daemonsets/status,deployments,deployments/scale,deployments/status,replicasets,replicasets/scale,\
    replicasets/status,statefulsets,statefulsets/scale,statefulsets/status:get,list,watch:
    autoscaling:horizontalpodautoscalers,horizontalpodautoscalers/status:get,list,watch:
    batch:cronjobs,cronjobs/status,jobs,jobs/status:get,list,watch:
    extensions:daemonsets,daemonsets/status,deployments,deployments/scale,deployments/status,ingresses,ingresses/status,networkpolicies,\
    replicasets,replicasets/scale,replicasets/status,replicationcontrollers/scale:get,list,watch:
    policy:poddisruptionbudgets,poddisruptionbudgets/status:get,list,watch:
    networking.k8s.io:ingresses,ingresses/status,networkpolicies:get,list,watch:
    resource.k8s.io:resourceclaims,resourceclaims/status,resourceclaimtemplates:get,list,watch:
    scheduling.k8s.io:podgroups,podgroups/status,workloads:get,list,watch:
    = ClusterRole system:auth-delegator
    authentication.k8s.io:tokenreviews:create:
    authorization.k8s.io:subjectaccessreviews:create:
    = ClusterRole system:basic-user
    authorization.k8s.io:selfsubjectaccessreviews,selfsubjectrulesreviews:create:
    authentication.k8s.io:selfsubjectreviews:create:
    = ClusterRole system:certificates.k8s.io:certificatesigningrequests:nodeclient
    certificates.k8s.io:certificatesigningrequests/nodeclient:create:
    = ClusterRole system:certificates.k8s.io:certificatesigningrequests:selfnodeclient
    certificates.k8s.io:certificatesigningrequests/selfnodeclient:create:
    = ClusterRole system:certificates.k8s.io:kube-apiserver-client-approver
    certificates.k8s.io:signers:approve:kubernetes.io/kube-apiserver-client
    = ClusterRole system:certificates.k8s.io:kube-apiserver-client-kubelet-approver
    certificates.k8s.io:signers:approve:kubernetes.io/kube-apiserver-client-kubelet
    = ClusterRole system:certificates.k8s.io:kubelet-serving-approver
    certificates.k8s.io:signers:approve:kubernetes.io/kubelet-serving
    = ClusterRole system:certificates.k8s.io:legacy-unknown-approver
    certificates.k8s.io:signers:approve:kubernetes.io/legacy-unknown
    = ClusterRole system:discovery
    url:/api,/api/*,/apis,/apis/*,/healthz,/livez,/openapi,/openapi/*,/readyz,/version,/version/:get
    = ClusterRole system:heapster
    :events,namespaces,nodes,pods:get,list,watch:
    extensions:deployments:get,list,watch:
    = ClusterRole system:kube-aggregator
    :endpoints,services:get,list,watch:
    = ClusterRole system:kube-controller-manager
    ,events.k8s.io:events:create,patch,update:
    coordination.k8s.io:leases:create:
    coordination.k8s.io:leases:get,update:kube-controller-manager
    :secrets,serviceaccounts:create:
    :secrets:delete:
    :configmaps,namespaces,secrets,serviceaccounts:get:
    :secrets,serviceaccounts:update:
    authentication.k8s.io:tokenreviews:create:
    authorization.k8s.io:subjectaccessreviews:create:
    *:*:list,watch:
    :serviceaccounts/token:create:
    = ClusterRole system:kube-dns
    :endpoints,services:list,watch:
    = ClusterRole system:kube-scheduler
    ,events.k8s.io:events:create,patch,update:
    coordination.k8s.io:leases:create:
    coordination.k8s.io:leases:get,list,update,watch:kube-scheduler
    coordination.k8s.io:leasecandidates:create,delete,deletecollection,get,list,patch,update,watch:
    :nodes:get,list,watch:
    :pods:delete,get,list,watch:
    :bindings,pods/binding:create:
    :pods/status:patch,update:
    :replicationcontrollers,services:get,list,watch:
    apps,extensions:replicasets:get,list,watch:
    apps:statefulsets:get,list,watch:
    policy:poddisruptionbudgets:get,list,watch:
    :persistentvolumeclaims,persistentvolumes:get,list,watch:
    authentication.k8s.io:tokenreviews:create:
    authorization.k8s.io:subjectaccessreviews:create:
    storage.k8s.io:csinodes:get,list,watch:
    storage.k8s.io:volumeattachments:get,list,watch:
    :namespaces:get,list,watch:
    storage.k8s.io:csidrivers:get,list,watch:
    storage.k8s.io:csistoragecapacities:get,list,watch:
    resource.k8s.io:deviceclasses:get,list,watch:
    resource.k8s.io:resourceclaims:get,list,patch,update,watch:
    resource.k8s.io:resourceclaims/status:get,list,patch,update,watch:
    :pods/finalizers:update:
    resource.k8s.io:resourceslices:get,list,watch:
    resource.k8s.io:resourceclaims:create,delete:
    resource.k8s.io:resourceclaims/binding:patch,update:
    resource.k8s.io:devicetaintrules:get,list,watch:
    scheduling.k8s.io:podgroups:get,list,watch:
    scheduling.k8s.io:podgroups/status:patch,update:
    = ClusterRole system:kubelet-api-admin
    :nodes:get,list,watch:
    :nodes:proxy:
    :nodes/log,nodes/metrics,nodes/proxy,nodes/stats:*:
    :nodes/configz,nodes/healthz,nodes/pods:*:
    = ClusterRole system:monitoring
    url:/flagz,/healthz,/healthz/*,/livez,/livez/*,/metrics,/metrics/slis,/readyz,/readyz/*,/statusz:get
    :nodes/metrics:get:
    = ClusterRole system:node
    authentication.k8s.io:tokenreviews:create:
    authorization.k8s.io:localsubjectaccessreviews,subjectaccessreviews:create:
    :services:get,list,watch:
    :nodes:create,get,list,watch:
    :nodes/status:patch,update:
    :nodes:patch,update:
    ,events.k8s.io:events:create,patch,update:
    :pods:get,list,watch:
    :pods:create,delete:
    :pods/status:patch,update:
    :pods/eviction:create:
    :configmaps,secrets:get,list,watch:
    :persistentvolumeclaims,persistentvolumes:get:
    :endpoints:get:
    certificates.k8s.io:certificatesigningrequests:create,get,list,watch:
    coordination.k8s.io:leases:create,delete,get,patch,update:
    storage.k8s.io:volumeattachments:get:
    :serviceaccounts/token:create:
    :persistentvolumeclaims/status:get,patch,update:
    storage.k8s.io:csidrivers:get,list,watch:
    storage.k8s.io:csinodes:create,delete,get,patch,update:
    node.k8s.io:runtimeclasses:get,list,watch:
    resource.k8s.io:resourceclaims:get:
    resource.k8s.io:resourceslices:deletecollection:
    :serviceaccounts:get:
    certificates.k8s.io:clustertrustbundles:get,list,watch:
    certificates.k8s.io:podcertificaterequests:create,get,list,watch:
    = ClusterRole system:node-bootstrapper
    certificates.k8s.io:certificatesigningrequests:create,get,list,watch:
    = ClusterRole system:node-problem-detector
    :nodes:get:
    :nodes/status:patch:
    ,events.k8s.io:events:create,patch,update:
    = ClusterRole system:node-proxier
    :endpoints,services:list,watch:
    :nodes:get,list,watch:
    ,events.k8s.io:events:create,patch,update:
    networking.k8s.io:servicecidrs:list,watch:
    discovery.k8s.io:endpointslices:list,watch:
    = ClusterRole system:persistent-volume-provisioner
    :persistentvolumes:create,delete,get,list,watch:
    :persistentvolumeclaims:get,list,update,watch:
    storage.k8s.io:storageclasses:get,list,watch:
    :events:watch:
    ,events.k8s.io:events:create,patch,update:
    = ClusterRole system:public-info-viewer
    url:/healthz,/livez,/readyz,/version,/version/:get
    = ClusterRole system:service-account-issuer-discovery
    url:/.well-known/openid-configuration,/.well-known/openid-configuration/,/openid/v1/jwks,/openid/v1/jwks/:get
    = ClusterRole system:volume-scheduler
    :persistentvolumes:get,list,patch,update,watch:
    storage.k8s.io:storageclasses:get,list,watch:
    :persistentvolumeclaims:get,list,patch,update,watch:
    = ClusterRole view
    = ClusterRole system:cluster-trust-bundle-discovery
    certificates.k8s.io:clustertrustbundles:get,list,watch:
    = Role kube-system/extension-apiserver-authentication-reader
    :configmaps:get,list,watch:extension-apiserver-authentication
    = Role kube-system/system::leader-locking-kube-controller-manager
    coordination.k8s.io:leases:create,get,list,update,watch:
    coordination.k8s.io:leasecandidates:create,get,list,update,watch:
    = Role kube-system/system::leader-locking-kube-scheduler
    coordination.k8s.io:leases:create,get,list,update,watch:
    coordination.k8s.io:leasecandidates:create,get,list,update,watch:
    """

/// Bindings that come with them: `binding = role < subject`, one line a subject.
let bootstrapBindingTable = """
    ClusterRoleBinding cluster-admin = ClusterRole cluster-admin < Group system:masters
    ClusterRoleBinding system:basic-user = ClusterRole system:basic-user < Group system:authenticated
    ClusterRoleBinding system:controller:attachdetach-controller = ClusterRole system:controller:attachdetach-controller < ServiceAcco\
    unt kube-system/attachdetach-controller
    ClusterRoleBinding system:controller:certificate-controller = ClusterRole system:controller:certificate-controller < ServiceAccoun\
    t kube-system/certificate-controller
    ClusterRoleBinding system:controller:clusterrole-aggregation-controller = ClusterRole system:controller:clusterrole-aggregation-co\
    ntroller < ServiceAccount kube-system/clusterrole-aggregation-controller
    ClusterRoleBinding system:controller:cronjob-controller = ClusterRole system:controller:cronjob-controller < ServiceAccount kube-s\
    ystem/cronjob-controller
    ClusterRoleBinding system:controller:daemon-set-controller = ClusterRole system:controller:daemon-set-controller < ServiceAccount \
    kube-system/daemon-set-controller
    ClusterRoleBinding system:controller:deployment-controller = ClusterRole system:controller:deployment-controller < ServiceAccount \
    kube-system/deployment-controller
    ClusterRoleBinding system:controller:device-taint-eviction-controller = ClusterRole system:controller:device-taint-eviction-contro\
    ller < ServiceAccount kube-system/device-taint-eviction-controller
    ClusterRoleBinding system:controller:disruption-controller = ClusterRole system:controller:disruption-controller < ServiceAccount \
    kube-system/disruption-controller
    ClusterRoleBinding system:controller:endpoint-controller = ClusterRole system:controller:endpoint-controller < ServiceAccount kube\
    -system/endpoint-controller
    ClusterRoleBinding system:controller:endpointslice-controller = ClusterRole system:controller:endpointslice-controller < ServiceAc\
    count kube-system/endpointslice-controller
    ClusterRoleBinding system:controller:endpointslicemirroring-controller = ClusterRole system:controller:endpointslicemirroring-cont\
    roller < ServiceAccount kube-system/endpointslicemirroring-controller
    ClusterRoleBinding system:controller:ephemeral-volume-controller = ClusterRole system:controller:ephemeral-volume-controller < Ser\
    viceAccount kube-system/ephemeral-volume-controller
    ClusterRoleBinding system:controller:expand-controller = ClusterRole system:controller:expand-controller < ServiceAccount kube-sys\
    tem/expand-controller
    ClusterRoleBinding system:controller:generic-garbage-collector = ClusterRole system:controller:generic-garbage-collector < Service\
    Account kube-system/generic-garbage-collector
    ClusterRoleBinding system:controller:horizontal-pod-autoscaler = ClusterRole system:controller:horizontal-pod-autoscaler < Service\
    Account kube-system/horizontal-pod-autoscaler
    ClusterRoleBinding system:controller:job-controller = ClusterRole system:controller:job-controller < ServiceAccount kube-system/jo\
    b-controller
    ClusterRoleBinding system:controller:legacy-service-account-token-cleaner = ClusterRole system:controller:legacy-service-account-t\
    oken-cleaner < ServiceAccount kube-system/legacy-service-account-token-cleaner
    ClusterRoleBinding system:controller:namespace-controller = ClusterRole system:controller:namespace-controller < ServiceAccount ku\
    be-system/namespace-controller
    ClusterRoleBinding system:controller:node-controller = ClusterRole system:controller:node-controller < ServiceAccount kube-system/\
    node-controller
    ClusterRoleBinding system:controller:persistent-volume-binder = ClusterRole system:controller:persistent-volume-binder < ServiceAc\
    count kube-system/persistent-volume-binder
    ClusterRoleBinding system:controller:pod-garbage-collector = ClusterRole system:controller:pod-garbage-collector < ServiceAccount \
    kube-system/pod-garbage-collector
    ClusterRoleBinding system:controller:pv-protection-controller = ClusterRole system:controller:pv-protection-controller < ServiceAc\
    count kube-system/pv-protection-controller
    ClusterRoleBinding system:controller:pvc-protection-controller = ClusterRole system:controller:pvc-protection-controller < Service\
    Account kube-system/pvc-protection-controller
    ClusterRoleBinding system:controller:replicaset-controller = ClusterRole system:controller:replicaset-controller < ServiceAccount \
    kube-system/replicaset-controller
    ClusterRoleBinding system:controller:replication-controller = ClusterRole system:controller:replication-controller < ServiceAccoun\
    t kube-system/replication-controller
    ClusterRoleBinding system:controller:resource-claim-controller = ClusterRole system:controller:resource-claim-controller < Service\
    Account kube-system/resource-claim-controller
    ClusterRoleBinding system:controller:resourcequota-controller = ClusterRole system:controller:resourcequota-controller < ServiceAc\
    count kube-system/resourcequota-controller
    ClusterRoleBinding system:controller:root-ca-cert-publisher = ClusterRole system:controller:root-ca-cert-publisher < ServiceAccoun\
    t kube-system/root-ca-cert-publisher
    ClusterRoleBinding system:controller:route-controller = ClusterRole system:controller:route-controller < ServiceAccount kube-syste\
    m/route-controller
    ClusterRoleBinding system:controller:selinux-warning-controller = ClusterRole system:controller:selinux-warning-controller < Servi\
    ceAccount kube-system/selinux-warning-controller
    ClusterRoleBinding system:controller:service-account-controller = ClusterRole system:controller:service-account-controller < Servi\
    ceAccount kube-system/service-account-controller
    ClusterRoleBinding system:controller:service-ca-cert-publisher = ClusterRole system:controller:service-ca-cert-publisher < Service\
    Account kube-system/service-ca-cert-publisher
    ClusterRoleBinding system:controller:service-cidrs-controller = ClusterRole system:controller:service-cidrs-controller < ServiceAc\
    count kube-system/service-cidrs-controller
    ClusterRoleBinding system:controller:service-controller = ClusterRole system:controller:service-controller < ServiceAccount kube-s\
    ystem/service-controller
    ClusterRoleBinding system:controller:statefulset-controller = ClusterRole system:controller:statefulset-controller < ServiceAccoun\
    t kube-system/statefulset-controller
    ClusterRoleBinding system:controller:ttl-after-finished-controller = ClusterRole system:controller:ttl-after-finished-controller <\
     ServiceAccount kube-system/ttl-after-finished-controller
    ClusterRoleBinding system:controller:ttl-controller = ClusterRole system:controller:ttl-controller < ServiceAccount kube-system/tt\
    l-controller
    ClusterRoleBinding system:controller:validatingadmissionpolicy-status-controller = ClusterRole system:controller:validatingadmissi\
    onpolicy-status-controller < ServiceAccount kube-system/validatingadmissionpolicy-status-controller
    ClusterRoleBinding system:controller:volumeattributesclass-protection-controller = ClusterRole system:controller:volumeattributesc\
    lass-protection-controller < ServiceAccount kube-system/volumeattributesclass-protection-controller
    ClusterRoleBinding system:discovery = ClusterRole system:discovery < Group system:authenticated
    ClusterRoleBinding system:kube-controller-manager = ClusterRole system:kube-controller-manager < User system:kube-controller-manager
    ClusterRoleBinding system:kube-dns = ClusterRole system:kube-dns < ServiceAccount kube-system/kube-dns
    ClusterRoleBinding system:kube-scheduler = ClusterRole system:kube-scheduler < User system:kube-scheduler
    ClusterRoleBinding system:monitoring = ClusterRole system:monitoring < Group system:monitoring
    ClusterRoleBinding system:node-proxier = ClusterRole system:node-proxier < User system:kube-proxy
    ClusterRoleBinding system:public-info-viewer = ClusterRole system:public-info-viewer < Group system:authenticated
    ClusterRoleBinding system:public-info-viewer = ClusterRole system:public-info-viewer < Group system:unauthenticated
    ClusterRoleBinding system:service-account-issuer-discovery = ClusterRole system:service-account-issuer-discovery < Group system:se\
    rviceaccounts
    ClusterRoleBinding system:volume-scheduler = ClusterRole system:volume-scheduler < User system:kube-scheduler
    RoleBinding kube-public/system:controller:bootstrap-signer = Role system:controller:bootstrap-signer < ServiceAccount kube-system/\
    bootstrap-signer
    RoleBinding kube-system/system::extension-apiserver-authentication-reader = Role extension-apiserver-authentication-reader < User \
    system:kube-controller-manager
    RoleBinding kube-system/system::extension-apiserver-authentication-reader = Role extension-apiserver-authentication-reader < User \
    system:kube-scheduler
    RoleBinding kube-system/system::leader-locking-kube-controller-manager = Role system::leader-locking-kube-controller-manager < Ser\
    viceAccount kube-system/kube-controller-manager
    RoleBinding kube-system/system::leader-locking-kube-controller-manager = Role system::leader-locking-kube-controller-manager < Ser\
    viceAccount kube-system/leader-election-controller
    RoleBinding kube-system/system::leader-locking-kube-controller-manager = Role system::leader-locking-kube-controller-manager < Use\
    r system:kube-controller-manager
    RoleBinding kube-system/system::leader-locking-kube-scheduler = Role system::leader-locking-kube-scheduler < ServiceAccount kube-s\
    ystem/kube-scheduler
    RoleBinding kube-system/system::leader-locking-kube-scheduler = Role system::leader-locking-kube-scheduler < User system:kube-scheduler
    RoleBinding kube-system/system:controller:bootstrap-signer = Role system:controller:bootstrap-signer < ServiceAccount kube-system/\
    bootstrap-signer
    RoleBinding kube-system/system:controller:cloud-provider = Role system:controller:cloud-provider < ServiceAccount kube-system/clou\
    d-provider
    RoleBinding kube-system/system:controller:token-cleaner = Role system:controller:token-cleaner < ServiceAccount kube-system/token-\
    cleaner
    """
