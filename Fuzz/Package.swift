// swift-tools-version: 6.2
import PackageDescription

// A fuzz target hands one property to libFuzzer. To add one: a folder under `Sources/` like `FuzzYAML`, its name in
// `targets`, a property in `FuzzProperties`, seeds in `Seeds/NAME`, a folder `Kept/NAME`, a dictionary `NAME.dict`.
// Build through `run.sh`: everything needs `-sanitize=fuzzer`, for the coverage that libFuzzer is led by.
let targets = [
    "FuzzYAML", "FuzzJSON", "FuzzObjects", "FuzzScan", "FuzzGrants", "FuzzModels", "FuzzConfiguration", "FuzzReach", "FuzzReview", "FuzzAudit",
    "FuzzLedger",
]
let rooms = ["Documents", "Kubernetes", "Reachability", "Controls", "BuiltInControls", "Responsibility", "Blame", "Admission", "Ledger", "Reports"]

let package = Package(
    name: "demarc-fuzz",
    dependencies: [.package(name: "demarc", path: "..")],
    targets: [
        .target(name: "FuzzProperties", dependencies: rooms.map { .product(name: $0, package: "demarc") }),
        // Prints the examples of all controls, which `run.sh` makes seeds of.
        .executableTarget(
            name: "ControlExamples",
            dependencies: [
                // Not imported: it defines the entry point that libFuzzer's runtime asks for.
                "FuzzProperties", .product(name: "BuiltInControls", package: "demarc"), .product(name: "Controls", package: "demarc"),
            ],
            linkerSettings: [.unsafeFlags(["-Xlinker", "--allow-multiple-definition"])]),
    ]
        + targets.map { name in
            .executableTarget(
                name: name, dependencies: ["FuzzProperties"],
                // libFuzzer's runtime brings a `main` of its own, which must give way to that of the target.
                linkerSettings: [.unsafeFlags(["-Xlinker", "--allow-multiple-definition"])])
        }
)
