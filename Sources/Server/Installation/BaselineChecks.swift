internal import Kubernetes

/// A check of the Pod Security Standards' baseline as an expression of CEL.
///
/// Each reads `variables.spec` (a PodSpec), `variables.metadata` (of the Pod or its template) and `variables.containers` (all of them). A field is
/// only read behind `has`, since reading a missing one is an error and not null. https://kubernetes.io/docs/concepts/security/pod-security-standards/
struct BaselineCheck: Sendable {
    /// Upstream's id.
    var id: String
    /// The control that says the same, in more words: `demarc explain`.
    var control: String
    var expression: String

    var message: String { "Pod Security baseline, \(id): see 'demarc explain \(control)'" }

    /// The checks as a version of Kubernetes has them; 1.30 is the first with policies of this kind.
    static func all(_ version: KubernetesVersion) -> [BaselineCheck] {
        let checks = [
            BaselineCheck(
                id: "hostNamespaces", control: "host-namespaces",
                expression: ["hostNetwork", "hostPID", "hostIPC"].map { "(!has(variables.spec.\($0)) || !variables.spec.\($0))" }.joined(
                    separator: " && ")),
            BaselineCheck(
                id: "hostPathVolumes", control: "host-path-volumes",
                expression: "!has(variables.spec.volumes) || variables.spec.volumes.all(v, !has(v.hostPath))"),
            BaselineCheck(
                id: "hostPorts", control: "host-ports",
                expression: "variables.containers.all(c, !has(c.ports) || c.ports.all(p, !has(p.hostPort) || p.hostPort == 0))"),
            BaselineCheck(
                id: "privileged", control: "privileged-containers",
                expression: containers("privileged", "!c.securityContext.privileged")),
            BaselineCheck(
                id: "capabilities_baseline", control: "added-capabilities",
                expression: containers(
                    "capabilities",
                    "!has(c.securityContext.capabilities.add) || c.securityContext.capabilities.add.all(n, n in \(list(capabilities)))")),
            BaselineCheck(id: "procMount", control: "proc-mount", expression: procMount(version)),
            BaselineCheck(
                id: "seccompProfile_baseline", control: "seccomp-profile",
                expression: everywhere("seccompProfile") { "has(\($0).type) && \($0).type in \(list(confining))" }),
            BaselineCheck(id: "appArmorProfile", control: "apparmor-profile", expression: appArmor),
            BaselineCheck(id: "seLinuxOptions", control: "selinux-options", expression: seLinux(version)),
            BaselineCheck(
                id: "sysctls", control: "sysctls",
                expression: """
                    !has(variables.spec.securityContext) || !has(variables.spec.securityContext.sysctls) || \
                    variables.spec.securityContext.sysctls.all(s, s.name in \(list(sysctls(version))))
                    """),
            BaselineCheck(
                id: "windowsHostProcess", control: "windows-host-process",
                expression: everywhere("windowsOptions") { "!has(\($0).hostProcess) || !\($0).hostProcess" }),
        ]
        return version >= KubernetesVersion(1, 34) ? checks + [hostProbes] : checks
    }

    private static func list(_ words: [String]) -> String { "[" + words.map { "\"\($0)\"" }.joined(separator: ", ") + "]" }

    /// Every container whose security context has a field.
    private static func containers(_ field: String, _ condition: String) -> String {
        "variables.containers.all(c, !has(c.securityContext) || !has(c.securityContext.\(field)) || \(condition))"
    }

    /// The security contexts of the Pod and of every container, where they have a field.
    private static func everywhere(_ field: String, _ condition: (String) -> String) -> String {
        let pod = "variables.spec.securityContext"
        return """
            (!has(\(pod)) || !has(\(pod).\(field)) || (\(condition("\(pod).\(field)")))) && \
            \(containers(field, "(\(condition("c.securityContext.\(field)")))"))
            """
    }

    private static let confining = ["RuntimeDefault", "Localhost"]

    private static let capabilities = [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID",
        "SYS_CHROOT",
    ]

    /// Since 1.35 a Pod with its own user namespace may unmask /proc.
    private static func procMount(_ version: KubernetesVersion) -> String {
        let masked = containers("procMount", "c.securityContext.procMount == \"Default\"")
        guard version >= KubernetesVersion(1, 35) else { return masked }
        return "(has(variables.spec.hostUsers) && !variables.spec.hostUsers) || \(masked)"
    }

    /// The field since 1.30, and the annotation before it, which still holds.
    private static let appArmor: String = {
        let annotation = "variables.metadata.annotations[k]"
        return """
            (!has(variables.metadata.annotations) || variables.metadata.annotations.all(k, \
            !k.startsWith("container.apparmor.security.beta.kubernetes.io/") || \(annotation) in ["", "runtime/default"] || \
            \(annotation).startsWith("localhost/"))) && \(everywhere("appArmorProfile") { "has(\($0).type) && \($0).type in \(list(confining))" })
            """
    }()

    private static func seLinux(_ version: KubernetesVersion) -> String {
        let types = ["", "container_t", "container_init_t", "container_kvm_t"] + (version >= KubernetesVersion(1, 31) ? ["container_engine_t"] : [])
        return everywhere("seLinuxOptions") { options in
            """
            (!has(\(options).type) || \(options).type in \(list(types))) && \
            (!has(\(options).user) || \(options).user == "") && (!has(\(options).role) || \(options).role == "")
            """
        }
    }

    private static func sysctls(_ version: KubernetesVersion) -> [String] {
        var names = [
            "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range",
            "net.ipv4.ip_unprivileged_port_start", "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout",
            "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes",
        ]
        if version >= KubernetesVersion(1, 32) { names += ["net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"] }
        if version >= KubernetesVersion(1, 37) { names += ["net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat"] }
        return names
    }

    private static var hostProbes: BaselineCheck {
        func hosts(_ handler: String) -> String {
            ["httpGet", "tcpSocket"].map { action in
                "(!has(\(handler).\(action)) || !has(\(handler).\(action).host) || \(handler).\(action).host == \"\")"
            }.joined(separator: " && ")
        }
        let probes = ["livenessProbe", "readinessProbe", "startupProbe"].map { "(!has(c.\($0)) || (\(hosts("c.\($0)"))))" }
        let hooks = ["postStart", "preStop"].map { "(!has(c.lifecycle) || !has(c.lifecycle.\($0)) || (\(hosts("c.lifecycle.\($0)"))))" }
        return BaselineCheck(
            id: "hostProbesAndHostLifecycle", control: "probe-hosts",
            expression: "variables.containers.all(c, \((probes + hooks).joined(separator: " && ")))")
    }
}
