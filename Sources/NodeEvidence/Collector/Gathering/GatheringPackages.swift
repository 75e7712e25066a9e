internal import SystemPackage

extension Gathering {
    /// Installed packages, of whichever databases are there. Without a part of dpkg's the list would be one of fewer packages than there are.
    mutating func gatherPackages() {
        var packages: [CollectedPackage]?
        switch readSystemFile("/var/lib/dpkg/status") {
        case .whole(let status): packages = PackageDatabase.packages(status)
        case .absent: break
        case .refused: return
        }
        for name in systemNames("/var/lib/dpkg/status.d") ?? [] where !name.string.hasSuffix(".md5sums") {
            switch readSystemFile(FilePath("/var/lib/dpkg/status.d").appending(name), limit: limits.file) {
            case .whole(let status): packages = (packages ?? []) + PackageDatabase.packages(status, needsStatus: false)
            case .absent: continue
            case .refused: return
            }
        }
        if let rpm = rpmPackages() { packages = (packages ?? []) + rpm }
        evidence.packages = packages?.filter { !$0.name.isEmpty && !$0.version.isEmpty }.sorted { ($0.name, $0.version) < ($1.name, $1.version) }
    }

    /// The databases of rpm, in the places that distributions have for them. A form that is not known here is a refusal, never an empty list.
    private mutating func rpmPackages() -> [CollectedPackage]? {
        for folder in ["/usr/lib/sysimage/rpm", "/var/lib/rpm"] as [FilePath] {
            let path = folder.appending("rpmdb.sqlite")
            if let bytes = systemFile(path, limit: 256 << 20) {
                if let log = systemFile(folder.appending("rpmdb.sqlite-wal"), limit: 1 << 20), !log.isEmpty {
                    note(
                        Refusal(
                            path: folder.appending("rpmdb.sqlite-wal").evidenceText, operation: .parse,
                            error: "changes that are not in the database yet were not read"))
                }
                do throws(RPMDatabase.Unreadable) {
                    return try RPMDatabase.packages(sqlite: bytes)
                } catch {
                    note(Refusal(path: path.evidenceText, operation: .parse, error: error.reason))
                    return nil
                }
            }
            for (name, form) in [("Packages.db", "ndb"), ("Packages", "Berkeley DB")] {
                let path = folder.appending(name)
                guard (try? root.place(of: path)) != nil, !isExcluded(path) else { continue }
                note(
                    Refusal(
                        path: path.evidenceText, operation: .parse,
                        error: "a database of rpm in the form \(form), which is not read; its packages are unknown"))
                return nil
            }
        }
        return nil
    }
}
