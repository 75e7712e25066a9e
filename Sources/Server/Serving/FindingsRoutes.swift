internal import Controls
internal import Reports
internal import Responsibility
internal import Traces

extension BackgroundController {
    /// What is found in the cluster at the moment, for programs: `/demarc/v1/findings` and `/demarc/v1/gaps`. Not below `/api/`, which everybody
    /// may get who may see what a cluster serves.
    ///
    /// `?namespace=NS` narrows findings to a namespace, `?party=PARTY` to what a party must act on. `?limit=N` and `?continue=TOKEN` go through
    /// them page by page.
    public var routes: [APIRoute] {
        [
            APIRoute("GET", "/demarc/v1/findings") { [self] request in
                switch FindingList.Query.read(request.query) {
                case .failure(let fault): APIAnswer(status: 400, text: fault.description)
                case .success(let query): await BackgroundThreads.run { APIAnswer(body: FindingsText.page(list.page(query))) }
                }
            },
            APIRoute("GET", "/demarc/v1/gaps") { [self] _ in await BackgroundThreads.run { APIAnswer(body: FindingsText.gaps(gaps)) } },
        ]
    }
}

extension FindingList.Query {
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// Begins what an answer gives for the next page: anything else is a mistake, and an empty page would hide it.
    static let token = "after:"

    /// The part of an address behind the question mark. Names of Kubernetes are not escaped.
    static func read(_ text: String) -> Result<FindingList.Query, Fault> {
        var query = FindingList.Query()
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            switch parts[0] {
            case "namespace": query.namespace = String(parts[1])
            case "party":
                guard let party = Party(rawValue: String(parts[1])) else {
                    return .failure(Fault(description: "party must be one of \(Party.allCases.map(\.rawValue).joined(separator: ", "))"))
                }
                query.party = party.rawValue
            case "continue":
                guard parts[1].hasPrefix(token), parts[1].utf8.count > token.utf8.count else {
                    return .failure(Fault(description: "continue must be what the answer before this one gave"))
                }
                query.after = String(parts[1].dropFirst(token.count))
            case "limit":
                guard let limit = Int(parts[1]), limits.contains(limit) else {
                    return .failure(Fault(description: "limit must be a number from \(limits.lowerBound) to \(limits.upperBound)"))
                }
                query.limit = limit
            default: break
            }
        }
        return .success(query)
    }
}

private enum FindingsText {
    static func page(_ page: FindingList.Page) -> [UInt8] {
        var text = "{\"schemaVersion\":\"1\",\"findings\":["
        var isFirst = true
        for object in page.objects {
            for row in object.rows {
                if !isFirst { text += "," }
                text += Self.row(row, object)
                isFirst = false
            }
        }
        text += "]"
        // Of an object with too many.
        let omitted = page.objects.reduce(0) { $0 + $1.omitted.values.reduce(0, +) }
        if omitted > 0 { text += ",\"omitted\":\(omitted)" }
        if let next = page.next {
            text += ",\"continue\":"
            JSONString.quote(FindingList.Query.token + next, to: &text)
        }
        text += "}"
        return Array(text.utf8)
    }

    /// The first of them, and how many there are.
    static func gaps(_ gaps: [Gap]) -> [UInt8] {
        let rows = gaps.prefix(FindingList.Query.limits.upperBound).map {
            object([("source", $0.source), ("reason", $0.reason.rawValue), ("message", $0.message)])
        }
        return Array("{\"schemaVersion\":\"1\",\"count\":\(gaps.count),\"gaps\":[\(rows.joined(separator: ","))]}".utf8)
    }

    private static func row(_ row: PolicyReportRow, _ object: JudgedObject) -> String {
        let scope = object.scope
        return Self.object([
            ("control", row.policy), ("severity", row.severity.rawValue), ("verdict", row.verdict.rawValue), ("party", row.party), ("duty", row.duty),
            ("basis", row.basis), ("strength", row.strength), ("apiVersion", scope.apiVersion), ("kind", scope.kind),
            ("namespace", scope.namespace), ("name", scope.name), ("uid", scope.uid ?? ""), ("container", row.container),
            ("fieldPath", row.fieldPath), ("message", row.message), ("remediation", row.remedy), ("grant", row.grant ?? ""),
            ("accountable", row.principal ?? ""), ("introducedBy", row.introducedBy ?? ""), ("fingerprint", row.fingerprint),
        ])
    }

    /// Empty values are left out.
    private static func object(_ entries: [(String, String)]) -> String {
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
