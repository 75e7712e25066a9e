// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "ReachabilityBenchmark",
    dependencies: [.package(name: "demarc", path: "../..")],
    targets: [
        .executableTarget(
            name: "ReachabilityBenchmark",
            dependencies: ["Documents", "Kubernetes", "Reachability"].map { .product(name: $0, package: "demarc") },
            swiftSettings: [.swiftLanguageMode(.v6)],
            linkerSettings: [.linkedLibrary("m")])
    ]
)
