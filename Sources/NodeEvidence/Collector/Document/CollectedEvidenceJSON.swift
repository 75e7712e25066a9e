internal import Documents

extension CollectedEvidence {
    /// Whether nothing was refused.
    var isComplete: Bool { refusals.allSatisfy(\.isVanished) }

    var json: [UInt8] {
        var json = JSONText()
        json.object { json in
            json.field("apiVersion", EvidenceFormat.apiVersion)
            json.field("kind", EvidenceFormat.kind)
            json.field("collectedAt", collectedAt)
            json.field("nodeName", nodeName)
            json.field("kubernetesVersion", kubernetesVersion)
            json.line()
            json.object("collector") { json in
                json.field("version", collector.version)
                json.field("root", collector.root)
                json.field("processes", collector.processes)
                json.field("uid", collector.uid)
                json.field("milliseconds", collector.milliseconds)
                json.field("complete", isComplete)
                json.strings("excluded", unlessEmpty: collector.excluded)
            }
            json.line()
            json.object("os") { system.write(to: &$0) }
            json.line()
            json.object("kernel") { kernel.write(to: &$0) }
            if let processes { json.lines("processes", processes) { $1.write(to: &$0) } }
            json.lines("files", files) { $1.write(to: &$0) }
            if let sockets { json.lines("sockets", sockets) { $1.write(to: &$0) } }
            if let packages { json.lines("packages", packages) { $1.write(to: &$0) } }
            json.lines("certificates", certificates) { $1.write(to: &$0) }
            if let containers { json.lines("containers", containers) { $1.write(to: &$0) } }
            json.lines("refusals", refusals) { json, refusal in
                json.object { json in
                    json.field("path", refusal.path)
                    json.field("operation", refusal.operation.rawValue)
                    json.field("error", refusal.error)
                }
            }
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }
}

extension CollectedSystem {
    fileprivate func write(to json: inout JSONText) {
        json.field("id", id)
        json.field("versionID", versionID)
        json.field("prettyName", prettyName)
        json.field("variantID", variantID)
        json.field("imageID", imageID)
        json.field("kernel", kernel)
        json.field("kernelBuild", kernelBuild)
        json.field("architecture", architecture)
        json.field("bootedAt", bootedAt)
    }
}

extension CollectedKernel {
    fileprivate func write(to json: inout JSONText) {
        json.map("settings", settings)
        if let modules { json.strings("modules", modules) }
        json.field("commandLine", commandLine)
        json.field("lockdown", lockdown)
        if let installed { json.strings("installed", installed) }
    }
}

extension CollectedProcess {
    fileprivate func write(to json: inout JSONText) {
        json.object { json in
            json.field("name", name)
            json.field("pid", pid)
            if let argv { json.strings("argv", argv) }
            json.field("user", user)
            json.field("uid", uid)
            json.field("executable", executable)
            json.field("startedAt", startedAt)
            if let environment { json.map("environment", environment) }
            json.field("root", root)
            json.field("container", container)
            if let replaced { json.strings("replaced", replaced) }
        }
    }
}

extension CollectedFile {
    fileprivate func write(to json: inout JSONText) {
        json.object { json in
            json.field("path", path)
            if let status, let kind {
                json.field("type", kind.rawValue)
                json.field("mode", status.octalMode)
                json.field("owner", owner)
                json.field("group", group)
                json.field("uid", Int(status.uid))
                json.field("gid", Int(status.gid))
                json.field("size", Int(status.size))
                json.field("modifiedAt", Timestamp(secondsSinceEpoch: Int64(status.modified)).description)
                json.field("target", target)
                if kind == .file {
                    if let content { json.field("content", content) } else { json.null("content") }
                    json.field("redactions", redactions)
                    if isTruncated { json.field("truncated", true) }
                }
            } else {
                json.field("missing", true)
            }
            json.strings("aliases", unlessEmpty: aliases)
            json.strings("for", unlessEmpty: programs)
            json.field("process", process)
            json.field("pid", pid)
        }
    }
}

extension CollectedSocket {
    fileprivate func write(to json: inout JSONText) {
        json.object { json in
            json.field("protocol", networkProtocol)
            json.field("address", address)
            json.field("port", port)
            json.field("process", process)
            json.field("pid", pid)
        }
    }
}

extension CollectedPackage {
    fileprivate func write(to json: inout JSONText) {
        json.object { json in
            json.field("name", name)
            json.field("version", version)
            json.field("architecture", architecture)
            json.field("source", source)
            json.field("sourceVersion", sourceVersion)
            json.field("manager", manager)
        }
    }
}

extension CollectedCertificate {
    fileprivate func write(to json: inout JSONText) {
        json.object { json in
            json.field("path", path)
            json.field("user", user)
            json.field("cluster", cluster)
            json.field("listener", listener)
            json.field("process", process)
            json.field("pid", pid)
            json.field("pem", pem)
            json.strings("for", unlessEmpty: programs)
        }
    }
}

extension CollectedContainer {
    fileprivate func write(to json: inout JSONText) {
        json.object { json in
            json.field("id", id)
            json.field("namespace", namespace)
            json.field("shim", shim)
            json.field("handler", handler)
            json.field("binary", binary)
            json.field("pid", pid)
            json.field("type", type)
            json.field("sandbox", sandbox)
            json.field("podName", podName)
            json.field("podNamespace", podNamespace)
            json.field("podUID", podUID)
            json.field("containerName", containerName)
            json.strings("processes", processes)
        }
    }
}
