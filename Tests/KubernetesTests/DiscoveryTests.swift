import ClusterSupport
import Foundation
import Kubernetes
import Testing

/// The table of resources against the discovery of a real API server.
@Suite(.enabled(if: APIServer.isAvailable, "\(APIServer.whyNot)"))
struct DiscoveryTests {
    private struct Groups: Decodable {
        struct Group: Decodable {
            struct Version: Decodable { let groupVersion: String }
            let name: String
            let versions: [Version]
        }
        let groups: [Group]
    }

    private struct Resources: Decodable {
        struct Resource: Decodable {
            let name: String
            let kind: String
            let namespaced: Bool
            let shortNames: [String]?
            let group: String?
        }
        let resources: [Resource]
    }

    /// Groups that later versions do not serve any more, and what moved out of them.
    private static let former: Set<String> = ["extensions"]

    @Test(.timeLimit(.minutes(30))) func whatAServerServesIsInTheTable() async throws {
        try await APIServer.running(flags: ["--runtime-config=api/all=true"]) { server in
            let groups = try JSONDecoder().decode(Groups.self, from: Data(try server.get("/apis").body.utf8)).groups
            var paths = [("", "/api/v1")]
            for group in groups where !Self.former.contains(group.name) { paths += group.versions.map { (group.name, "/apis/\($0.groupVersion)") } }
            var seen = 0
            for (group, path) in paths {
                let resources = try JSONDecoder().decode(Resources.self, from: Data(try server.get(path).body.utf8)).resources
                for resource in resources {
                    seen += 1
                    let parts = resource.name.split(separator: "/").map(String.init)
                    let known = ServedResource.builtIn.first { $0.group == group && $0.plural == parts[0] }
                    guard let known else {
                        #expect(Bool(false), "\(path): \(resource.name) is not in the table")
                        continue
                    }
                    #expect(known.isClusterScoped != resource.namespaced, "\(resource.name)")
                    if parts.count == 2 {
                        #expect(known.subresources.contains(parts[1]), "\(resource.name)")
                    } else {
                        #expect(
                            known.kind == resource.kind && known.shortNames == resource.shortNames ?? [],
                            "\(resource.name): \(resource.shortNames ?? [])")
                    }
                }
            }
            #expect(seen > 100)
        }
    }
}
