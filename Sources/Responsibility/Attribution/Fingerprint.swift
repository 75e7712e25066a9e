import Controls
import Documents
import Kubernetes

/// 128 bits that name a finding: two lanes of multiply-and-rotate over the same bytes.
///
/// A fingerprint lets a baseline and a tracker recognise a finding on another machine, after lines moved or
/// a file was renamed. It is no security boundary: somebody who may write an object can also look for one
/// whose finding collides with another's, so nothing is granted by a fingerprint alone.
struct Fingerprint {
    private var first: UInt64 = 0xCBF2_9CE4_8422_2325
    private var second: UInt64 = 0x9E37_79B9_7F4A_7C15

    mutating func add(_ byte: UInt8) {
        first = (first ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        let mixed = (second ^ UInt64(byte)) &* 0xFF51_AFD7_ED55_8CCD
        second = (mixed << 29) | (mixed >> 35)
    }

    mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
        for byte in bytes { add(byte) }
    }

    /// One part of the name. The byte behind it never occurs in UTF-8, so that `ab` + `c` is not `a` + `bc`.
    mutating func add(_ part: String) {
        for byte in part.utf8 { add(byte) }
        add(separator)
    }

    var value: Value { Value(one: scrambled(first &+ second), two: scrambled(second ^ (first << 1))) }

    /// The finished 128 bits.
    struct Value: Hashable {
        let one: UInt64
        let two: UInt64

        /// 32 hexadecimal digits.
        var digits: String {
            String(unsafeUninitializedCapacity: 32) { buffer in
                for index in 0..<16 {
                    buffer[index] = hexadecimal(one, index)
                    buffer[index + 16] = hexadecimal(two, index)
                }
                return 32
            }
        }
    }
}

private let separator: UInt8 = 0xFF

/// Lets every bit of the input reach every bit of the output.
private func scrambled(_ lane: UInt64) -> UInt64 {
    var lane = lane
    lane = (lane ^ (lane >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    lane = (lane ^ (lane >> 33)) &* 0xC4CE_B9FE_1A85_EC53
    return lane ^ (lane >> 33)
}

private func hexadecimal(_ lane: UInt64, _ index: Int) -> UInt8 {
    let digit = UInt8(truncatingIfNeeded: lane >> UInt64(60 - 4 * index)) & 0xF
    return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
}

extension Fingerprint {
    /// The name of the next finding that has this name on the same object: a control may find the same value at the
    /// same place twice.
    ///
    /// - Parameter occurrence: 0 for the first.
    func repeated(_ occurrence: Int) -> Fingerprint {
        guard occurrence > 0 else { return self }
        var repeated = self
        repeated.add(String(occurrence))
        return repeated
    }

    init(_ finding: Finding, control: Control, object: KubernetesObject) {
        add(control.id)
        object.addIdentity(to: &self)
        add(finding.container)
        var path = self
        // Rules of a security group have no names and no order that lasts: the rule itself, as the value, names the finding.
        if object.cloud == nil { finding.place.walk(from: object.root) { step, position in path.add(step, position) } }
        self = path
        add(separator)
        add(finding.missing)
        add(finding.value)
    }

    /// One step of the way to the place. Items are named by what survives a change of order where they have
    /// such a thing: their `name`, or the text of a scalar.
    private mutating func add(_ step: Documents.Value, _ position: Int?) {
        guard let position else {
            step.withKey { add($0) }
            return add(separator)
        }
        let name = step.kind == .mapping ? step["name"] : step
        if name.kind == .string {
            name.withText { add($0) }
        } else {
            add(String(position))
        }
        add(separator)
    }
}

extension KubernetesObject {
    fileprivate func addIdentity(to fingerprint: inout Fingerprint) {
        // The version is left out: moving a Deployment from v1beta1 to v1 changes nothing about its findings.
        if let slash = apiVersion.utf8.firstIndex(of: UInt8(ascii: "/")) {
            for byte in apiVersion.utf8[..<slash] { fingerprint.add(byte) }
        }
        fingerprint.add(separator)
        fingerprint.add(kind)
        fingerprint.add(namespace)
        fingerprint.add(name)
    }
}
