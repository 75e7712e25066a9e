extension Benchmark {
    public static let cis1x11 = Benchmark(id: "cis-1.11", title: "", sections: [], rows: [])
}
