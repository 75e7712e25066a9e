import Blame
import Documents
import Kubernetes
import Testing

/// Alerts of Falco and events as the beginning of an inquiry.
struct AlertTests {
    private static let table = Inventory([]).analysis(ResourceTable.self)

    private static func alert(_ text: String) throws -> Alert {
        try Alert(DocumentTree.parse(text, source: "alert.json").tree.roots[0], in: table)
    }

    @Test func anAlertNamesAPod() throws {
        let alert = try Self.alert(
            """
            {"hostname":"n1","output":"a shell","priority":"Notice","rule":"Terminal shell","time":"2026-11-24T05:00:08.123456789Z",
             "output_fields":{"container.id":"0123456789ab","k8s.pod.name":"web","k8s.ns.name":"shop","proc.pid":42,"evt.arg":null}}
            """)
        #expect(alert.subject.map { "\($0)" } == "Pod shop/web" && alert.rule == "Terminal shell" && alert.priority == "Notice")
        #expect(
            alert.fields.map { "\($0.name)=\($0.value)" } == ["container.id=0123456789ab", "k8s.ns.name=shop", "k8s.pod.name=web", "proc.pid=42"])
        #expect(alert.containerID == "0123456789ab" && alert.source == .falco)
    }

    @Test(arguments: ["\"k8s.pod.name\":\"<NA>\"", "\"k8s.pod.name\":null", "\"proc.name\":\"sh\""])
    func anAlertMayNameNone(fields: String) throws {
        let alert = try Self.alert("{\"rule\":\"r\",\"output\":\"o\",\"output_fields\":{\(fields),\"container.id\":\"host\"}}")
        #expect(alert.subject == nil && alert.containerID.isEmpty)
    }

    @Test func alertsAboutRequestsNameTheirTarget() throws {
        let alert = try Self.alert(
            "{\"rule\":\"r\",\"output\":\"o\",\"output_fields\":{\"ka.target.resource\":\"deployments\",\"ka.target.name\":\"web\",\"ka.target.namespace\":\"shop\",\"ka.user.name\":\"eve\"}}"
        )
        #expect(alert.subject.map { "\($0)" } == "Deployment shop/web" && alert.user == "eve")
    }

    @Test func eventsAreAlertsToo() throws {
        var log = Log()
        let alert = try Self.alert(log.add("create", "pods shop/web/exec", by: "eve", at: 1, code: 101))
        #expect(alert.source == .audit && alert.subject.map { "\($0)" } == "Pod shop/web")
        #expect(alert.output == "eve asked to create pods/exec shop/web, answered with 101")
    }

    @Test(arguments: [
        "{}", "[]", "7", "{\"rule\":\"r\"}", "{\"rule\":7,\"output\":\"x\"}", "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\"}",
    ])
    func whatIsNoAlertIsRefused(text: String) {
        #expect(throws: Alert.Unreadable.self) { try Self.alert(text) }
    }

    @Test func alertsStandInTheirPlace() throws {
        var log = Log()
        log.add("create", "deployments.apps shop/web", at: 1, request: Log.web(version: 0), response: Log.web(version: 10), code: 201)
        log.add("patch", "deployments.apps shop/web", at: 9, request: "{}", response: Log.web(version: 11, generation: 2, replicas: 2))
        var result = try log.blame(Log.deployment)
        result.add([try Self.alert("{\"rule\":\"r\",\"output\":\"o\",\"time\":\"2026-11-24T05:00:05.1Z\",\"output_fields\":{}}")])
        #expect(result.timeline.map(\.deed) == ["created", "set off Falco: r", "patched"])
    }
}
