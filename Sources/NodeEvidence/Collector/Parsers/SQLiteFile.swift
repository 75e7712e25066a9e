/// A database of SQLite, read as bytes: enough to walk one table (sqlite.org/fileformat2.html).
struct SQLiteFile {
    private let bytes: [UInt8]
    private let pageSize: Int
    /// Bytes of a page that are used; some at its end may be kept for others.
    private let usable: Int

    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 512, bytes.starts(with: "SQLite format 3\0".utf8) else { return nil }
        let size = Int(bytes[16]) << 8 | Int(bytes[17])
        self.bytes = bytes
        // 1 stands for 65,536, which has no room in two bytes.
        pageSize = size == 1 ? 65_536 : size
        usable = pageSize - Int(bytes[20])
        guard pageSize >= 512, pageSize & (pageSize - 1) == 0, usable >= 480 else { return nil }
    }

    /// Hands on the first blob of each row of a table.
    /// - Returns: false when there is no such table, or a page of it makes no sense.
    func blobs(ofTable name: String, _ body: ([UInt8]) -> Void) -> Bool {
        var root: Int?
        // sqlite_schema: type, name, tbl_name, rootpage, sql.
        let isWhole = walk(1) { payload in
            let columns = columns(payload)
            guard columns.count > 3, case .text(let type) = columns[0], case .text(let table) = columns[1], case .number(let page) = columns[3],
                type == "table", table == name
            else { return }
            root = page
        }
        guard isWhole, let root else { return false }
        return walk(root) { payload in
            for case .blob(let blob) in columns(payload) {
                body(blob)
                return
            }
        }
    }

    private func page(_ number: Int) -> Range<Int>? {
        guard number >= 1, number <= bytes.count / pageSize else { return nil }
        return (number - 1) * pageSize..<number * pageSize
    }

    /// Walks the rows below a page. Pages that come twice would be a circle.
    private func walk(_ root: Int, _ body: ([UInt8]) -> Void) -> Bool {
        var pages = [root]
        var seen: Set<Int> = []
        // No byte of a whole file is part of two rows. In a damaged one each of a thousand rows may claim all pages of a circle.
        var budget = bytes.count * 2
        while let number = pages.popLast() {
            guard seen.insert(number).inserted, let page = page(number) else { return false }
            let header = page.lowerBound + (number == 1 ? 100 : 0)
            let isInterior = bytes[header] == 0x05
            guard isInterior || bytes[header] == 0x0D else { return false }
            let count = Int(bytes[header + 3]) << 8 | Int(bytes[header + 4])
            let pointers = header + (isInterior ? 12 : 8)
            guard pointers + count * 2 <= page.upperBound else { return false }
            if isInterior, let right = bytes.bigEndian(at: header + 8) { pages.append(right) }
            for cell in (0..<count).reversed() where isInterior {
                guard let child = bytes.bigEndian(at: page.lowerBound + pointer(pointers, cell)) else { return false }
                pages.append(child)
            }
            guard pages.count <= bytes.count / pageSize else { return false }
            for cell in 0..<count where !isInterior {
                guard let payload = payload(at: page.lowerBound + pointer(pointers, cell), in: page, &budget) else { return false }
                body(payload)
            }
        }
        return true
    }

    private func pointer(_ start: Int, _ index: Int) -> Int { Int(bytes[start + index * 2]) << 8 | Int(bytes[start + index * 2 + 1]) }

    /// The payload of a cell of a leaf: length, row number, then what fits the page and a chain of pages for the rest.
    /// - Parameter budget: bytes of payloads that may still be read.
    private func payload(at start: Int, in page: Range<Int>, _ budget: inout Int) -> [UInt8]? {
        var position = start
        guard let length = number(&position, in: bytes), number(&position, in: bytes) != nil, length >= 0, length <= budget else { return nil }
        budget -= length
        let most = usable - 35
        var local = length
        if length > most {
            let least = (usable - 12) * 32 / 255 - 23
            let surplus = least + (length - least) % (usable - 4)
            local = surplus <= most ? surplus : least
        }
        guard position + local <= page.upperBound else { return nil }
        var payload = Array(bytes[position..<position + local])
        guard length > local else { return payload }
        var next = bytes.bigEndian(at: position + local) ?? 0
        while payload.count < length {
            guard let page = self.page(next), let following = bytes.bigEndian(at: page.lowerBound) else { return nil }
            let part = min(length - payload.count, usable - 4)
            payload += bytes[(page.lowerBound + 4)..<(page.lowerBound + 4 + part)]
            next = following
        }
        return payload
    }

    private enum Column {
        case number(Int)
        case text(String)
        case blob([UInt8])
        case other
    }

    /// The tables that are read have five columns at most; a header may claim as many empty ones as it has bytes.
    private static let mostColumns = 16

    /// The columns of a record: a header of types, then the values.
    private func columns(_ record: [UInt8]) -> [Column] {
        var position = 0
        guard let headerLength = number(&position, in: record), headerLength <= record.count, headerLength >= 0 else { return [] }
        var columns: [Column] = []
        var value = headerLength
        while position < headerLength, columns.count < SQLiteFile.mostColumns, let type = number(&position, in: record), type >= 0 {
            let length = type >= 12 ? (type - 12) / 2 : [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0][type]
            guard value + length <= record.count else { return [] }
            let content = record[value..<value + length]
            switch type {
            case 1...4: columns.append(.number(content.reduce(0) { $0 << 8 | Int($1) }))
            case 8, 9: columns.append(.number(type - 8))
            case 12...: columns.append(type % 2 == 0 ? .blob(Array(content)) : .text(content.text))
            default: columns.append(.other)
            }
            value += length
        }
        return columns
    }

    /// A number of one to nine bytes with seven bits each.
    private func number(_ position: inout Int, in bytes: [UInt8]) -> Int? {
        var number = 0
        for index in 0..<9 {
            guard position < bytes.count else { return nil }
            let byte = bytes[position]
            position += 1
            if index == 8 { return number << 8 | Int(byte) }
            number = number << 7 | Int(byte & 0x7F)
            if byte < 0x80 { return number }
        }
        return nil
    }
}
