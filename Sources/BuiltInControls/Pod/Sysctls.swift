import Controls
import Documents
import Kubernetes

extension Control {
    /// Some kernel settings belong to a Pod alone; others reach all Pods of a node or switch protections off.
    ///
    /// Fields: `spec.securityContext.sysctls[*].name`. Allowed: the safe settings below, more of them from 1.27,
    /// 1.29, 1.32 and 1.37 on. One finding for each setting.
    /// Standard: Pod Security Standards, baseline, since 1.0.
    static let sysctls = Control(
        id: "sysctls",
        title: "Set only safe sysctls",
        severity: .high,
        duty: "C5",
        summary: "A sysctl outside the safe set can disturb other Pods of the node or weaken its kernel.",
        remedy: "Remove the sysctl; if the program cannot do without, apply for this one setting.",
        references: [.podSecurity(.baseline, "sysctls"), .ackPolicy("ACKPSPForbiddenSysctls")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              securityContext:
                sysctls:
                - {name: net.ipv4.ip_unprivileged_port_start, value: "80"}
                - {name: net.ipv4.tcp_rmem, value: "4096 131072 6291456"}
                - {name: net.ipv4.tcp_notsent_lowat, value: "131072"}
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              securityContext:
                sysctls:
                - {name: net.ipv4.tcp_syncookies, value: "1"}
                - name: kernel.msgmax # ✗
                  value: "65536"
                - value: "1" # ✗
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """,
            Example(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: web}
                spec:
                  securityContext:
                    sysctls:
                    - {name: net.ipv4.tcp_fin_timeout, value: "60"}
                    - name: net.ipv4.tcp_rmem # ✗
                      value: "4096 131072 6291456"
                  containers:
                  - name: app
                    image: registry.example.com/app:1.0
                """, version: KubernetesVersion(1, 31)),
        ],
        checks: [
            .since(1, 0, .pods { pod, report throws(WrongType) in try judge(pod, safeSince1_0, &report) }),
            .since(1, 27, .pods { pod, report throws(WrongType) in try judge(pod, safeSince1_27, &report) }),
            .since(1, 29, .pods { pod, report throws(WrongType) in try judge(pod, safeSince1_29, &report) }),
            .since(1, 32, .pods { pod, report throws(WrongType) in try judge(pod, safeSince1_32, &report) }),
            .since(1, 37, .pods { pod, report throws(WrongType) in try judge(pod, safeSince1_37, &report) }),
        ])
}

private func judge(_ pod: PodSpec, _ safe: [StaticString], _ report: inout Report) throws(WrongType) {
    guard let sysctls = pod.securityContext.written("sysctls") else { return }
    for sysctl in try sysctls.items() {
        let name = sysctl["name"]
        if try !name.equals(anyOf: safe) { report.fail(sysctl, missing: "name", "the Pod sets the sysctl '\(name.text)'", value: name.text) }
    }
}

private let safeSince1_0: [StaticString] = [
    "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range",
    "net.ipv4.ip_unprivileged_port_start",
]
private let safeSince1_27 = safeSince1_0 + ["net.ipv4.ip_local_reserved_ports"]
private let safeSince1_29 =
    safeSince1_27 + [
        "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes",
    ]
private let safeSince1_32 = safeSince1_29 + ["net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"]
private let safeSince1_37 = safeSince1_32 + ["net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat"]
