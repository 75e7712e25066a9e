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
        .library(name: "Blame", targets: ["Blame"]),
        .library(name: "Reports", targets: ["Reports"]),
        .library(name: "KubernetesClient", targets: ["KubernetesClient"]),
        .library(name: "Admission", targets: ["Admission"]),
        .library(name: "Server", targets: ["Server"]),
        .library(name: "Ledger", targets: ["Ledger"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.1"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.45.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
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
        room("Blame", imports: ["CZlib", "Documents", "Kubernetes", "Access", "Controls", "Responsibility"]),
        room(
            "Reports",
            imports: [
                "Documents", "Kubernetes", "Access", "Reachability", "Controls", "Responsibility", "Blame",
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        room(
            "Traces",
            imports: [
                "Documents", .product(name: "Tracing", package: "swift-distributed-tracing"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"), .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Logging", package: "swift-log"), .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        room(
            "KubernetesClient",
            imports: [
                "Documents", "Kubernetes", "Traces", .product(name: "Tracing", package: "swift-distributed-tracing"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "X509", package: "swift-certificates"), .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        room("Admission", imports: ["Documents", "Kubernetes", "Controls", "Responsibility", "Blame"]),
        room(
            "Server",
            imports: [
                "Documents", "Kubernetes", "Controls", "Responsibility", "Blame", "Reports", "Traces", "KubernetesClient", "Admission", "Ledger",
                .product(name: "Tracing", package: "swift-distributed-tracing"),
                .product(name: "HummingbirdCore", package: "hummingbird"), .product(name: "HummingbirdHTTP2", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOTLS", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"), .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "X509", package: "swift-certificates"), .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "Crypto", package: "swift-crypto"), .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        room(
            "Commands",
            imports: [
                "Documents", "Kubernetes", "NodeEvidence", "Advisories", "Access", "Reachability", "Controls", "BuiltInControls", "Responsibility",
                "Blame", "Reports", "Traces", "KubernetesClient", "Admission", "Server", "Ledger",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "SystemPackage", package: "swift-system"), .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),
        .executableTarget(name: "demarc", dependencies: ["Commands"], swiftSettings: settings),
        // A real API server for tests that compare with one.
        .target(
            name: "ClusterSupport",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            path: "Tests/ClusterSupport", exclude: ["balancer.py", "client.py"], swiftSettings: settings),
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
        tests("BlameTests", imports: ["Documents", "Kubernetes", "Access", "Controls", "BuiltInControls", "Responsibility", "Blame"]),
        tests(
            "ReportsTests",
            imports: ["Documents", "Kubernetes", "Access", "Reachability", "Controls", "BuiltInControls", "Responsibility", "Reports"],
            beside: ["Golden", "validate.py"]),
        tests(
            "TracesTests",
            imports: [
                "ClusterSupport", "Documents", "Traces", .product(name: "Tracing", package: "swift-distributed-tracing"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        tests(
            "KubernetesClientTests",
            imports: [
                "ClusterSupport", "Documents", "Kubernetes", "Traces", "KubernetesClient", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"), .product(name: "Tracing", package: "swift-distributed-tracing"),
                .product(name: "X509", package: "swift-certificates"), .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        tests(
            "AdmissionTests",
            imports: ["ClusterSupport", "Documents", "Kubernetes", "Controls", "BuiltInControls", "Responsibility", "Blame", "Admission"]),
        tests(
            "ServerTests",
            imports: [
                "ClusterSupport", "Documents", "Kubernetes", "Controls", "BuiltInControls", "Responsibility", "Blame", "Reports", "Traces",
                "KubernetesClient", "Admission", "Server", "Ledger", .product(name: "Tracing", package: "swift-distributed-tracing"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "X509", package: "swift-certificates"), .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "Crypto", package: "swift-crypto"), .product(name: "Logging", package: "swift-log"),
            ]),
        tests(
            "CommandsTests",
            imports: [
                "ClusterSupport", "Documents", "Kubernetes", "Controls", "BuiltInControls", "Responsibility", "Commands", "Reports", "Server",
                "Ledger",
            ]),
        // Appends until it is killed; a test starts it.
        .executableTarget(name: "LedgerCrash", dependencies: ["Ledger"], path: "Tests/LedgerCrash", swiftSettings: settings),
        tests(
            "LedgerTests",
            imports: [
                "Ledger", "LedgerCrash", .product(name: "GRDB", package: "GRDB.swift"), .product(name: "Crypto", package: "swift-crypto"),
            ]),
        tests("RepositoryTests", imports: ["Controls", "BuiltInControls", "Responsibility", "Reports"]),
    ]
)
