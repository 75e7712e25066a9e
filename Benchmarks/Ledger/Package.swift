// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "LedgerBenchmark",
    dependencies: [.package(name: "demarc", path: "../..")],
    targets: [
        .executableTarget(
            name: "LedgerBenchmark", dependencies: [.product(name: "Ledger", package: "demarc")], swiftSettings: [.swiftLanguageMode(.v6)])
    ]
)
