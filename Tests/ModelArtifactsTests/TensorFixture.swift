import DataTables
import Foundation
import InputReading
import PredictiveModels
import TestSupport
import Testing

@testable import ModelArtifacts

/// A file of tensors that a library wrote, with what the library says of it.
struct TensorFixture: Sendable, CustomTestStringConvertible {
  /// A number; NaN and infinities stand as text.
  struct Number: Decodable {
    let value: Double

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let flag = try? container.decode(Bool.self) {
        value = flag ? 1 : 0
      } else if let number = try? container.decode(Double.self) {
        value = number
      } else {
        value = try #require(Double(try container.decode(String.self)))
      }
    }
  }

  struct ExpectedTensor: Decodable {
    let shape: [Int]
    let type: String
    let numbers: [Number]
  }

  struct Outputs: Decodable {
    let tensors: [String: ExpectedTensor]
    let input: [[Double]]?
    let prediction: [[Number]]?
    /// Why it does not run here.
    let refusal: String?
  }

  let folder: String
  let name: String
  let outputs: Outputs

  var testDescription: String { "\(folder.split(separator: "/").last ?? "") \(name)" }
  var path: String { dataset("\(folder)/\(name)") }
  var bytes: [UInt8] { get throws { try datasetBytes("\(folder)/\(name)") } }

  /// The files that a folder's `outputs.json` names.
  static func all(in folder: String) -> [TensorFixture] {
    let outputs = try? JSONDecoder().decode(
      [String: Outputs].self, from: Data(datasetBytes("\(folder)/outputs.json")))
    return (outputs ?? [:]).sorted { $0.key < $1.key }
      .map { TensorFixture(folder: folder, name: $0.key, outputs: $0.value) }
  }

  /// Compares what is told of tensors with what the library says.
  func expect(_ descriptions: [TensorDescription]) {
    #expect(Set(descriptions.map(\.name)) == Set(outputs.tensors.keys))
    #expect(descriptions.count == outputs.tensors.count)
    for tensor in descriptions {
      guard let expected = outputs.tensors[tensor.name] else { continue }
      #expect(tensor.shape == expected.shape)
      #expect(tensor.type == expected.type)
      #expect(tensor.nanCount == expected.numbers.count { $0.value.isNaN })
      #expect(tensor.infiniteCount == expected.numbers.count { $0.value.isInfinite })
    }
  }

  /// Compares every number; complex ones are not read.
  func expect(_ tensors: [StoredTensor]) {
    for tensor in tensors where !tensor.element.rawValue.hasPrefix("complex") {
      let expected = outputs.tensors[tensor.name]?.numbers.map(\.value) ?? []
      let found = tensor.doubles ?? []
      #expect(found.count == expected.count)
      for (found, expected) in zip(found, expected) {
        #expect(found == expected || (found.isNaN && expected.isNaN), "\(tensor.name)")
      }
    }
  }

  /// Compares what the model predicts, where the library's own predictions are recorded.
  func expect(_ artifact: Artifact, tolerance: Double = 1e-6) throws {
    guard let input = outputs.input, let expected = outputs.prediction else {
      #expect(artifact.model == nil)
      return
    }
    let model = try #require(artifact.model, "\(artifact.findings)")
    let features = FeatureMatrix(values: input.flatMap(\.self), columnCount: input[0].count)
    let output = try model.predict(features)
    #expect(output.targets.count == expected[0].count)
    for (index, target) in output.targets.enumerated() {
      for (found, row) in zip(target.numbers ?? [], expected) {
        let wanted = row[index].value
        #expect(abs(found - wanted) <= tolerance * max(1, abs(wanted)))
      }
    }
  }

  /// Reads bytes that were changed; a model that still comes of them predicts, or says why not.
  func changeBytes(times count: Int) throws {
    let bytes = try bytes
    let folder = try TemporaryFolder()
    var random = SplitMix64(seed: UInt64(bytes.count))
    let count = ProcessInfo.processInfo.environment["CHANGES"].flatMap { Int($0) } ?? count
    for change in 0..<count {
      var changed = bytes
      for _ in 0...change % 3 {
        changed[Int.random(in: changed.indices, using: &random)] ^=
          1 << UInt8.random(in: 0..<8, using: &random)
      }
      try read(changed, in: folder)
    }
  }

  private func read(_ bytes: [UInt8], in folder: TemporaryFolder) throws {
    let artifact = try Artifact(path: folder.write(bytes, to: name))
    if let model = artifact.model, let width = model.featureCount, width < 100 {
      _ = try? model.predict(
        FeatureMatrix(values: [Double](repeating: 0.5, count: width), columnCount: width))
    }
  }

  /// Reads every beginning of the file; none is a model.
  func cut(every step: Int = 1) throws {
    let bytes = try bytes
    let folder = try TemporaryFolder()
    for count in stride(from: 0, to: bytes.count, by: step) {
      let artifact = try Artifact(path: folder.write(bytes[..<count], to: name))
      if artifact.condition != .broken || artifact.model != nil { Issue.record("\(count) bytes") }
    }
  }
}
