/// What a well-known port is used for, when that use belongs inside. Source: IANA's registry and the projects' defaults.
func administrativeUse(of port: Int64) -> StaticString? { administration(on: port) ?? database(on: port) }

/// Remote administration of machines, and the parts of Kubernetes itself.
func administration(on port: Int64) -> StaticString? {
    switch port {
    case 22: "SSH"
    case 23: "Telnet"
    case 111, 2049: "NFS"
    case 135, 139, 445: "Windows file sharing"
    case 389, 636: "LDAP"
    case 2375, 2376: "the Docker engine"
    case 2379, 2380: "etcd"
    case 3389: "Remote Desktop"
    case 4194, 10250, 10255: "the kubelet"
    case 5900...5910: "VNC"
    case 5985, 5986: "Windows Remote Management"
    case 6443: "the Kubernetes API"
    case 8500, 8600: "Consul"
    case 9090: "Prometheus"
    case 9901, 15000: "the administration of Envoy"
    case 10257: "the controller manager"
    case 10259: "the scheduler"
    case 15014: "the debugging of Istio"
    default: nil
    }
}

/// Where data is kept or handed on.
func database(on port: Int64) -> StaticString? {
    switch port {
    case 1433, 1434: "SQL Server"
    case 1521: "Oracle Database"
    case 2181: "ZooKeeper"
    case 3306, 33060: "MySQL"
    case 5432: "PostgreSQL"
    case 5672, 15672: "RabbitMQ"
    case 5984: "CouchDB"
    case 6379: "Redis"
    case 9042: "Cassandra"
    case 9092: "Kafka"
    case 9200, 9300: "Elasticsearch"
    case 11211: "memcached"
    case 27017...27019: "MongoDB"
    default: nil
    }
}

/// The ports that one of the tables knows, ascending, for rules that are about ranges of ports.
let administrationPorts: [UInt16] = (1...20_000).filter { administration(on: Int64($0)) != nil }
let databasePorts: [UInt16] = (1...40_000).filter { database(on: Int64($0)) != nil }
