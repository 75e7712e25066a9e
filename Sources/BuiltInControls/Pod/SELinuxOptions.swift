import Controls
import Documents
import Kubernetes

extension Control {
    /// SELinux confines a container by its type. A type, user or role of one's own choice can lift that confinement.
    ///
    /// Fields: `securityContext.seLinuxOptions` of the Pod and of every container. Allowed: `type` unset or one of
    /// container_t, container_init_t, container_kvm_t, from 1.31 on also container_engine_t; `user` and `role` unset.
    /// Standard: Pod Security Standards, baseline, since 1.0.
    static let seLinuxOptions = Control(
        id: "selinux-options",
        title: "Keep SELinux's confinement of containers",
        severity: .medium,
        duty: "C5",
        summary: "A chosen SELinux type, user or role can put a container outside the policy that keeps it from the host's files.",
        remedy: "Remove `user` and `role` from `seLinuxOptions`, and use one of the container types or none.",
        references: [.podSecurity(.baseline, "seLinuxOptions"), .ackPolicy("ACKPSPSELinuxV2")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              securityContext:
                seLinuxOptions: {type: container_t, level: "s0:c123,c456"}
              containers:
              - name: app
                image: registry.example.com/app:1.0
                securityContext:
                  seLinuxOptions: {type: container_engine_t, user: ""}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              securityContext:
                seLinuxOptions:
                  type: spc_t # ✗
              containers:
              - name: app
                image: registry.example.com/app:1.0
                securityContext:
                  seLinuxOptions:
                    user: sysadm_u # ✗
                    role: sysadm_r # ✗
            """,
            Example(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: builder}
                spec:
                  containers:
                  - name: app
                    image: registry.example.com/app:1.0
                    securityContext:
                      seLinuxOptions:
                        type: container_engine_t # ✗
                """, version: KubernetesVersion(1, 30)),
        ],
        checks: [
            .since(
                1, 0,
                .pods { pod, report throws(WrongType) in
                    try pod.eachSecurityContext(with: "seLinuxOptions", &report) { options, report throws(WrongType) in
                        try judge(options, allowing: containerTypes, &report)
                    }
                }),
            .since(
                1, 31,
                .pods { pod, report throws(WrongType) in
                    try pod.eachSecurityContext(with: "seLinuxOptions", &report) { options, report throws(WrongType) in
                        try judge(options, allowing: containerTypesSince1_31, &report)
                    }
                }),
        ])
}

private let containerTypes: [StaticString] = ["container_t", "container_init_t", "container_kvm_t"]
private let containerTypesSince1_31 = containerTypes + ["container_engine_t"]

private func judge(_ options: Value, allowing types: [StaticString], _ report: inout Report) throws(WrongType) {
    let subject = report.subject
    if let type = options.written("type"), try !type.isEmptyString(), try !type.equals(anyOf: types) {
        report.fail(type, "\(subject) asks for the SELinux type '\(type.text)'")
    }
    if let user = options.written("user"), try !user.isEmptyString() {
        report.fail(user, "\(subject) sets the SELinux user '\(user.text)'")
    }
    if let role = options.written("role"), try !role.isEmptyString() {
        report.fail(role, "\(subject) sets the SELinux role '\(role.text)'")
    }
}
