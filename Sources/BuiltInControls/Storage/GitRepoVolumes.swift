import Controls
import Documents
import Kubernetes

extension Control {
    /// A `gitRepo` volume makes the kubelet run git on the node as root; hooks in the repository have run there too
    /// (CVE-2024-10220). The type is deprecated and switched off by default since 1.33.
    ///
    /// Fields: `spec.volumes[].gitRepo`. Allowed: none.
    static let gitRepoVolumes = Control(
        id: "git-repo-volumes",
        title: "Forbid gitRepo volumes",
        severity: .high,
        duty: "C5",
        summary: "The node runs git as root on a repository that the Pod names; code of the repository has run there (CVE-2024-10220).",
        remedy: "Clone into an `emptyDir` with an init container.",
        references: [Reference("cve", "CVE-2024-10220"), Reference("mitre-attack", "T1611")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers: [{name: app, image: registry.example.com/app:1.0}]
              volumes: [{name: source, emptyDir: {}}]
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers: [{name: app, image: registry.example.com/app:1.0}]
              volumes:
              - name: source
                gitRepo:
                  repository: https://git.example.com/app.git # ✗
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            for volume in try pod.node["volumes"].items() {
                let repository = volume["gitRepo"]
                guard repository.exists else { continue }
                let url = repository["repository"]
                report.fail(url.isWritten ? url : repository, "volume '\(volume["name"].text)' makes the node run git")
            }
        })
}
