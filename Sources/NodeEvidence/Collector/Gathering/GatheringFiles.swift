internal import SystemPackage

extension Gathering {
    /// Whose eyes a path is seen with.
    struct View {
        var root: RootDirectory
        /// nil for the machine's own.
        var process: (name: String, pid: Int)?
        /// Where relative paths begin.
        var directory: FilePath = "/"
    }

    var machine: View { View(root: root) }

    /// Takes down a file, what is above it, and what it names in turn.
    ///
    /// - Parameters:
    ///   - program: what led to it; nil for a place that is always looked at.
    ///   - saysMissing: whether it is evidence that there is nothing.
    ///   - depth: how many files lead to this one.
    mutating func add(
        _ path: FilePath, _ purpose: FilePurpose, for program: String?, in view: View, saysMissing: Bool = true, depth: Int = 0
    ) {
        // `..` stays for the walk: behind a link it leads elsewhere than the names say.
        let path = path.isAbsolute ? path : view.directory.pushing(path)
        guard depth <= 8, !isExcluded(path) else { return }
        guard evidence.files.count < fileLimit else {
            return note(Refusal(path: "/", operation: .limit, error: "more than \(fileLimit) files; the others were not looked at"))
        }
        let walk = view.root.walk(to: path)
        let isMachine = view.process == nil
        for step in walk.steps where !isMachine || isMachines(step.path) { addEntry(step.path, step.status, target: step.target, for: nil, in: view) }
        switch walk.end {
        case .failure where isMachine && !isMachines(walk.lost ?? path), .success where isMachine && !isMachines((try? walk.end.get().path) ?? path):
            if saysMissing { noteHidden(path) }
        case .failure(let error):
            guard !isExcluded(walk.lost ?? path) else { return }
            addFailure(path, walk.lost ?? path, error, for: program, in: view, saysMissing: saysMissing)
        case .success(let place):
            guard !isExcluded(place.path) else { return }
            let index = addEntry(place.path, place.status, target: nil, for: program, in: view)
            if place.path != path { addAlias(path, of: index, for: program) }
            if evidence.files[index].process == nil, view.process != nil {
                read(place, purpose, index, for: program, in: machine, depth: depth)
            } else {
                read(place, purpose, index, for: program, in: view, depth: depth)
            }
        }
    }

    /// A path as arguments name it, where links lead elsewhere.
    private mutating func addAlias(_ path: FilePath, of index: Int, for program: String?) {
        let text = path.evidenceText
        if !evidence.files[index].aliases.contains(text) { evidence.files[index].aliases.append(text) }
        if let link = evidence.files.firstIndex(where: { $0.path == text && $0.kind == .symlink }), let program {
            if !evidence.files[link].programs.contains(program) { evidence.files[link].programs.append(program) }
        }
    }

    private mutating func addFailure(
        _ path: FilePath, _ lost: FilePath, _ error: Errno, for program: String?, in view: View, saysMissing: Bool
    ) {
        guard error == .noSuchFileOrDirectory || error == .notDirectory else {
            return refuse(viewedText(path, view), .open, error)
        }
        guard saysMissing else { return }
        let key = FileKey(path: lost, viewer: viewer(view))
        let index = fileIndexes[key] ?? evidence.files.count
        if index == evidence.files.count {
            fileIndexes[key] = index
            evidence.files.append(CollectedFile(path: lost.evidenceText, process: view.process?.name, pid: view.process?.pid))
        }
        if let program, !evidence.files[index].programs.contains(program) { evidence.files[index].programs.append(program) }
        if lost != path { addAlias(path, of: index, for: program) }
    }

    /// Takes down one name, once for each that sees another file there.
    @discardableResult
    private mutating func addEntry(_ path: FilePath, _ status: FileStatus, target: FilePath?, for program: String?, in view: View) -> Int {
        var view = view
        // A container mostly sees the machine's own files through a mount: those are no others.
        if view.process != nil, let same = try? root.place(of: path, followsLast: false), same.status.isSameFile(as: status) { view = machine }
        let key = FileKey(path: path, viewer: viewer(view))
        if let index = fileIndexes[key] {
            if let program, !evidence.files[index].programs.contains(program) { evidence.files[index].programs.append(program) }
            return index
        }
        var file = CollectedFile(path: path.evidenceText)
        file.kind = status.kind
        file.status = status
        // A number without a name is written as it is; 0 is root's whatever the table of names says, or when there is none to be seen.
        file.owner = users[status.uid] ?? (status.uid == 0 ? "root" : String(status.uid))
        file.group = groups[status.gid] ?? (status.gid == 0 ? "root" : String(status.gid))
        file.target = target?.evidenceText
        file.programs = program.map { [$0] } ?? []
        file.process = view.process?.name
        file.pid = view.process?.pid
        fileIndexes[key] = evidence.files.count
        evidence.files.append(file)
        return evidence.files.count - 1
    }

