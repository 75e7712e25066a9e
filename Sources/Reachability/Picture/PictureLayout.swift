/// Where the parts of a picture stand: boxes in columns, filled from the left, and the outside on the far left.
struct PictureLayout {
    struct Place { var (x, y) = (0, 0) }

    struct Box {
        let label: String
        let x: Int
        let y: Int
        let width: Int
        let height: Int
    }

    struct Line {
        let edge: Int
        let start: Place
        let firstControl: Place
        let secondControl: Place
        let end: Place
        /// Where the words stand.
        let label: Place

        /// A point of the curve, `parts` hundredths of the way along (a cubic Bézier curve).
        func point(at hundredths: Int) -> Place {
            let (t, u) = (Double(hundredths) / 100, 1 - Double(hundredths) / 100)
            func mix(_ value: (Place) -> Int) -> Int {
                let (a, b, c, d) = (Double(value(start)), Double(value(firstControl)), Double(value(secondControl)), Double(value(end)))
                return Int((u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d).rounded())
            }
            return Place(x: mix(\.x), y: mix(\.y))
        }

        fileprivate func labelled(at place: Place) -> Line {
            Line(edge: edge, start: start, firstControl: firstControl, secondControl: secondControl, end: end, label: place)
        }
    }

    static let nodeWidth = 190
    static let nodeHeight = 36
    static let outsideWidth = 90
    static let outsideHeight = 36
    static let legend = 56
    private static let (boxWidth, header, gap, margin) = (214, 28, 8, 20)
    /// Between columns, where lines and their words run.
    private static let alley = 190
    /// Lines beyond this many are a blur.
    private static let maximumLines = 240

    private(set) var boxes: [Box] = []
    private(set) var nodes: [Place] = []
    private(set) var lines: [Line] = []
    private(set) var outside = Place()
    let hasOutside: Bool
    private(set) var width = 0
    private(set) var height = 0
    let hiddenLines: Int

    init(_ graph: FlowGraph) {
        hasOutside = graph.edges.contains { $0.source == .outside || $0.destination == .outside }
        hiddenLines = max(graph.edges.count - PictureLayout.maximumLines, 0)
        nodes = Array(repeating: Place(), count: graph.nodes.count)
        placeBoxes(graph)
        outside = Place(x: PictureLayout.margin, y: max(height / 2 - PictureLayout.outsideHeight / 2, PictureLayout.margin))
        placeLines(graph)
    }

    /// Boxes keep the order of their names; columns are made about equally tall.
    private mutating func placeBoxes(_ graph: FlowGraph) {
        var members: [(namespace: String, nodes: [Int])] = []
        for (index, node) in graph.nodes.enumerated() {
            if members.last?.namespace == node.namespace, !graph.isCollapsed {
                members[members.count - 1].nodes.append(index)
            } else {
                members.append((node.namespace, [index]))
            }
        }
        let heights = members.map { PictureLayout.boxHeight($0.nodes.count, isCollapsed: graph.isCollapsed) }
        let columns = min(max(1, Int((Double(graph.nodes.count) / 3).squareRoot().rounded())), 5, max(members.count, 1))
        let target = (heights.reduce(0, +) + columns - 1) / columns
        let left = PictureLayout.margin + (hasOutside ? PictureLayout.outsideWidth + PictureLayout.alley : 0)
        var (column, y) = (0, PictureLayout.margin)
        for (index, member) in members.enumerated() {
            if y > PictureLayout.margin, y + heights[index] / 2 > PictureLayout.margin + target, column < columns - 1 {
                (column, y) = (column + 1, PictureLayout.margin)
            }
            let x = left + column * (PictureLayout.boxWidth + PictureLayout.alley)
            place(member.nodes, in: member.namespace, x: x, y: y, isCollapsed: graph.isCollapsed)
            y += heights[index] + PictureLayout.margin
            height = max(height, y)
        }
        width = max(left + (column + 1) * (PictureLayout.boxWidth + PictureLayout.alley) - PictureLayout.alley / 2, 720)
        height = max(height, 2 * PictureLayout.margin + PictureLayout.outsideHeight)
    }

    private static func boxHeight(_ count: Int, isCollapsed: Bool) -> Int {
        isCollapsed ? nodeHeight : header + count * (nodeHeight + gap) + gap / 2
    }

