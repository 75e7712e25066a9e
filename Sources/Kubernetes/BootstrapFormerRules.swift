// A table of facts, written like `bootstrapRoleTable`: rules that an older API server has in its own roles and a newer one has not. Read
// off Kubernetes 1.20: Endpoints were writable until CVE-2021-25740, in-tree storage and leader election by Endpoints and ConfigMaps came later
// to their ends, and the kubelet's resources were asked for with every verb.

let bootstrapFormerRuleTable = """
    = ClusterRole system:aggregate-to-edit
    :configmaps,endpoints,persistentvolumeclaims,replicationcontrollers,replicationcontrollers/scale,secrets,serviceaccounts,services,\
    services/proxy:create,delete,deletecollection,patch,update:
    = ClusterRole system:controller:expand-controller
    storage.k8s.io:storageclasses:get,list,watch:
    :endpoints,services:get:
    :secrets:get:
    = ClusterRole system:controller:horizontal-pod-autoscaler
    :services/proxy:get:http:heapster:,https:heapster:
    = ClusterRole system:controller:persistent-volume-binder
    :endpoints:create,delete,get,update:
    :services:create,delete,get:
    :secrets:get:
    :nodes:get,list:
    = ClusterRole system:kube-controller-manager
    :endpoints:create:
    :endpoints:get,update:kube-controller-manager
    = ClusterRole system:kube-scheduler
    :endpoints:create:
    :endpoints:get,update:kube-scheduler
    = ClusterRole system:kubelet-api-admin
    :nodes/log,nodes/metrics,nodes/proxy,nodes/spec,nodes/stats:*:
    = Role kube-system/system::leader-locking-kube-controller-manager
    :configmaps:watch:
    :configmaps:get,update:kube-controller-manager
    = Role kube-system/system::leader-locking-kube-scheduler
    :configmaps:watch:
    :configmaps:get,update:kube-scheduler
    """
