import Controls
import Documents
import Kubernetes

extension Control {
    /// A Service, a route or a permission for routes that leads into another tenant's namespace borrows that tenant's name or its doors: callers trust
    /// the one and speak to the other, and traffic arrives from a proxy that policies let in.
    ///
    /// Fields: `spec.externalName` of Services, `backendRefs` of routes, `spec.from[]` of ReferenceGrants. Allowed: namespaces of the same tenant, of one that
    /// `mayReach` names, and of nobody. Not applicable where the model names no tenants.
    static let tenantServiceCrossing = Control(
        id: "tenant-service-crossing",
        title: "Lead no Service or route into another tenant",
        severity: .high,
        duty: "A2",
        summary: "A Service, route or ReferenceGrant joins the namespaces of two tenants that are to be kept apart.",
        remedy: "Offer it to the other tenant through a front door of your own with authentication, or name the tenant in `mayReach` of the model.",
        references: [.nsa("network separation and hardening"), Reference("cwe", "CWE-441")],
        passing: [
            """
            apiVersion: v1
            kind: Service
            metadata: {name: db, namespace: red}
            spec: {type: ExternalName, externalName: db.red.svc.cluster.local}
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: web, namespace: red}
            spec: {rules: [{backendRefs: [{name: web, port: 80}]}]}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Service
            metadata: {name: db, namespace: red}
            spec:
              type: ExternalName
              externalName: db.blue.svc.cluster.local # ✗
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: web, namespace: red}
            spec:
              rules:
              - backendRefs:
                - name: web
                  namespace: blue # ✗
                  port: 80
            ---
            apiVersion: gateway.networking.k8s.io/v1beta1
            kind: ReferenceGrant
            metadata: {name: red, namespace: blue}
            spec:
              from:
              - group: gateway.networking.k8s.io
                kind: HTTPRoute
                namespace: red # ✗
              to: [{group: "", kind: Service, name: web}]
            """
        ],
        check: .objects(["Service", "HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute", "ReferenceGrant"]) {
            object, report throws(WrongType) in
            let isKnown = object.kind == "Service" ? object.isCoreService : object.isInGroup("gateway.networking.k8s.io")
            guard isKnown, !report.settings.tenants.isEmpty else { return report.notApplicable() }
            switch object.kind {
            case "Service":
                guard try object.spec["type"].equals("ExternalName") else { return report.notApplicable() }
                let alias = object.spec["externalName"]
                if let name = try alias.string(), let namespace = namespaceOfService(named: name) {
                    report.judge(alias, from: object.namespace, into: namespace)
                }
            case "ReferenceGrant":
                for from in try object.spec["from"].items() {
                    if let namespace = try from["namespace"].string() { report.judge(from["namespace"], from: namespace, into: object.namespace) }
                }
            default:
                for rule in try object.spec["rules"].items() {
                    for backend in try rule["backendRefs"].items() {
                        guard let namespace = try backend["namespace"].string() else { continue }
                        report.judge(backend["namespace"], from: object.namespace, into: namespace)
                    }
                }
            }
        })
}

extension Report {
    fileprivate mutating func judge(_ place: Value, from reaching: String, into namespace: String) {
        guard let (from, into) = settings.tenants.crossing(from: reaching, into: namespace) else { return }
        let object = judgedObject
        fail(place, "\(object.displayName) leads from tenant '\(from.name)' into namespace '\(namespace)' of tenant '\(into.name)'")
    }
}
