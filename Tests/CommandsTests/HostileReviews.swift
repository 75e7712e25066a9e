import Foundation

/// Reviews of a Pod that must not come in, put so that a reader could stumble over them.
struct HostileReview: Sendable {
    let name: String
    let body: Data
    var headers: [String] = []
    /// Those that were mutated by chance may have become something harmless.
    var isCertain = true

    private static let privileged = ServeStandaloneTests.review(privileged: true)

    static func all(seed: UInt64, mutants: Int, containers: Int) -> [HostileReview] {
        shapes + encodings + sizes(containers: containers) + kinds + truncated(seed: seed) + mutated(seed: seed, count: mutants)
    }

    private init(_ name: String, _ text: String, headers: [String] = []) { self.init(name, Data(text.utf8), headers: headers) }

    private init(_ name: String, _ body: Data, headers: [String] = [], isCertain: Bool = true) {
        (self.name, self.body, self.headers, self.isCertain) = (name, body, headers, isCertain)
    }

    private static func replacing(_ name: String, _ old: String, _ new: String) -> HostileReview {
        HostileReview(name, privileged.replacing(old, with: new))
    }

    // MARK: - By hand

    /// JSON that two readers may take for different things, and what is no review.
    private static var shapes: [HostileReview] {
        let flag = #""privileged":true"#
        return [
            replacing("the key twice, the last counts", flag, #""privileged":false,"privileged":true"#),
            replacing("an escaped key", flag, #""priv\u0069leged":true"#),
            replacing("a key escaped twice over", flag, #""\u0070\u0072\u0069\u0076\u0069\u006c\u0065\u0067\u0065\u0064":true"#),
            replacing("a text for a flag", flag, #""privileged":"true""#), replacing("a number for a flag", flag, #""privileged":1"#),
            replacing("a list for a flag", flag, #""privileged":[true]"#),
            replacing("containers twice", #""containers":["#, #""containers":[{"name":"x","image":"r/x"}],"containers":["#),
            replacing("the object twice", #""object":{"#, #""object":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"x"}},"object":{"#),
            replacing("the operation twice", #""operation":"CREATE""#, #""operation":"DELETE","operation":"CREATE""#),
            replacing("the request twice", #""request":{"#, #""request":{"uid":"u","operation":"DELETE"},"request":{"#),
            replacing("containers as an object", #""containers":["#, #""containers":{"a":["#),
            replacing("a list in the list", #"{"name":"app""#, #"[{"name":"app""#),
            replacing("a spec that is a text", #""spec":{"#, #""spec":"x","was":{"#),
            replacing("an unknown operation", #""CREATE""#, #""FROB""#), replacing("an operation in small letters", #""CREATE""#, #""create""#),
            replacing("an operation that is a number", #""CREATE""#, "7"), replacing("no uid", #""uid":"u-1","#, ""),
            replacing("a number as uid", #""uid":"u-1""#, #""uid":1"#),
            replacing("an old version", "admission.k8s.io/v1", "admission.k8s.io/v1beta1"),
            replacing("a trailing comma", #""CREATE","#, #""CREATE",,"#), replacing("a comment", #""CREATE","#, #""CREATE",/* x */"#),
            replacing("a number beyond all", flag, flag + #","runAsUser":1e999999999"#),
            replacing("a number too long", flag, flag + #","runAsUser":"# + String(repeating: "9", count: 100_000)),
            replacing("not a number", flag, flag + #","runAsUser":NaN"#), replacing("YAML in between", #""privileged":true"#, "privileged: true"),
            HostileReview("two documents", privileged + privileged), HostileReview("rubbish behind it", privileged + "]"),
            HostileReview("nothing", ""),
            HostileReview("null", "null"), HostileReview("a list", "[]"), HostileReview("a list of it", "[\(privileged)]"),
            HostileReview("a text", "\"x\""),
            HostileReview("YAML", "apiVersion: admission.k8s.io/v1\nkind: AdmissionReview\nrequest: {uid: u-1, operation: CREATE}\n"),
            HostileReview("an empty request", #"{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{}}"#),
            HostileReview("no request", #"{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}"#),
            HostileReview(
                "an alias bomb",
                "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c]\n"),
        ]
    }

    private static var encodings: [HostileReview] {
        let utf16 = [String.Encoding.utf16LittleEndian, .utf16BigEndian, .utf16, .utf32].compactMap { privileged.data(using: $0) }
        let marked = Data([0xEF, 0xBB, 0xBF]) + Data(privileged.utf8)
        func bytes(_ name: String, _ bytes: [UInt8]) -> HostileReview {
            var body = Data(privileged.utf8)
            if let place = body.range(of: Data("probe".utf8)) { body.replaceSubrange(place, with: bytes) }
            return HostileReview(name, body)
        }
        return utf16.map { HostileReview("two or four bytes a letter", $0) } + [
            HostileReview("a byte order mark", marked), bytes("half a letter", [0xC3]), bytes("a letter too long", [0xC0, 0x80]),
            bytes("a byte alone", [0xFF]),
            bytes("a surrogate", [0xED, 0xA0, 0x80]), bytes("a zero", [0]), replacing("half a pair", #""name":"probe""#, #""name":"\ud800""#),
            replacing("an escaped zero", #""name":"probe""#, #""name":"\u0000""#), replacing("a bad escape", #""name":"probe""#, #""name":"\x""#),
            HostileReview("said to be packed", privileged, headers: ["Content-Encoding: gzip", "Content-Type: application/json"]),
            HostileReview("said to be a form", privileged, headers: ["Content-Type: application/x-www-form-urlencoded"]),
            HostileReview("said to be YAML", privileged, headers: ["Content-Type: application/yaml"]),
        ]
    }

    private static func sizes(containers: Int) -> [HostileReview] {
        func deep(_ open: String, _ close: String, _ depth: Int) -> String {
            String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
        }
        func with(_ name: String, _ extra: String) -> HostileReview { replacing(name, #""metadata":{"#, "\"extra\":\(extra),\"metadata\":{") }
        let many = (0..<containers).map { #"{"name":"c\#($0)","image":"r/p"}"# }.joined(separator: ",")
        let labels = (0..<50_000).map { "\"k\($0)\":\"v\"" }.joined(separator: ",")
        return [
            with("lists in lists", deep("[", "]", 100_000)), with("objects in objects", deep(#"{"a":"#, "}", 100_000)),
            HostileReview("only brackets", String(repeating: "[", count: 1_000_000)),
            with("a long text", "\"" + String(repeating: "x", count: 5_000_000) + "\""),
            with("a long text of escapes", "\"" + String(repeating: #"\u00e9"#, count: 800_000) + "\""),
            with("beyond the limit", "\"" + String(repeating: "x", count: 8_000_000) + "\""), with("many keys", "{\(labels)}"),
            replacing("many containers, the last is privileged", #""containers":["#, #""containers":[\#(many),"#),
        ]
    }

    /// What the review says of its object is not what the object says.
    private static var kinds: [HostileReview] {
        [
            replacing("an object of another kind", #""object":{"apiVersion":"v1","kind":"Pod""#, #""object":{"apiVersion":"v1","kind":"ConfigMap""#),
            replacing(
                "an object of another group", #""object":{"apiVersion":"v1","kind":"Pod""#, #""object":{"apiVersion":"example.com/v1","kind":"Pod""#),
            replacing("an object without a kind", #""object":{"apiVersion":"v1","kind":"Pod","#, #""object":{"#),
            replacing(
                "a Deployment with the spec of a Pod", #""object":{"apiVersion":"v1","kind":"Pod""#,
                #""object":{"apiVersion":"apps/v1","kind":"Deployment""#),
            replacing("the object as a List", #""object":{"apiVersion":"v1","kind":"Pod""#, #""object":{"apiVersion":"v1","kind":"List""#),
            replacing("another namespace inside", #""namespace":"shop"},"spec""#, #""namespace":"kube-system"},"spec""#),
        ]
    }

    // MARK: - By chance

    private static func truncated(seed: UInt64) -> [HostileReview] {
        var chance = Chance(seed)
        let whole = Data(privileged.utf8)
        return (0..<30).map { _ in
            let length = Int.random(in: 0..<whole.count, using: &chance)
            return HostileReview("the first \(length) bytes", whole.prefix(length))
        }
    }

    private static func mutated(seed: UInt64, count: Int) -> [HostileReview] {
        var chance = Chance(seed ^ 1)
        let letters = Array(#"{}[]",:\0123456789truefalsn-.eE"#.utf8) + [0, 0x80, 0xFF]
        return (0..<count).map { number in
            var body = [UInt8](privileged.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &chance) where body.count > 1 {
                let place = Int.random(in: 0..<body.count, using: &chance)
                let end = min(body.count, place + Int.random(in: 1...40, using: &chance))
                switch Int.random(in: 0..<4, using: &chance) {
                case 0: body[place] = letters[Int.random(in: 0..<letters.count, using: &chance)]
                case 1: body.insert(letters[Int.random(in: 0..<letters.count, using: &chance)], at: place)
                case 2: body.removeSubrange(place..<end)
                default: body.insert(contentsOf: body[place..<end], at: Int.random(in: 0..<body.count, using: &chance))
                }
            }
            return HostileReview("mutant \(number) of seed \(seed)", Data(body), isCertain: false)
        }
    }

    /// Whether Foundation reads it as a review of a privileged Pod that is to be created.
    var isPrivileged: Bool {
        let request = Reading(try? JSONSerialization.jsonObject(with: body))["request"]
        let containers = request["object"]["spec"]["containers"].items
        return request["operation"].text == "CREATE" && request["object"]["kind"].text == "Pod" && request["resource"]["resource"].text == "pods"
            && request["resource"]["group"].text == "" && containers.contains { $0["securityContext"]["privileged"].flag == true }
    }
}

/// SplitMix64: the same numbers for the same seed. https://prng.di.unimi.it/splitmix64.c
struct Chance: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
