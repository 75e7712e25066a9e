// swift-tools-version: 6.3
import PackageDescription

/// The language switches every module shares (see `docs/decisions/0001-one-package.md`).
let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .enableUpcomingFeature("InferIsolatedConformances"),
    ] + (Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)])

/// One room of the house: a module under `Sources/` that may import only the lower rooms it names.
func room(_ name: String, imports dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, imports dependencies: [Target.Dependency], beside files: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: files, swiftSettings: settings)
}

let package = Package(
    name: "demarc",
    products: [
        .executable(name: "demarc", targets: ["demarc"]),
        // For the nested packages of `Benchmarks/` and `Fuzz/`.
        .library(name: "Documents", targets: ["Documents"]),
        .library(name: "Kubernetes", targets: ["Kubernetes"]),
        .library(name: "Access", targets: ["Access"]),
        .library(name: "Reachability", targets: ["Reachability"]),
        .library(name: "NodeEvidence", targets: ["NodeEvidence"]),
        .library(name: "Advisories", targets: ["Advisories"]),
        .library(name: "Controls", targets: ["Controls"]),
        .library(name: "BuiltInControls", targets: ["BuiltInControls"]),
        .library(name: "Responsibility", targets: ["Responsibility"]),
        .library(name: "Reports", targets: ["Reports"]),
        .library(name: "Ledger", targets: ["Ledger"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        room("Documents", imports: ["CLibYAML"]),
        room("Kubernetes", imports: ["Documents"]),
        room("Access", imports: ["Documents", "Kubernetes"]),
        room("Reachability", imports: ["Documents", "Kubernetes"]),
        room(
            "NodeEvidence",
            imports: [
                "Documents", .product(name: "SystemPackage", package: "swift-system"), .product(name: "X509", package: "swift-certificates"),
                .product(name: "SwiftASN1", package: "swift-asn1"), .product(name: "Crypto", package: "swift-crypto"),
            ]),
        room("Advisories", imports: ["Documents"]),
        room("Ledger", imports: [.product(name: "GRDB", package: "GRDB.swift"), .product(name: "Crypto", package: "swift-crypto")]),
        room("Controls", imports: ["Documents", "Kubernetes", "Advisories"]),
        room("BuiltInControls", imports: ["Documents", "Kubernetes", "NodeEvidence", "Advisories", "Controls", "Access", "Reachability"]),
        room("Responsibility", imports: ["Documents", "Kubernetes", "Reachability", "Controls", .product(name: "Crypto", package: "swift-crypto")]),
        room(
            "Reports",
            imports: [
                "Documents", "Kubernetes", "Access", "Reachability", "Controls", "Responsibility", .product(name: "Crypto", package: "swift-crypto"),
            ]),
        room(
            "Commands",
            imports: [
                "Documents", "Kubernetes", "NodeEvidence", "Advisories", "Access", "Reachability", "Controls", "BuiltInControls", "Responsibility",
                "Reports", "Ledger",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        .executableTarget(name: "demarc", dependencies: ["Commands"], swiftSettings: settings),
        // A real API server for tests that compare with one.
        .target(name: "ClusterSupport", path: "Tests/ClusterSupport", exclude: ["client.py"], swiftSettings: settings),
        tests("ClusterTests", imports: ["ClusterSupport"]),
        tests("DocumentsTests", imports: ["ClusterSupport", "Documents"]),
        tests("KubernetesTests", imports: ["ClusterSupport", "Documents", "Kubernetes"]),
        tests("AccessTests", imports: ["ClusterSupport", "Documents", "Kubernetes", "Access"]),
        tests("ReachabilityTests", imports: ["Documents", "Kubernetes", "Reachability"]),
        tests(
            "NodeEvidenceTests",
            imports: [
                "ClusterSupport", "Documents", "NodeEvidence", .product(name: "X509", package: "swift-certificates"),
                .product(name: "SwiftASN1", package: "swift-asn1"), .product(name: "Crypto", package: "swift-crypto"),
            ]),
        tests("AdvisoriesTests", imports: ["Documents", "Advisories"]),
        tests("ControlsTests", imports: ["Documents", "Kubernetes", "Controls"]),
        tests(
            "BuiltInControlsTests",
            imports: ["Documents", "Kubernetes", "NodeEvidence", "Advisories", "Access", "Reachability", "Controls", "BuiltInControls"]),
        tests(
            "ResponsibilityTests",
            imports: ["Documents", "Kubernetes", "Advisories", "Reachability", "Controls", "BuiltInControls", "Responsibility"]),
        tests(
            "ReportsTests",
            imports: ["Documents", "Kubernetes", "Access", "Reachability", "Controls", "BuiltInControls", "Responsibility", "Reports"],
            beside: ["Golden", "validate.py"]),
        // Appends until it is killed; a test starts it.
        .executableTarget(name: "LedgerCrash", dependencies: ["Ledger"], path: "Tests/LedgerCrash", swiftSettings: settings),
        tests(
            "LedgerTests",
            imports: [
                "Ledger", "LedgerCrash", .product(name: "GRDB", package: "GRDB.swift"), .product(name: "Crypto", package: "swift-crypto"),
            ]),
        tests("CommandsTests", imports: ["ClusterSupport", "Commands", "Reports", "Ledger"]),
        tests("RepositoryTests", imports: ["Controls", "BuiltInControls", "Responsibility", "Reports"]),
    ]
)
