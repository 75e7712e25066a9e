import Documents
import Kubernetes
import Testing

struct ImageReferenceTests {
    private func reference(_ image: String) throws -> ImageReference {
        let tree = DocumentTree.parse("image: '\(image)'\n").tree
        return ImageReference(try #require(tree.roots.first)["image"])
    }

    @Test(arguments: [
        ("nginx", "docker.io/library/nginx", "", false),
        ("nginx:1.27", "docker.io/library/nginx", "1.27", false),
        ("team/app:1.0", "docker.io/team/app", "1.0", false),
        ("registry.example.com/team/app", "registry.example.com/team/app", "", false),
        ("registry.example.com:5000/app", "registry.example.com:5000/app", "", false),
        ("registry.example.com:5000/app:1.0", "registry.example.com:5000/app", "1.0", false),
        ("localhost/app:1.0", "localhost/app", "1.0", false),
        ("app@sha256:00ff", "docker.io/library/app", "", true),
        ("registry.example.com:5000/app:1.0@sha256:00ff", "registry.example.com:5000/app", "1.0", true),
        ("app@", "docker.io/library/app", "", false),
        ("app:", "docker.io/library/app", "", false),
    ])
    func readsTheParts(image: String, name: String, tag: String, hasDigest: Bool) throws {
        let reference = try reference(image)
        #expect(reference.fullName == name)
        #expect(reference.tag == tag)
        #expect(reference.hasTag == !tag.isEmpty)
        #expect(reference.hasDigest == hasDigest)
    }

    @Test(arguments: [
        ("nginx", "docker.io", true),
        ("nginx", "docker.io/library/", true),
        ("registry.example.com/team/app:1", "registry.example.com", true),
        ("registry.example.com/team/app:1", "registry.example.com/team", true),
        ("registry.example.com/teams/app:1", "registry.example.com/team", false),
        ("registry.example.com:5000/app:1", "registry.example.com", false),
        ("registry.example.com.evil.net/app:1", "registry.example.com", false),
        ("registryXexample.com/app:1", "registry.example.com", false),
        ("registry.example.com/app:1", "docker.io", false),
    ])
    func comparesPlacesByWholeComponents(image: String, place: String, isIn: Bool) throws {
        #expect(try reference(image).isIn(place) == isIn)
    }

    @Test func comparesTagsWholly() throws {
        #expect(try reference("app:latest").hasTag("latest"))
        #expect(try !reference("app:latest-1").hasTag("latest"))
        #expect(try !reference("app").hasTag("latest"))
    }
}
