internal import Controls
internal import Reports

extension BackgroundController {
    /// What is found in the cluster at the moment, for programs: `/api/v1/findings` and `/api/v1/gaps`.
    ///
    /// `?namespace=NS` narrows findings to a namespace, `?party=PARTY` to what a party must act on. Objects stand in the order of namespace, kind and name.
    public var routes: [APIRoute] {
        [
            APIRoute("GET", "/api/v1/findings") { [self] request in
                let wanted = Query(request.query)
                var rows: [String] = []
                for object in findings.reports.values.sorted(by: { ($0.scope.namespace, $0.scope.kind, $0.scope.name) < ($1.scope.namespace, $1.scope.kind, $1.scope.name) }) {
                    if let namespace = wanted.values["namespace"], object.scope.namespace != namespace { continue }
                    for row in object.rows where wanted.values["party"].map({ $0 == row.party }) ?? true { rows.append(FindingsText.row(row, object)) }
                }
                return APIAnswer(body: Array("{\"schemaVersion\":\"1\",\"findings\":[\(rows.joined(separator: ","))]}".utf8))
            },
            APIRoute("GET", "/api/v1/gaps") { [self] _ in
                let rows = gaps.map { FindingsText.object([("source", $0.source), ("reason", $0.reason.rawValue), ("message", $0.message)]) }
                return APIAnswer(body: Array("{\"schemaVersion\":\"1\",\"gaps\":[\(rows.joined(separator: ","))]}".utf8))
            },
        ]
    }
}

/// The part of an address behind the question mark, as far as these routes need it: names of Kubernetes, which are not escaped.
private struct Query {
    var values: [String: String] = [:]

    init(_ text: String) {
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { values[String(parts[0])] = String(parts[1]) }
        }
    }
}

private enum FindingsText {
    static func row(_ row: PolicyReportRow, _ object: JudgedObject) -> String {
        let scope = object.scope
        return Self.object([
            ("control", row.policy), ("severity", row.severity.rawValue), ("verdict", row.verdict.rawValue), ("party", row.party), ("duty", row.duty),
            ("basis", row.basis), ("strength", row.strength), ("apiVersion", scope.apiVersion), ("kind", scope.kind),
            ("namespace", scope.namespace), ("name", scope.name), ("uid", scope.uid ?? ""), ("container", row.container),
            ("fieldPath", row.fieldPath), ("message", row.message), ("remediation", row.remedy), ("grant", row.grant ?? ""),
            ("fingerprint", row.fingerprint),
        ])
    }

    /// Empty values are left out.
    static func object(_ entries: [(String, String)]) -> String {
        var text = "{"
        for (key, value) in entries where !value.isEmpty {
            if text.utf8.count > 1 { text += "," }
            JSONString.quote(key, to: &text)
            text += ":"
            JSONString.quote(value, to: &text)
        }
        return text + "}"
    }
}
