import Blame
import Foundation
import Testing

/// Random edits by random people, each as another kind of request: every field has the author that a plain model of the object has.
struct RandomEditTests {
    /// SplitMix64: the same edits for the same seed.
    struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    /// A Deployment of labels and containers with fields, and who wrote each of them.
    struct Model {
        var labels: [String: String] = [:]
        var order: [String] = []
        var containers: [String: [String: String]] = [:]
        var authors: [String: String] = [:]

        static func label(_ name: String) -> String { "metadata.labels.\(name)" }
        static func field(_ container: String, _ name: String) -> String { "spec.template.spec.containers[\(container)].\(name)" }

        mutating func set(_ container: String, _ field: String, _ value: String?, by user: String) {
            guard containers[container]?[field] != value else { return }
            containers[container]?[field] = value
            authors[Model.field(container, field)] = value == nil ? nil : user
        }

        mutating func setLabel(_ name: String, _ value: String?, by user: String) {
            guard labels[name] != value else { return }
            labels[name] = value
            authors[Model.label(name)] = value == nil ? nil : user
        }

        mutating func add(_ container: String, by user: String) {
            order.append(container)
            containers[container] = ["name": container]
            authors[Model.field(container, "name")] = user
        }

        mutating func remove(_ container: String) {
            order.removeAll { $0 == container }
            for field in (containers[container] ?? [:]).keys { authors[Model.field(container, field)] = nil }
            containers[container] = nil
        }

