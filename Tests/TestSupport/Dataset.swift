internal import Foundation

/// The absolute path of the repository.
public let repository =
  // This file is Tests/TestSupport/Dataset.swift there.
  #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
  .joined(separator: "/")

/// The absolute path of a file or folder in `Datasets`.
public func dataset(_ path: String) -> String { "\(repository)/Datasets/\(path)" }

/// The bytes of a file in `Datasets`.
public func datasetBytes(_ path: String) throws -> [UInt8] {
  [UInt8](try Data(contentsOf: URL(fileURLWithPath: dataset(path))))
}

/// Expected values that another program computed: a file of `Datasets/Oracles`.
public struct Oracle<Case: Decodable & Sendable>: Decodable, Sendable {
  /// The program and its version.
  public let source: String
  /// The inputs with their expected values.
  public let cases: [Case]

  /// Reads `Datasets/Oracles/<name>.json`.
  public init(named name: String) throws {
    let bytes = try datasetBytes("Oracles/\(name).json")
    self = try JSONDecoder().decode(Self.self, from: Data(bytes))
  }
}
