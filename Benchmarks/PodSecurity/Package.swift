// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "PodSecurityBenchmark",
    dependencies: [.package(name: "demarc", path: "../..")],
    targets: [
        .executableTarget(
            name: "PodSecurityBenchmark",
            dependencies: [.product(name: "DemarcControls", package: "demarc")],
            swiftSettings: [.swiftLanguageMode(.v6)],
            linkerSettings: [.linkedLibrary("m")])
    ]
)
