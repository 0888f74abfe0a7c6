// swift-tools-version: 6.2
import PackageDescription

/// What every Swift target is held to: warnings are errors, nothing leaks, unsafe code is marked.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

/// A Swift library of one of the project's levels.
func library(
  _ name: String, _ dependencies: [Target.Dependency], settings: [SwiftSetting] = []
) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict + settings)
}

/// The tests of the library of the same name.
///
/// Tests find their files by path, so that folders of them are no resources.
func tests(
  of name: String, using others: [Target.Dependency] = [], files: [String] = []
) -> Target {
  .testTarget(
    name: name + "Tests",
    dependencies: [.init(stringLiteral: name), "TestSupport"] + others,
    exclude: files,
    swiftSettings: strict)
}

let package = Package(
  name: "assay",
  platforms: [.macOS(.v26)],
  products: [
    .library(name: "Assay", targets: ["Assay"]),
    .executable(name: "assay", targets: ["assay"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    // Without the trait that brings the whole of Foundation.
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
  ],
  targets: [
    // MARK: Level 0: one C or C++ library each
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(
      name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
    .systemLibrary(
      name: "CNettle", pkgConfig: "nettle", providers: [.apt(["nettle-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
      name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
    .target(name: "CSimdJSON", linkerSettings: [.linkedLibrary("simdjson")]),
    .target(name: "CFastFloat"),
    .target(name: "CDuckDB", linkerSettings: [.linkedLibrary("dl")]),
    .target(
      name: "CHighway",
      // Highway compiles the file that it is told of again for each instruction set.
      cxxSettings: [.headerSearchPath(".")],
      linkerSettings: [.linkedLibrary("hwy_contrib"), .linkedLibrary("hwy")]),

    // MARK: Level 1: kernels, bytes, tables
    library("NumericKernels", ["COpenBLAS", "CHighway"]),
    library(
      "InputReading", ["CSimdJSON", "CArchive", "CZlib", "CNettle"],
      settings: [.enableExperimentalFeature("Lifetimes")]),
    library("DataTables", []),
    library("TextSearch", ["CPCRE2"]),

    // MARK: Level 2: metrics, files, models, records
    library("EvaluationMetrics", ["NumericKernels", "DataTables"]),
    library(
      "TableFiles",
      [
        "NumericKernels", "InputReading", "DataTables", "CFastFloat", "CSimdJSON", "CDuckDB",
      ]),
    library("PredictiveModels", ["NumericKernels", "DataTables"]),
    library("TrainingRecords", ["InputReading", "TextSearch", "Yams"]),
    library("OutputWriting", ["InputReading"]),

    // MARK: Level 3: artifacts
    library(
      "ModelArtifacts",
      [
        "PredictiveModels", "DataTables", "InputReading", "CArchive", "CZlib",
      ]),

    // MARK: Level 4: the decision
    library(
      "Verification",
      [
        "ModelArtifacts", "EvaluationMetrics", "TableFiles", "PredictiveModels",
        "TrainingRecords", "DataTables", "InputReading", "Yams",
      ]),

    // MARK: Level 5: how it is told
    library(
      "Reports",
      [
        "Verification", "ModelArtifacts", "EvaluationMetrics", "PredictiveModels",
        "TrainingRecords", "DataTables", "InputReading", "NumericKernels",
      ]),

    // MARK: Level 6: the user's AWS CLI
    library(
      "SageMakerJobs",
      [
        "Reports", "TrainingRecords", "OutputWriting", "InputReading",
        .product(name: "Subprocess", package: "swift-subprocess"),
      ]),

    // MARK: Level 7: the products
    library(
      "Assay",
      [
        "EvaluationMetrics", "TableFiles", "PredictiveModels", "TrainingRecords",
        "ModelArtifacts", "Verification", "Reports", "DataTables", "InputReading",
      ]),
    library(
      "AssayCommands",
      [
        "SageMakerJobs", "OutputWriting", "Reports", "Verification", "ModelArtifacts",
        "EvaluationMetrics", "TableFiles",
        "PredictiveModels", "TrainingRecords", "DataTables", "InputReading",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(name: "assay", dependencies: ["AssayCommands"], swiftSettings: strict),

    // MARK: Tests
    .target(
      name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
    tests(of: "NumericKernels"),
    tests(of: "InputReading"),
    tests(of: "DataTables"),
    tests(of: "TextSearch"),
    tests(of: "EvaluationMetrics", using: ["DataTables"]),
    tests(of: "TableFiles", using: ["DataTables", "InputReading"]),
    tests(of: "PredictiveModels", using: ["DataTables"]),
    tests(of: "TrainingRecords", using: ["InputReading"], files: ["Fixtures"]),
    tests(
      of: "ModelArtifacts", using: ["PredictiveModels", "DataTables", "InputReading"],
      files: ["Fixtures"]),
    tests(
      of: "Verification",
      using: [
        "ModelArtifacts", "EvaluationMetrics", "TableFiles", "PredictiveModels",
        "TrainingRecords", "DataTables", "InputReading",
      ]),
    tests(of: "Reports", using: ["InputReading"]),
    tests(of: "SageMakerJobs", using: ["TrainingRecords", "InputReading", "OutputWriting"]),
    tests(of: "Assay"),
    tests(of: "AssayCommands", using: ["InputReading"], files: ["Inputs", "Transcripts"]),
  ],
  cxxLanguageStandard: .cxx17
)
