import Controls
import Documents
import Kubernetes

extension Control {
    /// Remote shells, databases, container engines and the ports of Kubernetes itself are made for a trusted
    /// network; many of them ask for no password. Offered outside the cluster they are found within hours.
    ///
    /// Fields: `spec.ports[].port` and a numeric `targetPort` of Services that are reachable from outside the
    /// cluster (public load balancer, NodePort, external IPs).
    static let administrativePorts = Control(
        id: "administrative-ports",
        title: "Keep administrative ports and databases inside",
        severity: .high,
        duty: "P3b",
        summary: "A Service that people outside the cluster reach offers a port of remote administration, of a database or of Kubernetes itself.",
        remedy: "Make the Service `ClusterIP` or its load balancer internal, and reach it through a bastion, VPN or `kubectl port-forward`.",
        references: [Reference("mitre-attack", "T1133"), .nsa("network separation and hardening")],
        passing: [
            """
            apiVersion: v1
            kind: Service
            metadata: {name: db}
            spec: {selector: {app: db}, ports: [{port: 5432}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 443, targetPort: 8443}]}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Service
            metadata: {name: db}
            spec:
              type: LoadBalancer
              selector: {app: db}
              ports:
              - name: web
                port: 443
              - name: sql
                port: 5432 # ✗
            """,
            """
            apiVersion: v1
            kind: Service
            metadata: {name: bastion}
            spec:
              type: NodePort
              selector: {app: bastion}
              ports:
              - port: 2222
                targetPort: 22 # ✗
            """,
        ],
        check: .objects(["Service"]) { service, report throws(WrongType) in
            guard service.isCoreService else { return report.notApplicable() }
            let hasExternalIPs = try !service.spec["externalIPs"].items().isEmpty
            let reach = try ServiceReach(of: service, report.settings)
            guard hasExternalIPs || reach.mayBePublic else { return report.notApplicable() }
            for port in try service.spec["ports"].items() {
                let target = port["targetPort"]
                if let number = try port["port"].int(), let use = administrativeUse(of: number) {
                    report.fail(port["port"], "Service '\(service.name)' offers \(use) (port \(number)) outside the cluster")
                } else if target.kind == .integer, let number = try target.int(), let use = administrativeUse(of: number) {
                    report.fail(target, "Service '\(service.name)' offers \(use) (port \(number)) outside the cluster")
                }
            }
        })
}

/// What a well-known port is used for, when that use belongs inside. Source: IANA's registry and the projects' defaults.
func administrativeUse(of port: Int64) -> StaticString? {
    switch port {
    case 22: "SSH"
    case 23: "Telnet"
    case 111, 2049: "NFS"
    case 135, 139, 445: "Windows file sharing"
    case 389, 636: "LDAP"
    case 1433, 1434: "SQL Server"
    case 1521: "Oracle Database"
    case 2181: "ZooKeeper"
    case 2375, 2376: "the Docker engine"
    case 2379, 2380: "etcd"
    case 3306, 33060: "MySQL"
    case 3389: "Remote Desktop"
    case 4194, 10250, 10255: "the kubelet"
    case 5432: "PostgreSQL"
    case 5672, 15672: "RabbitMQ"
    case 5900...5910: "VNC"
    case 5984: "CouchDB"
    case 5985, 5986: "Windows Remote Management"
    case 6379: "Redis"
    case 6443: "the Kubernetes API"
    case 9042: "Cassandra"
    case 8500, 8600: "Consul"
    case 9090: "Prometheus"
    case 9092: "Kafka"
    case 9200, 9300: "Elasticsearch"
    case 10257: "the controller manager"
    case 10259: "the scheduler"
    case 11211: "memcached"
    case 9901, 15000: "the administration of Envoy"
    case 15014: "the debugging of Istio"
    case 27017...27019: "MongoDB"
    default: nil
    }
}
