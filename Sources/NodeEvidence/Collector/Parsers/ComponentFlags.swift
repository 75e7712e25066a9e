/// The flags of any program that is looked at, the program itself first.
enum ComponentFlags {
    /// The values of each flag in their order, without the dashes.
    static func values(of arguments: [String]) -> [String: [String]] {
        var values: [String: [String]] = [:]
        CommandLineFlags.read(arguments.dropFirst(), of: arguments.first.flatMap(ComponentKind.init(program:)), text: { $0 }) { name, value, _ in
            values[name, default: []].append(value)
        }
        return values
    }
}
