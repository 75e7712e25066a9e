/// Draws who reaches whom: namespaces as boxes, workloads in them, the outside beside them.
///
/// The same estate always gives the same bytes. Nothing is fetched and nothing runs.
public struct FlowPicture {
    /// Where colours come from.
    public enum Palette: Sendable {
        /// Colours as such, for a file of its own.
        case plain
        /// Variables of the page around it, which follows the reader's light or dark.
        case page
    }

    /// Nodes that can still be told apart.
    public static let maximumNodes = 60

    private let graph: FlowGraph
    private let palette: Palette
    private let layout: PictureLayout

    public init(of model: NetworkModel, platforms: [String] = [], maximumNodes: Int = maximumNodes, palette: Palette = .plain) {
        graph = FlowGraph(model, maximum: maximumNodes, platforms: platforms)
        layout = PictureLayout(graph)
        self.palette = palette
    }

    public var svg: String {
        let (width, height) = (layout.width, layout.height + PictureLayout.legend)
        var svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" viewBox=\"0 0 \(width) \(height)\" "
        svg += "role=\"img\" font-family=\"system-ui, 'DejaVu Sans', sans-serif\" font-size=\"12\">\n"
        svg += "<title>Who reaches whom</title>\n<defs>"
        for (name, colour) in [("flow", flowColour), ("entry", entryColour)] {
            svg += "<marker id=\"demarc-\(name)\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" "
            svg += "orient=\"auto-start-reverse\"><path d=\"M0 0L8 4L0 8z\" fill=\"\(colour)\"/></marker>"
        }
        svg += "</defs>\n"
        if palette == .plain { svg += "<rect width=\"\(width)\" height=\"\(height)\" fill=\"\(colour("bg", "#f6f7f9"))\"/>\n" }
        for box in layout.boxes { svg += self.box(box) }
        // Lines below nodes, words above all.
        for edge in layout.lines { svg += line(edge) }
        svg += outside()
        for (index, place) in layout.nodes.enumerated() { svg += node(graph.nodes[index], place) }
        for edge in layout.lines { svg += label(edge) }
        return svg + legend(y: layout.height) + "</svg>\n"
    }

    // MARK: - Parts

    private func box(_ box: PictureLayout.Box) -> String {
        """
        <rect x="\(box.x)" y="\(box.y)" width="\(box.width)" height="\(box.height)" rx="10" fill="\(colour("card", "#ffffff"))" \
        stroke="\(colour("line", "#dfe3ea"))"/>
        <text x="\(box.x + 12)" y="\(box.y + 19)" font-weight="600" fill="\(colour("soft", "#5b6678"))">\(text(box.label, 26))</text>

        """
    }

    private func node(_ node: FlowGraph.Node, _ place: PictureLayout.Place) -> String {
        let ink = colour("ink", "#1b2330")
        var svg = """
            <g><title>\(FlowPicture.escape(node.label)) (\(FlowPicture.escape(node.detail)))</title>\
            <rect x="\(place.x)" y="\(place.y)" width="\(PictureLayout.nodeWidth)" height="\(PictureLayout.nodeHeight)" rx="6" \
            fill="\(colour("bg", "#f6f7f9"))" stroke="\(node.isOpen ? entryColour : colour("line", "#c4cbd6"))"\
            \(node.isOpen ? " stroke-dasharray=\"4 3\"" : "")/>\
            <text x="\(place.x + 10)" y="\(place.y + 15)" fill="\(ink)">\(text(node.label, 25))</text>\
            <text x="\(place.x + 10)" y="\(place.y + 28)" font-size="10" fill="\(colour("soft", "#5b6678"))">\(text(node.detail, 25))</text>
            """
        if node.isFree {
            let (x, y) = (place.x + PictureLayout.nodeWidth - 12, place.y + 17)
            svg += "<path d=\"M\(x - 8) \(y + 4)L\(x) \(y - 4)M\(x - 6) \(y - 4)H\(x)V\(y + 2)\" fill=\"none\" stroke=\"\(flowColour)\"/>"
        }
        return svg + "</g>\n"
    }

    private func outside() -> String {
        guard layout.hasOutside else { return "" }
        let (place, height) = (layout.outside, PictureLayout.outsideHeight)
        return """
            <rect x="\(place.x)" y="\(place.y)" width="\(PictureLayout.outsideWidth)" height="\(height)" rx="\(height / 2)" \
            fill="\(entryColour)"/>\
            <text x="\(place.x + PictureLayout.outsideWidth / 2)" y="\(place.y + height / 2 + 4)" text-anchor="middle" font-weight="600" \
            fill="#ffffff">outside</text>

            """
    }

    private func line(_ line: PictureLayout.Line) -> String {
        let edge = graph.edges[line.edge]
        let (name, stroke) = edge.isEntry ? ("entry", entryColour) : ("flow", flowColour)
        let start = edge.isMutual ? " marker-start=\"url(#demarc-\(name))\"" : ""
        return """
            <path d="M\(line.start.x) \(line.start.y)C\(line.firstControl.x) \(line.firstControl.y) \(line.secondControl.x) \
            \(line.secondControl.y) \(line.end.x) \(line.end.y)" fill="none" stroke="\(stroke)" \
            stroke-width="\(edge.isEntry ? 2 : 1.2)" opacity="0.8"\(start) marker-end="url(#demarc-\(name))"/>

            """
    }

    private func label(_ line: PictureLayout.Line) -> String {
        let edge = graph.edges[line.edge]
        guard !edge.label.isEmpty else { return "" }
        return """
            <text x="\(line.label.x)" y="\(line.label.y)" text-anchor="middle" font-size="10" fill="\(colour("ink", "#1b2330"))" \
            stroke="\(colour("card", "#ffffff"))" stroke-width="3" paint-order="stroke">\(text(edge.label, 34))</text>

            """
    }

    private func legend(y: Int) -> String {
        let soft = colour("soft", "#5b6678")
        let words = [
            "dashed red border: takes every connection from everywhere · arrow in the corner: may open every connection",
            "red line: a way in from outside · line without words: every connection",
        ]
        var svg = ""
        for (row, text) in words.enumerated() {
            svg += "<text x=\"20\" y=\"\(y + 14 + 16 * row)\" font-size=\"11\" fill=\"\(soft)\">\(text)</text>\n"
        }
        var remarks: [String] = []
        if graph.isCollapsed { remarks.append("Too many workloads for a picture: each node is a namespace.") }
        if graph.left > 0 { remarks.append("\(graph.left) more namespaces are not shown.") }
        if layout.hiddenLines > 0 { remarks.append("\(layout.hiddenLines) more lines are not shown.") }
        if !remarks.isEmpty {
            svg += "<text x=\"20\" y=\"\(y + 46)\" font-size=\"11\" fill=\"\(soft)\">\(remarks.joined(separator: " "))</text>\n"
        }
        return svg
    }

    // MARK: - Words and colours

    private var flowColour: String { colour("low", "#3f83c9") }
    private var entryColour: String { colour("high", "#dd4b26") }

    private func colour(_ name: String, _ plain: String) -> String { palette == .plain ? plain : "var(--\(name))" }

    private func text(_ text: String, _ limit: Int) -> String {
        FlowPicture.escape(text.count > limit ? text.prefix(limit - 1) + "…" : text)
    }

    /// Names come from strangers: nothing in them ends an element, and what XML does not know is left out.
    static func escape(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || (0xFFFE...0xFFFF).contains(scalar.value):
                escaped += "\u{FFFD}"
            // What turns the direction of reading could make one name look like another.
            case _ where (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value): escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
