/// A review as an API server sends it: a Pod with two containers that keeps to all defaults worth keeping, and the fields that a server
/// adds. Some 6 KB, as reviews of Pods are.
enum Review {
    static let sample: [UInt8] = {
        let names = ["web", "metrics"]
        let containers = names.map(container).joined(separator: ",")
        let pod = """
            {"kind":"Pod","apiVersion":"v1","metadata":{"name":"web-5d9c7b8f6-x2x7k","generateName":"web-5d9c7b8f6-","namespace":"shop",\
            "uid":"5a0b5c1e-6a53-4d3c-9d0e-2f5d3a1b7c11","creationTimestamp":"2026-11-24T08:00:00Z",\
            "labels":{"app":"web","pod-template-hash":"5d9c7b8f6","tier":"front"},"annotations":{"prometheus.io/scrape":"true","prometheus.io/port":"9090"},\
            "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web-5d9c7b8f6","uid":"7c1f0a52-38a2-4c0c-8f0b-0d8b1b6c9e21",\
            "controller":true,"blockOwnerDeletion":true}],"managedFields":[\(managedFields)]},\
            "spec":{"volumes":[{"name":"cache","emptyDir":{"sizeLimit":"64Mi"}},{"name":"settings","configMap":{"name":"web","defaultMode":420}}],\
            "containers":[\(containers)],"restartPolicy":"Always","terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst",\
            "serviceAccountName":"web","serviceAccount":"web","automountServiceAccountToken":false,\
            "securityContext":{"runAsNonRoot":true,"runAsUser":10001,"fsGroup":10001,"seccompProfile":{"type":"RuntimeDefault"}},\
            "schedulerName":"default-scheduler","tolerations":[{"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute",\
            "tolerationSeconds":300},{"key":"node.kubernetes.io/unreachable","operator":"Exists","effect":"NoExecute","tolerationSeconds":300}],\
            "priority":0,"enableServiceLinks":true,"preemptionPolicy":"PreemptLowerPriority"},"status":{}}
            """
        let review = """
            {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"0a6f0d1c-5f0e-4b7a-9f6e-3f1f6f1c2b7d",\
            "kind":{"group":"","version":"v1","kind":"Pod"},"resource":{"group":"","version":"v1","resource":"pods"},\
            "requestKind":{"group":"","version":"v1","kind":"Pod"},"requestResource":{"group":"","version":"v1","resource":"pods"},\
            "name":"web-5d9c7b8f6-x2x7k","namespace":"shop","operation":"CREATE","userInfo":{"username":"system:serviceaccount:kube-system:replicaset-controller",\
            "uid":"e1f5a6b0-9d0a-4c59-a2e3-0b6c4d1b2a33","groups":["system:serviceaccounts","system:serviceaccounts:kube-system","system:authenticated"]},\
            "object":\(pod),"oldObject":null,"dryRun":false,"options":{"kind":"CreateOptions","apiVersion":"meta.k8s.io/v1"}}}
            """
        return Array(review.utf8)
    }()

    private static func container(_ name: String) -> String {
        """
        {"name":"\(name)","image":"registry.example.com/shop/\(name):4.2.1@sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0",\
        "args":["--listen=:8080","--log-format=json"],"ports":[{"name":"http","containerPort":8080,"protocol":"TCP"}],\
        "env":[{"name":"POD_NAME","valueFrom":{"fieldRef":{"apiVersion":"v1","fieldPath":"metadata.name"}}},\
        {"name":"PASSWORD","valueFrom":{"secretKeyRef":{"name":"web","key":"password"}}},{"name":"REGION","value":"eu-central-1"}],\
        "resources":{"limits":{"cpu":"500m","memory":"256Mi"},"requests":{"cpu":"100m","memory":"128Mi"}},\
        "volumeMounts":[{"name":"cache","mountPath":"/var/cache"},{"name":"settings","readOnly":true,"mountPath":"/etc/web"}],\
        "livenessProbe":{"httpGet":{"path":"/healthz","port":"http","scheme":"HTTP"},"timeoutSeconds":1,"periodSeconds":10,"successThreshold":1,"failureThreshold":3},\
        "readinessProbe":{"httpGet":{"path":"/readyz","port":"http","scheme":"HTTP"},"timeoutSeconds":1,"periodSeconds":5,"successThreshold":1,"failureThreshold":3},\
        "terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","imagePullPolicy":"IfNotPresent",\
        "securityContext":{"capabilities":{"drop":["ALL"]},"readOnlyRootFilesystem":true,"allowPrivilegeEscalation":false}}
        """
    }

    private static let managedFields = """
        {"manager":"kube-controller-manager","operation":"Update","apiVersion":"v1","time":"2026-11-24T08:00:00Z","fieldsType":"FieldsV1",\
        "fieldsV1":{"f:metadata":{"f:annotations":{".":{},"f:prometheus.io/port":{},"f:prometheus.io/scrape":{}},"f:generateName":{},\
        "f:labels":{".":{},"f:app":{},"f:pod-template-hash":{},"f:tier":{}},"f:ownerReferences":{".":{},"k:{\\"uid\\":\\"7c1f0a52-38a2-4c0c-8f0b-0d8b1b6c9e21\\"}":{}}},\
        "f:spec":{"f:automountServiceAccountToken":{},"f:containers":{"k:{\\"name\\":\\"web\\"}":{".":{},"f:args":{},"f:env":{".":{},\
        "k:{\\"name\\":\\"POD_NAME\\"}":{".":{},"f:name":{},"f:valueFrom":{".":{},"f:fieldRef":{}}}},"f:image":{},"f:imagePullPolicy":{},"f:livenessProbe":{},\
        "f:name":{},"f:ports":{},"f:readinessProbe":{},"f:resources":{},"f:securityContext":{},"f:terminationMessagePath":{},"f:terminationMessagePolicy":{},\
        "f:volumeMounts":{}}},"f:dnsPolicy":{},"f:enableServiceLinks":{},"f:restartPolicy":{},"f:schedulerName":{},"f:securityContext":{},\
        "f:serviceAccount":{},"f:serviceAccountName":{},"f:terminationGracePeriodSeconds":{},"f:volumes":{}}}}
        """
}
