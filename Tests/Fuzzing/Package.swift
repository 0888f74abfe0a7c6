// swift-tools-version: 6.2
import PackageDescription

/// One program for each reader, named as in `FuzzedReader`.
let readers = [
  "archive", "catboost", "csv", "hdf5", "joblib", "json", "jsonl", "keras", "lightgbm", "logs",
  "mxnet", "npy", "onnx", "pickle", "pytorch", "pytorch-legacy", "safetensors", "savedmodel",
  "xgboost-json", "xgboost-legacy", "xgboost-ubjson", "yaml",
]

// Built by Scripts/fuzz, which instruments Assay's own code and has it built for @testable imports.
let package = Package(
  name: "fuzzing",
  platforms: [.macOS(.v26)],
  dependencies: [.package(name: "assay", path: "../..")],
  targets: [
    .target(name: "CFuzzDriver", path: "Driver"),
    .target(
      name: "FuzzedReaders", dependencies: [.product(name: "Assay", package: "assay")],
      path: "Readers", exclude: ["Replay"]),
  ]
    + readers.map { reader in
      .executableTarget(
        name: "fuzz-\(reader)", dependencies: ["CFuzzDriver", "FuzzedReaders"],
        path: "Programs/\(reader)")
    }
)
