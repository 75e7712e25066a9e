/// Pods whose fields say anything that the Pod Security baseline looks at, allowed, forbidden and half-written, from a seed.
struct RandomPods {
    private var chance: Chance

    init(seed: UInt64) { chance = Chance(seed) }

    private mutating func isOne(of count: Int) -> Bool { Int.random(in: 0..<count, using: &chance) == 0 }
    private mutating func pick(_ choices: [String]) -> String { choices.randomElement(using: &chance) ?? "null" }

    /// An object of those fields that chance takes, one in `rarity` each.
    private mutating func object(_ fields: [(String, [String])], rarity: Int, beside: [String] = []) -> String {
        var taken = beside
        for (name, values) in fields where isOne(of: rarity) { taken.append(#""\#(name)":\#(pick(values))"#) }
        return "{" + taken.joined(separator: ",") + "}"
    }

    private static let flags = ["true", "false", "null"]
    private static let profiles = ["null"] + ["RuntimeDefault", "Localhost", "Unconfined", "runtimedefault"].map { #"{"type":"\#($0)"}"# }

    private static let both: [(String, [String])] = [
        ("seccompProfile", profiles), ("appArmorProfile", profiles),
        (
            "seLinuxOptions",
            [
                "null", "{}", #"{"type":"container_t"}"#, #"{"type":"container_engine_t"}"#, #"{"type":"spc_t"}"#, #"{"type":""}"#,
                #"{"user":"root"}"#,
                #"{"user":""}"#, #"{"role":"r"}"#, #"{"level":"s0"}"#, #"{"type":null,"user":null}"#,
            ]
        ), ("windowsOptions", ["null", "{}", #"{"hostProcess":true}"#, #"{"hostProcess":false}"#, #"{"hostProcess":null}"#]),
    ]
    private static let ofContainer: [(String, [String])] =
        both + [
            ("privileged", flags), ("procMount", ["null", #""Default""#, #""Unmasked""#]),
            (
                "capabilities",
                [
                    "null", "{}", #"{"add":null}"#, #"{"add":[]}"#, #"{"add":["CHOWN","KILL"]}"#, #"{"add":["NET_RAW"]}"#, #"{"add":["ALL"]}"#,
                    #"{"add":["CAP_CHOWN"]}"#, #"{"add":["chown"]}"#, #"{"drop":["ALL"]}"#, #"{"add":["CHOWN","SYS_ADMIN"]}"#,
                ]
            ),
        ]
    private static let ofPod: [(String, [String])] =
        both + [
            (
                "sysctls",
                ["null", "[]"]
                    + ["kernel.shm_rmid_forced", "net.ipv4.tcp_rmem", "kernel.msgmax", "net/ipv4/tcp_syncookies"].map {
                        #"[{"name":"net.ipv4.tcp_syncookies","value":"1"},{"name":"\#($0)","value":"1"}]"#
                    }
            )
        ]
    private static let handlers = [
        "null", #"{"exec":{"command":["a"]}}"#, #"{"httpGet":{"port":1}}"#, #"{"httpGet":{"port":1,"host":""}}"#,
        #"{"httpGet":{"port":1,"host":"a"}}"#,
        #"{"tcpSocket":{"port":1}}"#, #"{"tcpSocket":{"port":1,"host":"a"}}"#, #"{"httpGet":{"port":1,"host":null}}"#, #"{"grpc":{"port":1}}"#,
    ]

    private mutating func container(_ name: String) -> String {
        let context = isOne(of: 4) ? pick(["null", "{}"]) : object(Self.ofContainer, rarity: 7)
        let hooks = isOne(of: 8) ? object([("postStart", Self.handlers), ("preStop", Self.handlers)], rarity: 2) : "null"
        let ports = [
            "null", "[]", #"[{"containerPort":1}]"#, #"[{"containerPort":1,"hostPort":0}]"#,
            #"[{"containerPort":1},{"containerPort":2,"hostPort":2}]"#,
        ]
        return object(
            [("ports", ports), ("livenessProbe", Self.handlers), ("readinessProbe", Self.handlers), ("startupProbe", Self.handlers)], rarity: 8,
            beside: [#""name":"\#(name)","image":"r/a","securityContext":\#(context),"lifecycle":\#(hooks)"#])
    }

    private mutating func containers(_ prefix: String) -> String {
        "[" + (0...Int.random(in: 0...1, using: &chance)).map { container("\(prefix)\($0)") }.joined(separator: ",") + "]"
    }

    /// One more Pod, as JSON.
    mutating func pod() -> String {
        let context = isOne(of: 3) ? pick(["null", "{}"]) : object(Self.ofPod, rarity: 7)
        let volumes =
            ["null", "[]", #"[{"name":"v","emptyDir":{}}]"#, #"[{"name":"v","hostPath":null,"emptyDir":{}}]"#]
            + [#"[{"name":"v","emptyDir":{}},{"name":"w","hostPath":{"path":"/"}}]"#]
        var others = [#""containers":\#(containers("c"))"#]
        if isOne(of: 3) { others.append(#""initContainers":\#(containers("i"))"#) }
        if isOne(of: 5) { others.append(#""ephemeralContainers":\#(containers("e"))"#) }
        let spec = object(
            [
                ("hostNetwork", Self.flags), ("hostPID", Self.flags), ("hostIPC", Self.flags), ("hostUsers", Self.flags), ("volumes", volumes),
            ], rarity: 8, beside: others + [#""securityContext":\#(context)"#])
        let armor = "container.apparmor.security.beta.kubernetes.io/c0"
        let annotations = ["null", "{}"] + ["runtime/default", "localhost/a", "unconfined", ""].map { #"{"\#(armor)":"\#($0)"}"# }
        return #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","annotations":\#(isOne(of: 6) ? pick(annotations) : "{}")},"spec":\#(spec)}"#
    }
}
