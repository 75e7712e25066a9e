/// The Pod annotations that replace the cluster's security group: of ACS, and of the instances it grew from.
let securityGroupAnnotations: [StaticString] = [
    "network.alibabacloud.com/security-group-ids", "k8s.aliyun.com/eci-security-group",
]