    private func viewer(_ view: View) -> String { view.process.map { String($0.pid) } ?? "" }

    private func viewedText(_ path: FilePath, _ view: View) -> String {
        view.process.map { "/proc/\($0.pid)/root\(path.evidenceText)" } ?? path.evidenceText
    }

    // MARK: - Content

    /// Reads what the purpose asks for.
    private mutating func read(
        _ place: RootDirectory.Place, _ purpose: FilePurpose, _ index: Int, for program: String?, in view: View, depth: Int
    ) {
        switch purpose {
        case .mode: return
        case .either(let inner):
            if place.status.kind == .directory {
                addNames(in: place, for: program, in: view, depth: depth) { _ in inner }
            } else {
                read(place, inner, index, for: program, in: view, depth: depth)
            }
        case .each(let inner): addNames(in: place, for: program, in: view, depth: depth) { _ in inner }
        case .keyDirectory: addKeys(in: place, for: program, in: view, depth: depth)
        case .certificates, .document, .manifest, .network, .toml, .unit, .variables:
            // What is not what one place says may still be what another says.
            guard evidence.files[index].content == nil,
                readConfigurations.insert(Reading(file: FileKey(path: place.path, viewer: viewer(view)), purpose: purpose)).inserted
            else { return }
            guard place.status.kind == .file, let beginning = readBeginning(of: place, in: view) else { return }
            if beginning.isTruncated {
                evidence.files[index].isTruncated = true
                note(
                    Refusal(path: viewedText(place.path, view), operation: .limit, error: "more than \(limits.file) bytes; its content was left out"))
            } else if purpose == .certificates {
                addCertificates(beginning.bytes, of: place, for: program, in: view)
            } else {
                keep(beginning.bytes, of: place, purpose, index, for: program, in: view, depth: depth)
            }
        }
    }

    private mutating func readBeginning(of place: RootDirectory.Place, in view: View) -> FileBeginning? {
        do throws(Errno) {
            return try place.read(limit: limits.file)
        } catch {
            refuse(viewedText(place.path, view), .read, error)
            return nil
        }
    }

    private mutating func addNames(
        in place: RootDirectory.Place, for program: String?, in view: View, depth: Int, _ purpose: (String) -> FilePurpose?
    ) {
        guard place.status.kind == .directory else { return }
        do throws(Errno) {
            let names = bounded(try place.names(limit: limits.countedNames), of: place.path)
            for name in names {
                guard let purpose = purpose(name.string) else { continue }
                add(place.path.appending(name), purpose, for: program, in: view, saysMissing: false, depth: depth + 1)
            }
        } catch {
            refuse(viewedText(place.path, view), .list, error)
        }
    }

    /// A directory of keys: what is called like a certificate is read, all else is not even opened.
    private mutating func addKeys(in place: RootDirectory.Place, for program: String?, in view: View, depth: Int) {
        guard depth <= limits.depth else {
            return note(Refusal(path: viewedText(place.path, view), operation: .limit, error: "too deep; what is below was not looked at"))
        }
        addNames(in: place, for: program, in: view, depth: depth) { name in
            if name.hasSuffix(".crt") || name.hasSuffix(".pem") || name.hasSuffix(".cert") || name.hasSuffix(".cer") { return .certificates }
            return name.contains(".") ? .mode : .keyDirectory
        }
    }

    private mutating func addCertificates(_ bytes: [UInt8], of place: RootDirectory.Place, for program: String?, in view: View) {
        let contents = CertificateText.contents(of: bytes)
        if let problem = contents.problem { note(Refusal(path: viewedText(place.path, view), operation: .parse, error: problem)) }
        guard let pem = contents.certificates else { return }
        evidence.certificates.append(
            CollectedCertificate(
                path: place.path.evidenceText, process: view.process?.name, pid: view.process?.pid, pem: pem, programs: program.map { [$0] } ?? []))
    }

