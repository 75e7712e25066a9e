import Controls
import Documents
import Kubernetes
import NodeEvidence

/// A configuration document of the API server under judgement: an object of its own, or the content of a file of the evidence that one of
/// the server's flags names. Findings in a file stand at its content, with the line inside.
struct ServerDocument {
    let root: Value
    /// nil for an object of its own.
    let file: ConfigurationFile?
    /// nil for an object of its own.
    let server: ComponentSettings?

    func fail(_ report: inout Report, _ place: Value, _ message: String, value: String? = nil) {
        report.fail(file?.place ?? place, text(message, at: place), value: value ?? place.text)
    }

    func notObservable(_ report: inout Report, _ place: Value, _ message: String) {
        report.notObservable(file?.place ?? place, text(message, at: place))
    }

    private func text(_ message: String, at place: Value) -> String {
        file.map { "\($0.path) line \(place.position.line): \(message)" } ?? message
    }
}

extension Check {
    /// Called for each document: objects of these kinds, and the files that the flag of each API server in the evidence names. A server
    /// without the flag has no document: that it should have one is another control's word.
    static func serverDocument(
        kinds: [String], flag: String, _ judge: @escaping @Sendable (ServerDocument, inout Report) throws(WrongType) -> Void
    ) -> Check {
        .objects(kinds + [KubernetesObject.nodeEvidenceKind]) { object, report throws(WrongType) in
            guard object.kind == KubernetesObject.nodeEvidenceKind else {
                return try judge(ServerDocument(root: object.root, file: nil, server: nil), &report)
            }
            guard let evidence = report.evidence else { return report.notApplicable() }
            guard let servers = report.section(try evidence.components(.kubeAPIServer), "processes") else { return }
            var isNamed = false
            for server in servers {
                let settings = try ComponentSettings(server, in: evidence)
                switch try settings.file(namedBy: flag) {
                case .notNamed: continue
                case .unknown(let reason, let place): report.notObservable(place, reason)
                case .read(let file): report.judge(ServerDocument(root: file.root, file: file, server: settings), file, judge)
                }
                isNamed = true
            }
            if !isNamed { report.notApplicable() }
        }
    }
}

extension Report {
    /// A field of the wrong type inside a file is told with the file's path and line, at its content.
    fileprivate mutating func judge(
        _ document: ServerDocument, _ file: ConfigurationFile, _ judge: (ServerDocument, inout Report) throws(WrongType) -> Void
    ) {
        do throws(WrongType) {
            try judge(document, &self)
        } catch {
            guard error.value.source == file.root.source else {
                return notObservable(file.place, "\(error.value.fieldPath) should be \(error.expected)")
            }
            document.notObservable(&self, error.value, "\(error.value.fieldPath) should be \(error.expected)")
        }
    }
}
