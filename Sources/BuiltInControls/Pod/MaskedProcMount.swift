import Controls
import Documents
import Kubernetes

extension Control {
    /// From 1.35 on the baseline level lets Pods with their own user namespace unmask /proc; the restricted level
    /// does not, since few programs need it.
    ///
    /// Fields: `securityContext.procMount` of every container. Allowed: unset, `Default`.
    /// Standard: Pod Security Standards, restricted, since 1.35; takes the place of the baseline check there.
    static let maskedProcMount = Control(
        id: "masked-proc-mount",
        title: "Keep /proc masked in user namespaces too",
        severity: .low,
        duty: "C5",
        summary: "A user namespace softens what an unmasked /proc allows, but the kernel's settings stay in sight.",
        remedy: "Remove `procMount`.",
        references: [.podSecurity(.restricted, "procMount_restricted")],
        overrides: ["proc-mount"],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              hostUsers: false
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: builder}
            spec:
              hostUsers: false
              containers:
              - name: app
                image: registry.example.com/app:1.0
                securityContext:
                  procMount: Unmasked # ✗
            """
        ],
        checks: [.since(1, 35, .containers(judgeProcMount))])
}