        private static func map(_ fields: [String: String]) -> String {
            "{\(fields.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\"\($0.value)\"" }.joined(separator: ","))}"
        }

        func item(_ container: String) -> String { Model.map(containers[container] ?? [:]) }

        func object(version: Int, generation: Int) -> String {
            """
            {"kind":"Deployment","apiVersion":"apps/v1","metadata":{"uid":"u1","resourceVersion":"\(version)","generation":\(generation),\
            "name":"web","labels":\(Model.map(labels))},"spec":{"template":{"spec":{"containers":[\(order.map(item).joined(separator: ","))]}}}}
            """
        }
    }

    private static let name = "deployments.apps shop/web"
    private static let users = ["ann", "bob", "carol", "dora"]

    /// One edit, and a request that makes it.
    private static func edit(_ model: inout Model, by user: String, _ dice: inout Dice, bodies: Bool) -> (verb: String, body: String) {
        let container = model.order.randomElement(using: &dice)
        switch Int.random(in: 0..<7, using: &dice) {
        case 0:
            let (label, value) = (
                "l\(Int.random(in: 0..<4, using: &dice))", Bool.random(using: &dice) ? "v\(Int.random(in: 0..<3, using: &dice))" : nil
            )
            model.setLabel(label, value, by: user)
            return ("patch", "{\"metadata\":{\"labels\":{\"\(label)\":\(value.map { "\"\($0)\"" } ?? "null")}}}")
        case 1:
            let name = "c\(Int.random(in: 0..<6, using: &dice))"
            if model.containers[name] == nil { model.add(name, by: user) }
            let set = "{\"spec\":{\"template\":{\"spec\":{\"$setElementOrder/containers\":[],\"containers\":[\(model.item(name))]}}}}"
            return ("patch", set)
        case 2 where model.order.count > 1:
            guard let container else { break }
            model.remove(container)
            return ("patch", "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"\(container)\",\"$patch\":\"delete\"}]}}}}")
        case 3:
            guard let container, let place = model.order.firstIndex(of: container) else { break }
            let value = "i\(Int.random(in: 0..<3, using: &dice))"
            model.set(container, "image", value, by: user)
            return ("patch", "[{\"op\":\"add\",\"path\":\"/spec/template/spec/containers/\(place)/image\",\"value\":\"\(value)\"}]")
        case 4:
            guard let container else { break }
            let value = "w\(Int.random(in: 0..<3, using: &dice))"
            model.set(container, "workingDir", value, by: user)
            let applied = "{\"name\":\"\(container)\",\"workingDir\":\"\(value)\"}"
            return (
                "patch",
                "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{},\"spec\":{\"template\":{\"spec\":{\"containers\":[\(applied)]}}}}"
            )
        case 5:
            guard let container, let place = model.order.firstIndex(of: container), model.containers[container]?["image"] != nil else { break }
            model.set(container, "image", nil, by: user)
            return ("patch", "[{\"op\":\"remove\",\"path\":\"/spec/template/spec/containers/\(place)/image\"}]")
        default: break
        }
        // Everything anew, in another order.
        model.order.shuffle(using: &dice)
        if let container { model.set(container, "image", "u\(Int.random(in: 0..<3, using: &dice))", by: user) }
        model.setLabel("l0", "u\(Int.random(in: 0..<3, using: &dice))", by: user)
        return ("update", "")
    }

    /// - Parameter answers: the log has the server's answers; otherwise only the requests.
    private static func run(seed: UInt64, answers: Bool) -> (Model, ObjectHistory) {
        var dice = Dice(state: seed)
        var model = Model()
        model.add("c0", by: "ann")
        model.setLabel("l0", "v0", by: "ann")
        var log = Log()
        let first = model.object(version: 1, generation: 1)
        log.add("create", name, by: "ann", at: 1, request: first, response: answers ? first : nil, code: 201)
        for second in 2..<60 {
            let user = users.randomElement(using: &dice) ?? "ann"
            let before = second - 1
            let (verb, body) = edit(&model, by: user, &dice, bodies: answers)
            let after = model.object(version: second, generation: second)
            let request = verb == "update" ? model.object(version: before, generation: before) : body
            log.add(verb, name, by: user, at: second, request: request, response: answers ? after : nil)
        }
        return (model, log.history(of: Log.deployment))
    }

    @Test(arguments: 0..<60, [true, false])
    func everyFieldHasItsAuthor(seed: Int, answers: Bool) throws {
        let (model, history) = Self.run(seed: UInt64(seed), answers: answers)
        var authors: [String: String] = [:]
        var values: [String: String] = [:]
        history.current?.state?.forEachLeaf { path, field in
            guard path.description != "metadata.name", path.description != "metadata.labels" else { return }
            authors[path.description] = history.changes[field.origin.latest].actor.name
            values[path.description] = field.plain.summary()
            // Without answers nothing tells what the server made of an index, or of a whole object that was sent.
            #expect(field.origin.isProven || !answers, "\(path)")
        }
        #expect(authors == model.authors)
        for (label, value) in model.labels { #expect(values[Model.label(label)] == "\"\(value)\"") }
        #expect(history.changes.count == 59 && history.changes.allSatisfy { !$0.isBlind })
        let gaps = history.current?.gaps ?? []
        #expect(gaps.isEmpty || !answers, "\(gaps.map(\.text))")
    }

    /// The order of the lines in a log changes nothing.
    @Test(arguments: 0..<20)
    func theOrderOfLinesDoesNotMatter(seed: Int) {
        var dice = Dice(state: UInt64(seed))
        var model = Model()
        model.add("c0", by: "ann")
        var log = Log()
        let first = model.object(version: 1, generation: 1)
        log.add("create", Self.name, by: "ann", at: 1, request: first, response: first, code: 201)
        for second in 2..<40 {
            let user = Self.users.randomElement(using: &dice) ?? "ann"
            let (verb, body) = Self.edit(&model, by: user, &dice, bodies: true)
            let request = verb == "update" ? model.object(version: second - 1, generation: second - 1) : body
            log.add(verb, Self.name, by: user, at: second, request: request, response: model.object(version: second, generation: second))
        }
        func authors(_ lines: [String]) -> [String: String] {
            var collector = AuditCollector(Selection([Log.deployment.name]))
            for (number, line) in lines.enumerated() { collector.take(Array(line.utf8), of: "audit.log", first: number + 1) }
            let history = ObjectHistory(of: Log.deployment.name, collector.records)
            var found: [String: String] = [:]
            history.current?.state?.forEachLeaf { path, field in found[path.description] = history.changes[field.origin.latest].actor.name }
            return found
        }
        let straight = authors(log.lines)
        #expect(straight.count > 2 && authors(log.lines.shuffled(using: &dice)) == straight)
    }
}
