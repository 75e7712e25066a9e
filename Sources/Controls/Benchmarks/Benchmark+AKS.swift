extension Benchmark {
    public static let aks = Benchmark(id: "aks-1.8", title: "", sections: [], rows: [])
}
