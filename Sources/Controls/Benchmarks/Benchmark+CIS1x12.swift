extension Benchmark {
    public static let cis1x12 = Benchmark(id: "cis-1.12", title: "", sections: [], rows: [])
}
