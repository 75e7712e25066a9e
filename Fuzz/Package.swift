// swift-tools-version: 6.2
import PackageDescription

// A fuzz target hands one property to libFuzzer. To add one: a folder under `Sources/` like `FuzzYAML`, its name in
// `targets`, a property in `FuzzProperties`, seeds in `Seeds/NAME`, a folder `Kept/NAME`, a dictionary `NAME.dict`.
// Build through `run.sh`: everything needs `-sanitize=fuzzer`, for the coverage that libFuzzer is led by.
let targets = ["FuzzYAML", "FuzzJSON", "FuzzObjects"]

let package = Package(
    name: "demarc-fuzz",
    dependencies: [.package(name: "demarc", path: "..")],
    targets: [
        .target(
            name: "FuzzProperties",
            dependencies: [.product(name: "Documents", package: "demarc"), .product(name: "Kubernetes", package: "demarc")])
    ]
        + targets.map { name in
            .executableTarget(
                name: name, dependencies: ["FuzzProperties"],
                // libFuzzer's runtime brings a `main` of its own, which must give way to that of the target.
                linkerSettings: [.unsafeFlags(["-Xlinker", "--allow-multiple-definition"])])
        }
)
