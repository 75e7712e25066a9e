import Controls
import Documents
import Kubernetes

extension Control {
    /// AppArmor's default profile keeps containers from mounting, tracing and writing to kernel interfaces. Without
    /// it one barrier less stands before the host.
    ///
    /// Fields: `securityContext.appArmorProfile.type` of the Pod and of every container, and the annotations
    /// `container.apparmor.security.beta.kubernetes.io/…` that came before the field and still hold.
    /// Allowed: unset, RuntimeDefault or Localhost; as annotation `runtime/default` or `localhost/…`.
    /// Standard: Pod Security Standards, baseline, since 1.0.
    static let appArmorProfile = Control(
        id: "apparmor-profile",
        title: "Keep AppArmor profiles on",
        severity: .medium,
        duty: "C5",
        summary: "Without an AppArmor profile a container may mount file systems and touch kernel interfaces that the default forbids.",
        remedy: "Remove the profile so that the default holds, or name a profile of your own with type Localhost.",
        references: [.podSecurity(.baseline, "appArmorProfile"), .ackPolicy("ACKPSPAppArmor")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: web
              annotations:
                container.apparmor.security.beta.kubernetes.io/app: localhost/web
            spec:
              securityContext:
                appArmorProfile: {type: RuntimeDefault}
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: web
              annotations:
                container.apparmor.security.beta.kubernetes.io/app: unconfined # ✗
            spec:
              securityContext:
                appArmorProfile:
                  type: Unconfined # ✗
              containers:
              - name: app
                image: registry.example.com/app:1.0
                securityContext:
                  appArmorProfile:
                    type: Unconfined # ✗
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            for annotation in try pod.annotations.entries() where annotation.isKeyed(prefix: "container.apparmor.security.beta.kubernetes.io/") {
                if try annotation.isEmptyString() { continue }
                if try annotation.equals("runtime/default") { continue }
                if try annotation.hasPrefix("localhost/") { continue }
                report.fail(annotation, "an annotation asks for the AppArmor profile '\(annotation.text)'")
            }
            try pod.eachSecurityContext(with: "appArmorProfile", &report) { profile, report throws(WrongType) in
                guard profile.exists, try !profile["type"].equals(anyOf: confiningProfileTypes) else { return }
                let subject = report.subject
                report.fail(
                    profile, missing: "type", "\(subject) has the AppArmor profile '\(profile["type"].text)'", value: profile["type"].text)
            }
        })
}
