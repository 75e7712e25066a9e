import Controls
import Documents

/// Reads `spec.admission` of a model.
enum AdmissionReader {
    static func read(_ value: Value, _ strict: inout StrictReader) -> AdmissionRules {
        strict.fields(of: value, called: "admission", known: ["rules", "defaults", "controllers"])
        let rules = strict.items(value, "rules").compactMap { rule($0, &strict) }
        let controllers = strict.texts(value, "controllers").compactMap { pattern($0, value["controllers"], &strict) }
        return AdmissionRules(rules: rules, defaults: defaults(value["defaults"], &strict), controllers: controllers)
    }

    private static func rule(_ row: Value, _ strict: inout StrictReader) -> AdmissionRules.Rule? {
        strict.fields(of: row, called: "a rule", known: ["control", "level", "parties", "mode"])
        let control = strict.text(row, "control")
        let level = row["level"].isWritten ? strict.text(row, "level") : nil
        var parties: [Party] = []
        for text in strict.texts(row, "parties") {
            if let party = Party(rawValue: text) {
                parties.append(party)
            } else {
                strict.fault(row["parties"], "'\(text)' is no party", "use \(Party.allCases.map(\.rawValue).joined(separator: ", "))")
            }
        }
        guard let mode: AdmissionRules.Mode = strict.word(row, "mode"), !control.isEmpty, let pattern = pattern(control, row["control"], &strict)
        else { return nil }
        if level != nil, !control.contains(":") {
            strict.fault(row["level"], "'level' has a meaning for a framework's checks only", "write control: \"pss:*\", or remove it")
        }
        return AdmissionRules.Rule(control: pattern, level: level, parties: parties, mode: mode)
    }

    private static func defaults(_ value: Value, _ strict: inout StrictReader) -> SecureDefaults {
        strict.fields(
            of: value, called: "defaults", known: ["runtimeClassNames", "seccompProfile", "dropCapabilities", "withholdServiceAccountTokens"])
        let profile = value["seccompProfile"].isWritten ? strict.text(value, "seccompProfile") : ""
        if !["", "RuntimeDefault"].contains(profile) {
            strict.fault(value["seccompProfile"], "'\(profile)' is no default for every Pod", "write RuntimeDefault, or leave it out")
        }
        return SecureDefaults(
            runtimeClassNames: strict.texts(value, "runtimeClassNames"), seccompProfile: profile,
            droppedCapabilities: strict.texts(value, "dropCapabilities"), withholdsTokens: strict.flag(value, "withholdServiceAccountTokens"))
    }

    private static func pattern(_ text: String, _ place: Value, _ strict: inout StrictReader) -> Pattern? {
        if let pattern = Pattern(text) { return pattern }
        strict.fault(place, "'\(text)' has a * before its end", "write an exact name, or a beginning and one * at the end")
        return nil
    }
}
