import Controls
import Documents
import Kubernetes

extension Control {
    /// The authorizer knows `*` and `*/exec`, not `pods/*`; and a request to delete a collection has no name that
    /// `resourceNames` could match. Such rules give nothing, and their author believes something else.
    ///
    /// Fields: `rules[].resources`, `rules[].resourceNames`. Allowed: everything else.
    static let rulesWithoutEffect = Control(
        id: "rules-without-effect",
        title: "Write rules that mean what they say",
        severity: .low,
        duty: "C3",
        summary: "A rule that gives nothing is soon replaced by one that gives too much.",
        remedy: "Name each subresource (`pods/log`), and give verbs without names a rule of their own.",
        references: [],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: reader, namespace: shop}
            rules:
            - apiGroups: [""]
              resources:
              - pods
              - pods/log
              verbs:
              - get
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: reader, namespace: shop}
            rules:
            - apiGroups: [""]
              resources:
              - "pods/*" # ✗
              verbs:
              - get
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: cleaner, namespace: shop}
            rules:
            - apiGroups: [""]
              resources:
              - pods
              verbs:
              - delete
              - deletecollection # ✗
              resourceNames: [web]
            """,
        ],
        check: .rules(Check.roleKinds, judge))
}

private func judge(_ rule: PolicyRule, _ role: KubernetesObject, _ report: inout Report) throws(WrongType) {
    for item in try rule.resources.items() {
        let isPattern = item.withText { $0.count > 2 && $0.suffix(2).elementsEqual("/*".utf8) && $0.first != UInt8(ascii: "*") }
        if isPattern {
            report.fail(item, "\(role.kind) '\(role.name)' names \(item.text), which is no pattern: it gives nothing")
        }
    }
    guard try rule.hasResourceNames else { return }
    for verb in try rule.verbs.items() where try verb.equals("deletecollection") {
        report.fail(verb, "\(role.kind) '\(role.name)' allows \(verb.text) with resourceNames, which gives nothing: the request carries no name")
    }
}
