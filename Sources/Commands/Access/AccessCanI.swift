internal import Access
internal import ArgumentParser
internal import Kubernetes
internal import Reports

struct AccessCanI: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "can-i",
        abstract: "Say whether somebody may do something, as the API server would decide by RBAC.",
        discussion: """
            demarc access can-i --as jane create pods -n shop rbac/
            demarc access can-i --as system:serviceaccount:shop:web get secrets/db-password -n shop rbac/
            demarc access can-i --as jane --as-group shop-team create pods/exec -n shop cluster.yaml
            kubectl get clusterroles,clusterrolebindings,roles,rolebindings -A -o yaml | demarc access can-i --as jane get /metrics -

            Prints yes or no; the exit code is 0 or 1. Code 3 goes with a no that is not to be relied on, because something that \
            could say yes was not readable or is refused by the API server; it is listed on standard error.

            The words are VERB RESOURCE [NAME] PATH…. RESOURCE is a plural, singular or short name or a kind, with or without its group, \
            and /SUBRESOURCE or, as kubectl has it, /NAME; or it is a path of the API, such as /metrics. A further word is a PATH when it is \
            -, stands behind --, holds a slash, ends in .yaml, .yml or .json, or exists as a file or directory; otherwise it is the NAME.

            Service accounts are in the groups of their namespace, everybody but system:anonymous in system:authenticated. Where the files \
            are no dump of a cluster, the roles that the API server makes itself are taken as in a fresh one.
            """)

    @Argument(help: "VERB RESOURCE [NAME] PATH…")
    var words: [String]

    @Option(name: .customLong("as"), help: ArgumentHelp("Who asks; system:serviceaccount:NAMESPACE:NAME is a service account.", valueName: "user"))
    var user: String

    @Option(name: .customLong("as-group"), help: ArgumentHelp("A group of the user; may repeat.", valueName: "group"))
    var groups: [String] = []

    @Flag(name: [.customShort("A"), .customLong("all-namespaces")], help: "Ask for every namespace at once.")
    var allNamespaces = false

    @Flag(name: [.customShort("v"), .customLong("explain"), .customLong("verbose")], help: "Say on standard error what decides.")
    var explain = false

    @OptionGroup var options: AccessOptions

    func run() async throws {
        guard !user.isEmpty else { throw Failure.usage("--as is empty; give a user, or system:anonymous for requests without one") }
        let estate = try await AccessEstate(try options.question(words), options, allNamespaces: allNamespaces)
        let policy = estate.policy
        let request = estate.reading.request
        let requester = Requester(user: user, groups: groups)
        let decision = policy.decide(request, by: requester)
        try Output.standard.line(decision.isAllowed ? "yes" : "no")
        let phrases = AccessPhrases(policy)
        if explain { phrases.explanation(of: decision, request, by: requester).forEach { Output.note($0) } }
        estate.noteGaps()
        guard !decision.isAllowed else { return }
        options.remark(policy.danglingBindings(of: requester, in: request.namespace).map { phrases.dangling($0) })
        // A rule that says yes stays one, whatever else could not be read. A no holds only when everything was.
        throw Failure(code: estate.gaps.isEmpty ? .findings : .incomplete, description: "")
    }
}
