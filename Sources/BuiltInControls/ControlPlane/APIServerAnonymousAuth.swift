import Controls
import Documents
import NodeEvidence

extension Control {
    /// With anonymous requests on, whoever reaches the port is `system:anonymous`: one careless binding and the cluster is open to strangers.
    ///
    /// Setting: `--anonymous-auth` of kube-apiserver, true unless set; or `anonymous` in the file of `--authentication-config`, which may
    /// allow it for single paths such as `/healthz`. Allowed: false, or on for named paths only.
    static let apiServerAnonymousAuth = Control(
        id: "kube-apiserver-anonymous-auth",
        title: "Refuse anonymous requests to the API server",
        severity: .high,
        duty: "A5",
        summary: "The API server answers requests without credentials, so a careless binding gives rights to everybody who reaches it.",
        remedy: "Set `--anonymous-auth=false`, or allow anonymous requests for the health paths only in the file of `--authentication-config`.",
        references: [.cis("1.2.1"), .nsa("authentication and authorization")],
        passing: [
            .machine("kube-apiserver", "--anonymous-auth=false"),
            .machine(
                "kube-apiserver", "--authentication-config=/etc/kubernetes/authentication.yaml",
                files: [
                    "/etc/kubernetes/authentication.yaml": """
                    kind: AuthenticationConfiguration
                    anonymous:
                      enabled: true
                      conditions: [{path: /livez}, {path: /readyz}]
                    """
                ]),
        ],
        failing: [
            .machine("kube-apiserver # ✗"),
            .machine("kube-apiserver", "--anonymous-auth=false", "--anonymous-auth=true # ✗"),
            .machine(
                "kube-apiserver", "--authentication-config=/etc/kubernetes/authentication.yaml",
                files: [
                    "/etc/kubernetes/authentication.yaml # ✗": """
                    kind: AuthenticationConfiguration
                    anonymous:
                      enabled: true
                      conditions: [{path: /livez}, {path: /api/v1/nodes}]
                    """
                ]),
            .pod("kube-apiserver", "--anonymous-auth=true # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            switch try server.file(namedBy: "authentication-config") {
            case .unknown(let reason, let place): report.notObservable(place, reason)
            case .read(let file) where file.root["anonymous"].exists: report.judgeAnonymous(in: file)
            case .notNamed, .read: report.require(server, flag: "anonymous-auth", standard: true, is: false)
            }
        })
}

extension Report {
    /// `anonymous` in a file of `--authentication-config`, beside which the server takes no `--anonymous-auth`.
    ///
    /// Paths have to be the whole one that is asked for. Source: kubernetes.io, "Authenticating", from 1.31 on.
    fileprivate mutating func judgeAnonymous(in file: ConfigurationFile) {
        let healthPaths: Set<String> = ["/healthz", "/livez", "/readyz"]
        let anonymous = file.root["anonymous"]
        let name = "anonymous in \(file.path) line \(anonymous.position.line)"
        do throws(WrongType) {
            guard try anonymous["enabled"].bool() == true else { return }
            var paths: [String] = []
            for condition in try anonymous["conditions"].items() { paths.append(try condition["path"].string() ?? "") }
            if paths.isEmpty { return fail(file.place, "\(name) is enabled for every path") }
            let open = paths.filter { !healthPaths.contains($0) }
            if !open.isEmpty { fail(file.place, "\(name) is enabled for \(open.joined(separator: ", "))") }
        } catch {
            notObservable(file.place, "\(error.value.fieldPath) in \(file.path) line \(error.value.position.line) should be \(error.expected)")
        }
    }
}
