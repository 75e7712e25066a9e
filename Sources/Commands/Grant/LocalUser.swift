#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Who runs the program, as the operating system says. On a machine of one's own that is a record and no proof: whoever administers it can be
/// anybody.
struct LocalUser: Sendable {
    let name: String
    let groups: [String]

    /// Of the effective user and its groups.
    static var current: LocalUser {
        let id = geteuid()
        let name = getpwuid(id).map { String(cString: $0.pointee.pw_name) } ?? "uid:\(id)"
        var ids = [gid_t](repeating: 0, count: max(0, Int(getgroups(0, nil))))
        let count = getgroups(Int32(ids.count), &ids)
        ids = Array(ids.prefix(max(0, Int(count)))) + [getegid()]
        var groups: [String] = []
        for id in ids {
            let group = getgrgid(id).map { String(cString: $0.pointee.gr_name) } ?? "gid:\(id)"
            if !groups.contains(group) { groups.append(group) }
        }
        return LocalUser(name: name, groups: groups.sorted())
    }
}
