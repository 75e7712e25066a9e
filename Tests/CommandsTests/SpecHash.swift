import Documents
import Responsibility
import Testing

/// What a decision about a grant names.
enum SpecHash {
    static func of(_ grant: String) throws -> String {
        CanonicalJSON.digest(of: try #require(DocumentTree.parse(grant).tree.roots.first)["spec"])
    }
}