    private mutating func place(_ members: [Int], in namespace: String, x: Int, y: Int, isCollapsed: Bool) {
        let inner = x + (PictureLayout.boxWidth - PictureLayout.nodeWidth) / 2
        if !isCollapsed {
            let height = PictureLayout.boxHeight(members.count, isCollapsed: false)
            boxes.append(Box(label: namespace, x: x, y: y, width: PictureLayout.boxWidth, height: height))
        }
        for (row, node) in members.enumerated() {
            nodes[node] = Place(x: inner, y: y + (isCollapsed ? 0 : PictureLayout.header + row * (PictureLayout.nodeHeight + PictureLayout.gap)))
        }
    }

    // MARK: - Lines

    private mutating func placeLines(_ graph: FlowGraph) {
        var words = Words(nodes, outside, boxes)
        // Ways in come first: when there are too many lines, those stay.
        let order = graph.edges.indices.sorted { (graph.edges[$0].isEntry ? 0 : 1, $0) < (graph.edges[$1].isEntry ? 0 : 1, $1) }
        for index in order.prefix(PictureLayout.maximumLines) {
            let line = self.line(graph.edges[index], index)
            let label = graph.edges[index].label
            lines.append(label.isEmpty ? line : line.labelled(at: words.place(on: line, width: min(label.count, 34) * 6)))
        }
    }

    private func line(_ edge: FlowGraph.Edge, _ index: Int) -> Line {
        let (source, destination) = (rectangle(edge.source), rectangle(edge.destination))
        // Between columns from side to side; within one, around its right side.
        let isSameColumn = source.x == destination.x
        let goesRight = source.x < destination.x
        let start = Place(x: isSameColumn || goesRight ? source.x + source.width : source.x, y: source.y)
        let end = Place(x: isSameColumn || !goesRight ? destination.x + destination.width : destination.x, y: destination.y)
        let bend = isSameColumn ? 30 + min(abs(source.y - destination.y) / 6, 60) : max(abs(end.x - start.x) / 2, 40)
        let first = Place(x: start.x + (isSameColumn || goesRight ? bend : -bend), y: start.y)
        let second = Place(x: end.x + (isSameColumn || !goesRight ? bend : -bend), y: end.y)
        return Line(edge: index, start: start, firstControl: first, secondControl: second, end: end, label: start)
    }

    /// The left edge, the middle of the height, and the width of what a line ends at.
    private func rectangle(_ end: FlowGraph.Edge.End) -> (x: Int, y: Int, width: Int) {
        switch end {
        case .outside: (outside.x, outside.y + PictureLayout.outsideHeight / 2, PictureLayout.outsideWidth)
        case .node(let node): (nodes[node].x, nodes[node].y + PictureLayout.nodeHeight / 2, PictureLayout.nodeWidth)
        }
    }

    /// Keeps words on lines from covering each other or a node.
    private struct Words {
        private var taken: [(x: ClosedRange<Int>, y: ClosedRange<Int>)]

        init(_ nodes: [Place], _ outside: Place, _ boxes: [Box]) {
            taken = nodes.map { ($0.x...$0.x + PictureLayout.nodeWidth, $0.y...$0.y + PictureLayout.nodeHeight) }
            taken += boxes.map { ($0.x...$0.x + $0.label.count * 8, $0.y...$0.y + PictureLayout.header) }
            taken.append((outside.x...outside.x + PictureLayout.outsideWidth, outside.y...outside.y + PictureLayout.outsideHeight))
        }

        /// A free place on the line or beside it; its middle when there is none.
        mutating func place(on line: Line, width: Int) -> Place {
            for step in [0, -11, 11, -22, 22] {
                for hundredths in [50, 45, 55, 40, 60, 35, 65, 30, 70, 26, 74, 22, 78, 18, 82, 14, 86] {
                    var place = line.point(at: hundredths)
                    place.y += step
                    let (x, y) = (place.x - width / 2 - 3...place.x + width / 2 + 3, place.y - 9...place.y + 2)
                    guard y.lowerBound > 0, !taken.contains(where: { $0.x.overlaps(x) && $0.y.overlaps(y) }) else { continue }
                    taken.append((x, y))
                    return place
                }
            }
            return line.point(at: 50)
        }
    }
}
