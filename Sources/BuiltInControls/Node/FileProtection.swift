import Controls
import Documents
import Kubernetes
import NodeEvidence

/// The widest mode a file may have, as bits; editions of a benchmark may ask for another one.
struct ModeLimit: Sendable {
    let bits: UInt16
    private let editions: [String: UInt16]

    init(_ bits: UInt16, editions: [String: UInt16] = [:]) {
        self.bits = bits
        self.editions = editions
    }

    func bits(for benchmark: Benchmark) -> UInt16 { editions[benchmark.id] ?? bits }

    /// Its owner reads and writes; up to 1.23 and on managed services everybody could read.
    static let ownerOnly = ModeLimit(0o600, editions: ["cis-1.23": 0o644, "eks-1.8.0": 0o644, "gke-1.9.0": 0o644, "aks-1.8": 0o644])
    /// Its owner reads and writes, in every edition.
    static let secret = ModeLimit(0o600)
    /// Everybody reads; one edition wanted certificates closed too.
    static let certificate = ModeLimit(0o644, editions: ["cis-1.10": 0o600])
}

/// Whom files are to belong to; user and group have the same name.
enum FileOwner: String, Sendable { case root, etcd }

extension Control {
    /// A control over the mode of files.
    ///
    /// - Parameters:
    ///   - limit: the widest mode, as a mask: every bit outside it is one too many.
    ///   - example: a path for the examples, and what runs on the machine that has it.
    static func fileMode(
        id: String, title: String, of file: ProtectedFile, at limit: ModeLimit, severity: Severity, summary: String,
        references: [Reference] = [], example: FileExample
    ) -> Control {
        Control(
            id: id, title: title, severity: severity, duty: "A5", summary: summary,
            remedy: "`chmod \(limit.bits.octal.dropFirst()) FILE` for each file found.", references: references,
            passing: [example.manifest(mode: limit.bits)], failing: example.tooWide(limit),
            check: .files(file) { found, report throws(WrongType) in report.judgeMode(of: found, at: limit.bits(for: report.benchmark)) })
    }

    /// A control over the owner and group of files.
    static func fileOwner(
        id: String, title: String, of file: ProtectedFile, by owner: FileOwner = .root, severity: Severity, summary: String,
        references: [Reference], example: FileExample
    ) -> Control {
        Control(
            id: id, title: title, severity: severity, duty: "A5", summary: summary,
            remedy: "`chown \(owner.rawValue):\(owner.rawValue) FILE` for each file found.", references: references,
            passing: [example.manifest(mode: 0o600, owner: owner)], failing: example.foreign(to: owner),
            check: .files(file) { found, report throws(WrongType) in try report.judgeOwner(of: found, by: owner) })
    }

    /// A control over both, for files that only root may use.
    static func fileProtection(
        id: String, title: String, of file: ProtectedFile, at limit: ModeLimit, severity: Severity, summary: String,
        references: [Reference] = [], example: FileExample
    ) -> Control {
        Control(
            id: id, title: title, severity: severity, duty: "A5", summary: summary,
            remedy: "`chown root:root FILE; chmod \(limit.bits.octal.dropFirst()) FILE` for each file found.", references: references,
            passing: [example.manifest(mode: limit.bits)], failing: example.tooWide(limit) + example.foreign(to: .root),
            check: .files(file) { found, report throws(WrongType) in
                report.judgeMode(of: found, at: limit.bits(for: report.benchmark))
                try report.judgeOwner(of: found, by: .root)
            })
    }
}

extension Check {
    /// Called for each file of a kind that the evidence of a machine shows. What was not looked at is said.
    static func files(
        _ kind: ProtectedFile, _ judge: @escaping @Sendable (EvidenceFile, inout Report) throws(WrongType) -> Void
    ) -> Check {
        .objects([KubernetesObject.nodeEvidenceKind]) { _, report throws(WrongType) in
            guard let evidence = report.evidence else { return report.notApplicable() }
            let sightings = try evidence.sightings(of: kind)
            if sightings.isAbsent { return report.notApplicable() }
            for (reason, place) in sightings.unseen { report.notObservable(place, reason) }
            let elsewhere = try evidence.filesJudgedElsewhere(kind)
            let own = sightings.files.filter { !elsewhere.contains($0.place.identity) }
            if own.isEmpty, sightings.unseen.isEmpty { return report.notApplicable() }
            for file in own { try judge(file, &report) }
        }
    }
}

extension Report {
    mutating func judgeMode(of file: EvidenceFile, at limit: UInt16) {
        guard let mode = file.mode else { return notObservable(file.place, "the mode of \(file.path) was not read") }
        guard mode & ~limit != 0 else { return }
        fail(file.place["mode"], "\(file.path) has mode \(mode.octal), and \(limit.octal) is the widest allowed: \(mode.meaning(beyond: limit))")
    }

    mutating func judgeOwner(of file: EvidenceFile, by owner: FileOwner) throws(WrongType) {
        try judgeUser(of: file, by: owner)
        try judgeGroup(of: file, by: owner)
    }

    mutating func judgeUser(of file: EvidenceFile, by owner: FileOwner) throws(WrongType) {
        try judge("user", file.owner, number: file.place["uid"], at: file.place["owner"], of: file, owner)
    }

    mutating func judgeGroup(of file: EvidenceFile, by owner: FileOwner) throws(WrongType) {
        try judge("group", file.group, number: file.place["gid"], at: file.place["group"], of: file, owner)
    }

    private mutating func judge(
        _ what: String, _ name: String?, number: Value, at place: Value, of file: EvidenceFile, _ owner: FileOwner
    ) throws(WrongType) {
        let written = try number.int().map { "\($0)" }
        guard let shown = name ?? written else {
            return notObservable(file.place, "the \(what) of \(file.path) was not read")
        }
        guard try owner == .root ? !isRoot(name, number: number) : shown != owner.rawValue else { return }
        if owner == .root, name == "root" || name == "0", let written {
            let id = what == "user" ? "uid" : "gid"
            return fail(
                place.exists ? place : file.place, "the \(what) of \(file.path) is called \(shown), but its \(id) is \(written), not 0")
        }
        let isNameless = !shown.isEmpty && shown.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        fail(
            place.exists ? place : file.place,
            "the \(what) of \(file.path) is \(shown)\(isNameless ? ", a number without a name" : ""), not \(owner.rawValue)")
    }

    /// The number decides, whatever a list of users calls it.
    func isRoot(_ name: String?, number: Value) throws(WrongType) -> Bool {
        if let number = try number.int() { return number == 0 }
        return name == "root" || name == "0"
    }
}

extension UInt16 {
    /// `0644`
    var octal: String {
        let digits = String(self, radix: 8)
        return String("0000".dropFirst(digits.count)) + digits
    }

    /// What bits beyond a limit mean, the gravest first.
    fileprivate func meaning(beyond limit: UInt16) -> String {
        let extra = self & ~limit
        if extra & 0o002 != 0 { return "everybody may write it" }
        if extra & 0o020 != 0 { return "its group may write it" }
        if extra & 0o004 != 0 { return "everybody may read it" }
        if extra & 0o040 != 0 { return "its group may read it" }
        if extra & 0o6000 != 0 { return "whoever runs it gets the rights of its owner" }
        return "nobody needs more"
    }
}
