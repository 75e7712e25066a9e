extension Benchmark {
    public static let cis1x23 = Benchmark(id: "cis-1.23", title: "", sections: [], rows: [])
}
