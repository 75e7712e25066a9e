extension Benchmark {
    public static let eks = Benchmark(id: "eks-1.8.0", title: "", sections: [], rows: [])
}
