// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "BlameBenchmark",
    dependencies: [.package(name: "demarc", path: "../..")],
    targets: [
        .executableTarget(
            name: "BlameBenchmark",
            dependencies: [
                .product(name: "Blame", package: "demarc"), .product(name: "Kubernetes", package: "demarc"), .product(name: "Responsibility", package: "demarc"),
            ], swiftSettings: [.swiftLanguageMode(.v6)])
    ]
)
