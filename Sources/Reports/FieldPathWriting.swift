import Controls
import Documents
import Kubernetes

extension ByteWriter {
    /// Writes `spec.containers[0].securityContext.privileged`, relative to the object, with what is missing appended.
    ///
    /// - Parameter escaping: writes it as the inside of a JSON string.
    mutating func fieldPath(of finding: Finding, in object: KubernetesObject, escaping: Bool = true) {
        var isFirst = true
        // The closure may not capture an inout writer, so the steps write through a pointer that lives as long as the call.
        let isInside = withUnsafeMutablePointer(to: &self) { writer in
            finding.place.forEachStep(from: object.root) { step in
                writer.pointee.step(step, isFirst: isFirst, escaping: escaping)
                isFirst = false
            }
        }
        if !isInside {
            // The place stands in another object than the one that is judged, such as the role of a binding.
            let path = finding.place.fieldPath
            if escaping { escaped(path) } else { text(path) }
            isFirst = path.isEmpty
        }
        guard !finding.missing.isEmpty else { return }
        if !isFirst { byte(UInt8(ascii: ".")) }
        if escaping { escaped(finding.missing) } else { text(finding.missing) }
    }

    private mutating func step(_ step: PathStep, isFirst: Bool, escaping: Bool) {
        switch step {
        case .item(let index):
            byte(UInt8(ascii: "["))
            number(index)
            byte(UInt8(ascii: "]"))
        case .key(let key):
            if isPlain(key) {
                if !isFirst { byte(UInt8(ascii: ".")) }
                if escaping { escaped(key) } else { bytes(key) }
            } else if escaping {
                text("[\\\"")
                escaped(key)
                text("\\\"]")
            } else {
                text("[\"")
                bytes(key)
                text("\"]")
            }
        }
    }
}

/// Whether a key needs no quotes in a path; the same rule as in `Value.fieldPath`.
private func isPlain(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
    for byte in key where byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "[") { return false }
    return !key.isEmpty
}
