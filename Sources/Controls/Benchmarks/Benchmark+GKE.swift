extension Benchmark {
    public static let gke = Benchmark(id: "gke-1.9.0", title: "", sections: [], rows: [])
}
