// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "PodSecurityBenchmark",
    dependencies: [.package(name: "demarc", path: "../..")],
    targets: [
        .executableTarget(
            name: "PodSecurityBenchmark",
            dependencies: ["Documents", "Kubernetes", "Controls", "BuiltInControls"].map { .product(name: $0, package: "demarc") },
            swiftSettings: [.swiftLanguageMode(.v6)],
            linkerSettings: [.linkedLibrary("m")])
    ]
)
