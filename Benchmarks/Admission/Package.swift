// swift-tools-version: 6.2
import PackageDescription

let nio: [Target.Dependency] = ["NIOCore", "NIOPosix", "NIOTLS"].map { .product(name: $0, package: "swift-nio") }

let package = Package(
    name: "AdmissionBenchmark",
    dependencies: [
        .package(name: "demarc", path: "../.."),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Sends reviews and measures; knows nothing of Demarc, so that it measures anybody's webhook.
        .executableTarget(
            name: "AdmissionLoad", dependencies: nio + [.product(name: "NIOSSL", package: "swift-nio-ssl")],
            swiftSettings: [.swiftLanguageMode(.v6)]),
        // The same server as `demarc serve`, with nothing to decide.
        .executableTarget(
            name: "AdmissionBaseline",
            dependencies: nio + [
                .product(name: "Server", package: "demarc"), .product(name: "Admission", package: "demarc"),
                .product(name: "X509", package: "swift-certificates"), .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"), .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6)],
            linkerSettings: [.linkedLibrary("m")]),
        // Hummingbird as it comes, answering the same constant: what the baseline above was before a connection was served on the thread that reads it.
        .executableTarget(
            name: "StockBaseline",
            dependencies: nio + [
                .product(name: "Hummingbird", package: "hummingbird"), .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "X509", package: "swift-certificates"), .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6)],
            linkerSettings: [.linkedLibrary("m")]),
    ]
)
