// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "AdmissionHandlerBenchmark",
    dependencies: [.package(name: "demarc", path: "../..")],
    targets: [
        .executableTarget(
            name: "AdmissionHandlerBenchmark",
            dependencies: ["Documents", "Kubernetes", "Controls", "BuiltInControls", "Responsibility", "Admission"].map {
                .product(name: $0, package: "demarc")
            },
            swiftSettings: [.swiftLanguageMode(.v6)],
            linkerSettings: [.linkedLibrary("m")])
    ]
)
