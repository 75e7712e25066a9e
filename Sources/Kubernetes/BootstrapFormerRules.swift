// A table of facts, written like `bootstrapRoleTable`: rules that an API server of Kubernetes 1.20 has in its own roles, where the newest
// has none written like that. Some were cut otherwise or lacked a verb; others are gone, such as writing Endpoints (CVE-2021-25740) and leader
// election by ConfigMaps. Read off a fresh server; a test compares.

let bootstrapFormerRuleTable = """
    = ClusterRole system:aggregate-to-edit
    :configmaps,endpoints,persistentvolumeclaims,replicationcontrollers,replicationcontrollers/scale,secrets,serviceaccounts,services,\
    services/proxy:create,delete,deletecollection,patch,update:
    = ClusterRole system:aggregate-to-view
    :bindings,events,limitranges,namespaces/status,pods/log,pods/status,replicationcontrollers/status,resourcequotas,\
    resourcequotas/status:get,list,watch:
    = ClusterRole system:controller:cronjob-controller
    :pods:delete,list:
    = ClusterRole system:controller:endpoint-controller
    :endpoints:create,delete,get,list,update:
    = ClusterRole system:controller:endpointslice-controller
    discovery.k8s.io:endpointslices:create,delete,get,list,update:
    = ClusterRole system:controller:endpointslicemirroring-controller
    discovery.k8s.io:endpointslices:create,delete,get,list,update:
    = ClusterRole system:controller:expand-controller
    storage.k8s.io:storageclasses:get,list,watch:
    :endpoints,services:get:
    :secrets:get:
    = ClusterRole system:controller:horizontal-pod-autoscaler
    :pods:list:
    :services/proxy:get:http:heapster:,https:heapster:
    metrics.k8s.io:pods:list:
    custom.metrics.k8s.io:*:get,list:
    = ClusterRole system:controller:job-controller
    batch:jobs:get,list,update,watch:
    = ClusterRole system:controller:namespace-controller
    *:*:delete,deletecollection,get,list:
    = ClusterRole system:controller:node-controller
    :nodes:delete,get,list,patch,update:
    :pods/status:update:
    :pods:delete,list:
    = ClusterRole system:controller:persistent-volume-binder
    :endpoints:create,delete,get,update:
    :services:create,delete,get:
    :secrets:get:
    :nodes:get,list:
    = ClusterRole system:controller:pod-garbage-collector
    :nodes:get,list:
    = ClusterRole system:controller:statefulset-controller
    :persistentvolumeclaims:create,get:
    = ClusterRole system:kube-controller-manager
    :endpoints:create:
    :endpoints:get,update:kube-controller-manager
    = ClusterRole system:kube-scheduler
    coordination.k8s.io:leases:get,update:kube-scheduler
    :endpoints:create:
    :endpoints:get,update:kube-scheduler
    = ClusterRole system:kubelet-api-admin
    :nodes/log,nodes/metrics,nodes/proxy,nodes/spec,nodes/stats:*:
    = ClusterRole system:monitoring
    url:/healthz,/healthz/*,/livez,/livez/*,/metrics,/readyz,/readyz/*:get
    = ClusterRole system:node
    :events:create,patch,update:
    = ClusterRole system:service-account-issuer-discovery
    url:/.well-known/openid-configuration,/openid/v1/jwks:get
    = Role kube-system/system::leader-locking-kube-controller-manager
    :configmaps:watch:
    :configmaps:get,update:kube-controller-manager
    = Role kube-system/system::leader-locking-kube-scheduler
    :configmaps:watch:
    :configmaps:get,update:kube-scheduler
    """
