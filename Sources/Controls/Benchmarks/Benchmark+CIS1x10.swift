extension Benchmark {
    public static let cis1x10 = Benchmark(id: "cis-1.10", title: "", sections: [], rows: [])
}
