internal import ArgumentParser
internal import Controls
internal import Kubernetes
internal import Responsibility

struct GrantCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grant", abstract: "Applications for privileges, and what is decided about them.",
        discussion: """
            In files, a decision names the user of the operating system and is written into the grant's own file; with --ledger it is entered there first. \
            With --cluster it is made by your own credential, and the server says who you are. What each proves: docs/grants.md.
            """,
        subcommands: [
            GrantDraftCommand.self, GrantApply.self, GrantList.self, GrantShow.self, GrantApprove.self, GrantDeny.self, GrantAccept.self,
            GrantRenew.self, GrantRevoke.self, GrantReview.self, GrantTighten.self,
        ])
}

struct GrantDraftCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "draft",
        abstract: "Print the smallest grant that would cover what a manifest asks for.",
        discussion: """
            The draft is an application: somebody else must approve it, and the accountable person accepts the liability. It asks for what \
            the webhook would refuse under the model, as its denial does; with a model that refuses nothing, and with --all, for everything that can \
            be granted. What the model grants to nobody is said on standard error, and then the exit code is 1.

            demarc grant draft deployment.yaml > grant.yaml
            """)

    @Argument(help: "Files, directories, or - for standard input.")
    var paths: [String]

    @Flag(help: "Also for what the model only warns of.")
    var all = false

    @OptionGroup var options: ScanOptions

    func run() async throws {
        let plan = try ScanPlan(options)
        let estate = await options.estate.read(paths, under: plan.configuration, namespace: plan.namespace)
        let inventory = estate.inventory
        let judgement = plan.catalogue.judge(inventory, objects: inventory.objects.indices, settings: plan.settings)
        let controls = plan.catalogue.controls
        func application(for findings: [Finding]) -> GrantDraft {
            GrantDraft(for: findings, controls: controls, inventory: inventory, model: plan.model, from: plan.now)
        }
        let whole = application(for: judgement.findings)
        let draft = all ? whole : application(for: plan.model.admission.refused(judgement.findings, of: controls))
        try Output.standard.write(draft.text)
        for refusal in draft.refusals { Output.note(refusal) }
        for gap in estate.gaps + judgement.gaps { Output.note("\(gap.source):\(gap.line): \(gap.message)") }
        if !options.estate.quiet {
            if draft.text.isEmpty, draft.refusals.isEmpty { Output.note("nothing here needs a grant under model \(plan.model.name)") }
            let more = whole.count - draft.count
            if more > 0 { Output.note("note: model \(plan.model.name) only warns of \(more) more that can be granted; --all asks for those, too") }
        }
        if !draft.refusals.isEmpty { throw Failure(code: .findings, description: "") }
        if !estate.gaps.isEmpty || !judgement.gaps.isEmpty { throw Failure(code: .incomplete, description: "") }
    }
}
