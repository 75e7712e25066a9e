/// Whether a certificate for `pattern` serves `host`: the same name, or one label in place of `*`.
func serverName(_ pattern: String, covers host: String) -> Bool {
    if pattern == host { return true }
    guard pattern.hasPrefix("*."), let dot = host.firstIndex(of: ".") else { return false }
    return host[dot...] == pattern.dropFirst()
}
