// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "benchmarks",
  platforms: [.macOS(.v26)],
  dependencies: [
    .package(name: "assay", path: ".."),
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    .target(name: "BenchmarkInputs", path: "Inputs"),
    .executableTarget(
      name: "Metrics",
      dependencies: [
        "BenchmarkInputs",
        .product(name: "Assay", package: "assay"),
        .product(name: "Benchmark", package: "benchmark"),
      ],
      path: "Metrics",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
    .executableTarget(
      name: "Kernels",
      dependencies: [
        "BenchmarkInputs",
        "CBLASPeer",
        .product(name: "Assay", package: "assay"),
        .product(name: "Benchmark", package: "benchmark"),
      ],
      path: "Kernels",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
    .systemLibrary(name: "CBLASPeer", path: "CBLASPeer", pkgConfig: "openblas"),
    .executableTarget(
      name: "MetricTimes",
      dependencies: ["BenchmarkInputs", .product(name: "Assay", package: "assay")],
      path: "MetricTimes"),
    .executableTarget(
      name: "EngineTimes", dependencies: [.product(name: "Assay", package: "assay")],
      path: "EngineTimes"),
  ]
)
