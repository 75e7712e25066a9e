// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "document-tree-benchmark",
    dependencies: [.package(name: "demarc", path: "../..")],
    targets: [
        .executableTarget(
            name: "DocumentTreeBenchmark", dependencies: [.product(name: "Documents", package: "demarc")],
            swiftSettings: [.swiftLanguageMode(.v6)])
    ]
)
