import Controls
import Documents
import Kubernetes

extension Control {
    /// A projected token that was stolen serves the thief until it expires.
    ///
    /// Fields: `volumes[*].projected.sources[*].serviceAccountToken.expirationSeconds`. Allowed: unset (one hour), or
    /// up to 86,400.
    static let serviceAccountTokenLifetimes = Control(
        id: "service-account-token-lifetimes",
        title: "Let projected tokens expire within a day",
        severity: .low,
        duty: "C3",
        summary: "A stolen token is good until it expires; the kubelet renews short ones by itself, so a long life buys nothing.",
        remedy: "Remove `expirationSeconds` (one hour) or set it to a day at most.",
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
              volumes:
              - name: token
                projected:
                  sources:
                  - serviceAccountToken: {path: token, expirationSeconds: 3600}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
              volumes:
              - name: token
                projected:
                  sources:
                  - serviceAccountToken:
                      path: token
                      expirationSeconds: 31536000 # ✗
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            for volume in try pod.node["volumes"].items() where volume["projected"].exists {
                for source in try volume["projected"]["sources"].items() {
                    let seconds = source["serviceAccountToken"]["expirationSeconds"]
                    guard let lifetime = try seconds.int(), lifetime > 86_400 else { continue }
                    report.fail(seconds, "the token in volume '\(volume["name"].text)' lives for \(lifetime) seconds")
                }
            }
        })
}
