import Foundation
import InputReading
import TestSupport
import Testing

@testable import ModelArtifacts

/// The SavedModels of Datasets/Models/tensorflow/<version> are what TensorFlow says they are.
@Suite struct SavedModelTests {
  private struct Outputs: Decodable {
    /// A type, and lengths of which those that may be any are null.
    struct Port: Decodable {
      let type: String
      let shape: [Int?]

      init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        type = try container.decode(String.self)
        shape = try container.decode([Int?].self)
      }
    }

    struct Signature: Decodable {
      let inputs: [String: Port]
      let outputs: [String: Port]
    }

    let tensors: [String: TensorFixture.ExpectedTensor]
    let signatures: [String: Signature]
  }

  private static let versions = ["2.15.1", "2.21.0"]

  private func outputs(_ version: String, _ name: String) throws -> Outputs {
    try JSONDecoder().decode(
      Outputs.self, from: Data(datasetBytes("Models/tensorflow/\(version)/\(name).json")))
  }

  private func source(_ version: String, _ name: String) throws -> ModelSource {
    let members = try ArtifactContents.members(
      ofFolder: dataset("Models/tensorflow/\(version)/\(name)"), limits: .standard)
    let model = try #require(members.first { $0.path == "saved_model.pb" })
    return ModelSource(path: model.path, bytes: model.bytes, siblings: Siblings(members))
  }

  @Test(arguments: versions, ["dense", "broken"])
  func modelsAreWhatTensorFlowSays(version: String, name: String) throws {
    let artifact = try Artifact(path: dataset("Models/tensorflow/\(version)/\(name)"))
    let description = try #require(artifact.description, "\(artifact.findings)")
    #expect(description.frameworkVersion == version)
    let outputs = try outputs(version, name)
    #expect(Set(description.tensors.map(\.name)) == Set(outputs.tensors.keys))
    for tensor in description.tensors {
      let expected = try #require(outputs.tensors[tensor.name])
      #expect(tensor.shape == expected.shape)
      #expect(tensor.type == expected.type)
      #expect(tensor.nanCount == expected.numbers.count { $0.value.isNaN })
      #expect(tensor.infiniteCount == expected.numbers.count { $0.value.isInfinite })
    }
    #expect(Set(description.signatures.map(\.name)) == Set(outputs.signatures.keys))
    for signature in description.signatures {
      let expected = try #require(outputs.signatures[signature.name])
      for (ports, expected) in [
        (signature.inputs, expected.inputs), (signature.outputs, expected.outputs),
      ] {
        #expect(ports.map(\.name) == expected.keys.sorted())
        for port in ports {
          #expect(port.type == expected[port.name]?.type)
          #expect(port.shape == expected[port.name]?.shape)
        }
      }
    }
    #expect(artifact.condition == (name == "dense" ? .unsupported : .broken))
    let code = name == "dense" ? "model.unsupported_inference" : "model.non_finite_weights"
    #expect(artifact.findings.first?.code == code)
  }

  @Test(arguments: versions)
  func numbersAreThoseOfTensorFlow(version: String) throws {
    let source = try source(version, "dense")
    let index = try #require(source.sibling("variables/variables.index"))
    let bundle = try TensorBundle(index: index.bytes) {
      source.sibling("variables/variables." + $0)?.bytes
    }
    let expected = try outputs(version, "dense").tensors
    #expect(!bundle.tensors.isEmpty && bundle.findings.isEmpty && bundle.missingKeys.isEmpty)
    for tensor in bundle.tensors {
      #expect(tensor.doubles == expected[tensor.name]?.numbers.map(\.value))
    }
  }

  @Test(arguments: versions)
  func operationsThatReachOutsideAreUnsafe(version: String) throws {
    let artifact = try Artifact(path: dataset("Models/tensorflow/\(version)/reading"))
    #expect(artifact.condition == .unsafe)
    #expect(artifact.findings.first?.code == "code.dangerous_operation")
    #expect(artifact.findings.first?.message.contains("ReadFile") == true)
  }

  /// What is found in a model of which a file was changed, or taken away.
  private func findings(
    _ name: String, _ change: (inout [UInt8]) -> Void = { _ in }, removing: String? = nil
  ) throws -> [Finding] {
    let source = try source("2.21.0", "dense")
    let members = source.siblings.members.compactMap { member -> Member? in
      if member.path == removing { return nil }
      var bytes = member.bytes
      if member.path == name { change(&bytes) }
      return Member(path: member.path, size: bytes.count, kind: member.kind, bytes: bytes)
    }
    let bytes = try #require(members.first { $0.path == "saved_model.pb" }).bytes
    return SavedModel.format.read(
      ModelSource(path: "saved_model.pb", bytes: bytes, siblings: Siblings(members)),
      ReadingOptions(trees: .library, limits: .standard)
    ).findings
  }

  private static let index = "variables/variables.index"
  private static let shard = "variables/variables.data-00000-of-00001"

  @Test(arguments: [index, shard])
  func filesThatAreMissingAreErrors(name: String) throws {
    let findings = try findings("", removing: name)
    #expect(findings.contains { $0.code == "model.broken" && $0.message.contains(name.suffix(20)) })
  }

  @Test func everyCutOfTheIndexShows() throws {
    let count = try #require(try source("2.21.0", "dense").sibling(Self.index)).size
    for length in 0..<count {
      let findings = try findings(Self.index, { $0 = Array($0[..<length]) })
      if !findings.contains(where: { $0.code == "model.broken" }) { Issue.record("\(length)") }
    }
  }

  /// Every byte of the variables is under a checksum.
  @Test func everyChangeOfTheVariablesShows() throws {
    for (name, step) in [(Self.index, 1), (Self.shard, 3)] {
      let size = try #require(try source("2.21.0", "dense").sibling(name)).size
      for place in stride(from: 0, to: size, by: step) {
        let findings = try findings(name, { $0[place] ^= 0x10 })
        // The footer has zeros that nothing looks at.
        let isFooter = name == Self.index && place >= size - 48
        if !isFooter, !findings.contains(where: { $0.code == "model.broken" }) {
          Issue.record("\(name), byte \(place)")
        }
      }
    }
  }

  @Test func changesOfTheGraphDoNoHarm() throws {
    var random = SplitMix64(seed: 42)
    for change in 0..<300 {
      _ = try findings("saved_model.pb") { bytes in
        if change % 5 == 0 {
          bytes = Array(bytes[..<Int.random(in: 0..<bytes.count, using: &random)])
        } else {
          bytes[Int.random(in: bytes.indices, using: &random)] ^=
            1 << UInt8.random(in: 0..<8, using: &random)
        }
      }
    }
  }

  /// The checksum of "123456789", and of 32 zeros: RFC 3720, appendix B.4.
  @Test func checksumsAreThoseOfTheStandard() {
    #expect(CRC32C(Array("123456789".utf8)[...]).value == 0xE306_9283)
    #expect(CRC32C([UInt8](repeating: 0, count: 32)[...]).value == 0x8A91_36AA)
    var parts = CRC32C()
    for byte in "123456789".utf8 { parts.add([byte][...]) }
    #expect(parts.value == 0xE306_9283)
  }
}
