internal import ArgumentParser
internal import KubernetesClient
internal import Ledger
internal import Reports
internal import Server

struct LedgerPublish: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Show the newest checkpoint in places outside of the ledger.",
        discussion: """
            demarc ledger publish ledger.db --file /mnt/elsewhere/checkpoint
            demarc ledger publish ledger.db --config-map audit/ledger --context other-cluster
            demarc ledger publish ledger.db --webhook https://witness.example/checkpoints --webhook-token-file token

            A checkpoint is replaced only by one that extends it. Where the place shows one that the ledger does not extend, an old copy was put in the ledger's \
            place or history was rewritten: what is shown stays, as the proof. Run it from a timer; without anything new it does nothing.

            Exit codes: 0 every place shows the newest checkpoint; 1 a place contradicts the ledger; 3 a place could not be reached, or the ledger not be read; \
            4 the cluster could not be reached at all.
            """)

    @Argument(help: ArgumentHelp("A ledger's database, or the directory of an export.", valueName: "path"))
    var path: String

    @Option(help: ArgumentHelp("A file; may repeat.", valueName: "file"))
    var file: [String] = []

    @Option(help: ArgumentHelp("A ConfigMap; may repeat.", valueName: "namespace/name"))
    var configMap: [String] = []

    @Option(help: ArgumentHelp("An address that gets it by POST; may repeat.", valueName: "https://…"))
    var webhook: [String] = []

    @Option(help: ArgumentHelp("A file with a bearer token for the webhooks.", valueName: "file"))
    var webhookTokenFile: String?

    @Option(help: ArgumentHelp("A key that must have signed the checkpoint; may repeat.", valueName: "key"))
    var key: [String] = []

    @Option(help: ArgumentHelp("The kubeconfig, instead of those of KUBECONFIG and ~/.kube/config.", valueName: "file"))
    var kubeconfig: String?

    @Option(help: ArgumentHelp("A context of the kubeconfig.", valueName: "name"))
    var context: String?

    func validate() throws {
        if file.isEmpty, configMap.isEmpty, webhook.isEmpty { throw ValidationError("name at least one place: --file, --config-map or --webhook") }
        if webhookTokenFile != nil, webhook.isEmpty { throw ValidationError("--webhook-token-file needs --webhook") }
    }

    func run() async throws {
        let publisher = CheckpointPublisher(try LedgerFiles.source(path), keys: try LedgerFiles.keys(key))
        let references = try configMap.map(reference)
        var faults: [PublishingFault] = []
        for place in file.map({ FilePlace(path: $0) }) as [any CheckpointPlace] + (try webhookPlaces()) {
            faults += try await publish(publisher, to: place)
        }
        if !references.isEmpty {
            let connection = try ClusterOptions.connection(kubeconfig, context)
            do {
                faults += try await ClusterClient.connected(to: connection) { client in
                    var faults: [PublishingFault] = []
                    for reference in references {
                        let place = ConfigMapPlace(client, namespace: reference.namespace, name: reference.name)
                        faults += try await publish(publisher, to: place)
                    }
                    return faults
                }
            } catch let error as ClusterError {
                throw Failure(error)
            }
        }
        guard !faults.isEmpty else { return }
        let contradicts = faults.contains { $0.kind == .contradiction }
        throw Failure(code: contradicts ? .findings : .incomplete, description: faults.map(\.description).joined(separator: "\n"))
    }

    private func publish(_ publisher: CheckpointPublisher, to place: any CheckpointPlace) async throws -> [PublishingFault] {
        let outcome: CheckpointPublisher.Outcome
        do throws(PublishingFault) { outcome = try await publisher.publish(to: place) } catch { return [error] }
        switch outcome {
        case .published(let size): try Output.standard.line(TerminalText.clean("published the checkpoint of size \(size): \(place.name)"))
        case .unchanged(let size): try Output.standard.line(TerminalText.clean("unchanged, of size \(size): \(place.name)"))
        }
        return []
    }

    private func reference(_ text: String) throws -> (namespace: String, name: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
            throw Failure.usage("--config-map cannot be '\(text)'; write namespace/name")
        }
        return (parts[0], parts[1])
    }

    private func webhookPlaces() throws -> [WebhookPlace] {
        let token = try webhookTokenFile.map(LedgerFiles.secret)
        do throws(ClusterError) {
            return try webhook.map { (url) throws(ClusterError) in WebhookPlace(try OutboundPost(url: url, token: token)) }
        } catch {
            throw Failure(error)
        }
    }
}
