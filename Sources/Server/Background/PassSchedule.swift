/// When to judge what. Pure: the clock is handed in.
///
/// Two passes share the work. The first judges the namespaces in which something changed, soon after it changed. The second judges the
/// whole cluster, for verdicts that depend on another namespace or on what is in none (roles, nodes, who reaches whom): seldom enough that it
/// never takes more than a twentieth of a core.
struct PassSchedule: Sendable, Equatable {
    struct Settings: Sendable, Equatable {
        /// Silence after a change before its namespaces are judged, so that a rollout is one pass and not fifty.
        var quiet: Duration = .milliseconds(500)
        /// After which they are judged though changes go on.
        var patience: Duration = .seconds(3)
        /// Between the ends of two passes over all.
        var whole: Duration = .seconds(30)
        /// After which all is judged though nothing changed, since verdicts depend on time too.
        var unchanged: Duration = .seconds(3_600)
        /// How much longer than a pass took nothing is judged after it.
        var restOfNamespaces = 4
        var restOfWhole = 19
    }

    enum Step: Sendable, Equatable {
        case namespaces
        case whole
        /// nil waits for a change only.
        case wait(until: Duration)
    }

    let settings: Settings
    private var firstChange: Duration?
    private var lastChange: Duration?
    private var isUrgent = false
    /// Something changed since the last pass over all.
    private var isWholeDue = true
    private var nextNamespaces: Duration = .zero
    private var nextWhole: Duration = .zero
    private var lastWhole: Duration?

    init(_ settings: Settings = Settings()) { self.settings = settings }

    mutating func changed(at now: Duration, isUrgent: Bool) {
        firstChange = firstChange ?? now
        lastChange = now
        self.isUrgent = self.isUrgent || isUrgent
        isWholeDue = true
    }

    func step(at now: Duration) -> Step {
        let whole = lastWhole.map { max(nextWhole, isWholeDue ? $0 + settings.whole : $0 + settings.unchanged) } ?? nextWhole
        if now >= whole { return .whole }
        guard let firstChange, let lastChange else { return .wait(until: whole) }
        let settled = min(lastChange + settings.quiet, firstChange + settings.patience)
        // A grant that was given or withdrawn counts at once.
        let namespaces = isUrgent ? now : max(settled, nextNamespaces)
        return now >= namespaces ? .namespaces : .wait(until: min(namespaces, whole))
    }

    /// A pass begins: what changes from here on is for the next.
    mutating func begins(_ step: Step) {
        (firstChange, lastChange, isUrgent) = (nil, nil, false)
        if step == .whole { isWholeDue = false }
    }

    mutating func ended(_ step: Step, at now: Duration, took: Duration) {
        nextNamespaces = now + took * settings.restOfNamespaces
        guard step == .whole else { return }
        lastWhole = now
        nextWhole = now + took * settings.restOfWhole
    }
}
