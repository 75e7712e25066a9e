/// One step of the way from an object down to a value inside it.
public enum PathStep {
    /// The entry of a mapping, by the bytes of its key; they are valid only while the step is being read.
    case key(UnsafeBufferPointer<UInt8>)
    /// The item of a sequence, counted from zero.
    case item(Int)
}

extension Value {
    /// Walks the steps from `ancestor` down to this value without making a string of any, so that a report can
    /// write a hundred thousand paths. The work depends on the size of the object, never on that of the list the object came in.
    ///
    /// - Returns: false, without a step, when this value does not stand inside `ancestor`.
    @discardableResult
    public func forEachStep(from ancestor: Value, _ body: (PathStep) -> Void) -> Bool {
        guard isInside(ancestor) else { return false }
        tree.nodes.withUnsafeBufferPointer { nodes in
            tree.text.withUnsafeBufferPointer { text in
                var parent = Int(ancestor.index)
                while parent != Int(index) {
                    var child = parent + 1
                    var position = 0
                    while child + Int(nodes[child].length) <= Int(index) {
                        child += Int(nodes[child].length)
                        position += 1
                    }
                    if nodes[parent].kind == .sequence {
                        body(.item(position))
                    } else {
                        let start = Int(nodes[child].keyOffset)
                        body(.key(UnsafeBufferPointer(rebasing: text[start..<start + Int(nodes[child].keyLength)])))
                    }
                    parent = child
                }
            }
        }
        return true
    }
}