    /// Keeps the text of a configuration file without its secrets, and follows what it names.
    private mutating func keep(
        _ bytes: [UInt8], of place: RootDirectory.Place, _ purpose: FilePurpose, _ index: Int, for program: String?, in view: View, depth: Int
    ) {
        guard ContentAdmission.admits(bytes, as: purpose) else {
            return note(
                Refusal(
                    path: viewedText(place.path, view), operation: .redact,
                    error: "cannot be read as what it should be, so its secrets cannot be told; its content was left out"))
        }
        let redacted =
            switch purpose {
            case .toml: LineRedaction.redact(bytes, form: .toml)
            case .unit: LineRedaction.redact(bytes, form: .unit)
            case .variables: LineRedaction.redact(bytes, form: .variables)
            default: DocumentRedaction.redact(bytes)
            }
        if let redacted {
            evidence.files[index].content = redacted.text
            evidence.files[index].redactions = redacted.count
            redactions += redacted.count
        } else {
            note(
                Refusal(
                    path: viewedText(place.path, view), operation: .redact,
                    error: "its secrets cannot be told for sure; its content was left out"))
        }
        var view = view
        view.directory = place.path.removingLastComponent()
        switch purpose {
        case .document, .manifest, .network: follow(DocumentReferences(bytes), of: place, for: program, in: view, depth: depth)
        case .toml: for reference in TOMLReferences.named(in: bytes) { addReference(reference, for: program, in: view, depth: depth) }
        case .unit: for reference in UnitReferences.named(in: bytes) { addReference(reference, for: program, in: view, depth: depth) }
        default: return
        }
    }

    private mutating func follow(_ references: DocumentReferences, of place: RootDirectory.Place, for program: String?, in view: View, depth: Int) {
        for reference in references.files { addReference(reference, for: program, in: view, depth: depth) }
        for certificate in references.certificates {
            evidence.certificates.append(
                CollectedCertificate(
                    path: place.path.evidenceText, user: certificate.user, cluster: certificate.cluster, process: view.process?.name,
                    pid: view.process?.pid, pem: certificate.pem, programs: program.map { [$0] } ?? []))
        }
        for command in references.commands {
            guard let component = ProgramName.of(arguments: command.arguments, executable: nil) else { continue }
            for reference in FileReferences.named(by: component, arguments: command.arguments) {
                guard let path = command.machinePath(reference.path) else { continue }
                addReference(FileReference(path: path, purpose: reference.purpose), for: component, in: machine, depth: depth)
            }
        }
    }

    private mutating func addReference(_ reference: FileReference, for program: String?, in view: View, depth: Int) {
        // `*` in the last name, as containerd's `imports` has it.
        guard let star = reference.path.firstIndex(of: "*") else {
            return add(FilePath(reference.path), reference.purpose, for: program, in: view, depth: depth + 1)
        }
        let path = FilePath(reference.path)
        guard let pattern = path.lastComponent?.string, let starInName = pattern.firstIndex(of: "*"), !reference.path[..<star].isEmpty else { return }
        let (prefix, suffix) = (pattern[..<starInName], pattern[pattern.index(after: starInName)...])
        let folder = path.removingLastComponent()
        guard let place = try? view.root.place(of: folder.isAbsolute ? folder : view.directory.pushing(folder)) else { return }
        addNames(in: place, for: program, in: view, depth: depth) { name in
            name.hasPrefix(prefix) && name.hasSuffix(suffix) ? reference.purpose : nil
        }
    }

    // MARK: - What arguments name

    /// Files that the running components name, as those see them.
    mutating func gatherNamedFiles(inContainers: Bool) {
        for process in evidence.processes ?? [] where (process.container != nil) == inContainers {
            guard let argv = process.argv else { continue }
            let references = FileReferences.named(by: process.name, arguments: argv, environment: process.environment ?? [:])
            guard !references.isEmpty, let view = view(of: process) else { continue }
            for reference in references { add(FilePath(reference.path), reference.purpose, for: process.name, in: view) }
        }
    }

    /// A process outside of any container sees the machine's files; the one in a container those of the container.
    private mutating func view(of process: CollectedProcess) -> View? {
        guard let processFiles else { return nil }
        do throws(Errno) {
            let directory = try processFiles.process(process.pid)
            var view = machine
            view.directory = (try? directory.linkTarget("cwd")) ?? "/"
            guard process.container != nil else { return view }
            view.root = try processFiles.root(of: directory)
            view.process = (process.name, process.pid)
            return view
        } catch {
            refuse("/proc/\(process.pid)/root", .open, error)
            return nil
        }
    }
}
