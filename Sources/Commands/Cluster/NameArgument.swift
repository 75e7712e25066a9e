internal import Kubernetes

/// Names that a command is given for objects of a cluster.
enum NameArgument {
    /// What a namespace and a Service must be called: a label of RFC 1123.
    ///
    /// - Throws: `Failure` with code `usage`.
    static func check(_ name: String, _ flag: String, of what: String) throws {
        guard name.utf8.count <= 63, !name.contains("."), isDNSSubdomain(name) else {
            throw Failure.usage(
                "\(flag) '\(name)' is no name of a \(what); write up to 63 small letters, digits and '-', with a letter or digit at both ends")
        }
    }
}
