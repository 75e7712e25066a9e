/// One step of the way from an object down to a value inside it.
public enum PathStep {
    /// The entry of a mapping, by the bytes of its key; they are valid only while the step is being read.
    case key(UnsafeBufferPointer<UInt8>)
    /// The item of a sequence, counted from zero.
    case item(Int)
}

extension Value {
    /// Walks the steps from `ancestor` down to this value without making a string of any, so that a report can
    /// write a hundred thousand paths. The work depends on the depth, not on the size of lists above.
    ///
    /// - Returns: false, without a step, when this value does not stand inside `ancestor`.
    @discardableResult
    public func forEachStep(from ancestor: Value, _ body: (PathStep) -> Void) -> Bool {
        guard isInside(ancestor) else { return false }
        tree.nodes.withUnsafeBufferPointer { nodes in
            tree.text.withUnsafeBufferPointer { text in
                var parent = Int(ancestor.index)
                while parent != Int(index) {
                    let found = tree.child(of: Int32(truncatingIfNeeded: parent), above: index)
                    let (child, position) = (Int(found.child), found.position)
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
