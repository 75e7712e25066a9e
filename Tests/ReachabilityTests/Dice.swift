/// A generator of its own, so that a failure can be repeated by its seed.
struct Dice {
    private var state: UInt64

    init(seed: Int) { state = UInt64(bitPattern: Int64(seed)) &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678_9ABC_DEF1 }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 16
    }

    /// 0 up to `sides`, which is left out.
    mutating func roll(_ sides: Int) -> Int { Int(next() % UInt64(max(sides, 1))) }

    mutating func isLucky(oneIn sides: Int) -> Bool { roll(sides) == 0 }

    mutating func pick<T>(_ list: [T]) -> T { list[roll(list.count)] }

    mutating func pick<T>(_ count: Int, of list: [T]) -> [T] { (0..<count).map { _ in pick(list) } }
}
