// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "AccessBenchmark",
    products: [.library(name: "AccessCorpus", targets: ["AccessCorpus"])],
    dependencies: [.package(name: "demarc", path: "../..")],
    targets: [
        // The estate that all measurements of access share.
        .target(name: "AccessCorpus", swiftSettings: [.swiftLanguageMode(.v6)]),
        .executableTarget(
            name: "AccessBenchmark",
            dependencies: ["AccessCorpus"] + ["Documents", "Kubernetes", "Access"].map { .product(name: $0, package: "demarc") },
            swiftSettings: [.swiftLanguageMode(.v6)],
            linkerSettings: [.linkedLibrary("m")]),
    ]
)
