import InputReading
import TestSupport
import Testing

@testable import ModelArtifacts

/// Every file of Datasets/Models/keras/<version> holds what Keras put there, and predicts what Keras predicts.
@Suite struct KerasTests {
  static let files = ["2.15.0", "3.15.1"].flatMap { TensorFixture.all(in: "Models/keras/\($0)") }

  @Test func allFilesAreThere() {
    #expect(Self.files.count == 45 + 51)
  }

  private static let conditions: [String: (Artifact.Condition, code: String)] = [
    "lambda": (.unsafe, "code.lambda"), "custom": (.unsupported, "model.unsupported_custom_object"),
    "skip": (.unsupported, "model.unsupported_inference"),
    "convolution": (.unsupported, "model.unsupported_inference"),
    "broken": (.broken, "model.non_finite_weights"),
    "weights-only": (.unsupported, "model.unsupported_inference"),
  ]

  @Test(arguments: files.filter { !$0.name.hasPrefix("plain-") })
  func modelsSayWhatKerasSays(fixture: TensorFixture) throws {
    let artifact = try Artifact(path: fixture.path)
    let description = try #require(artifact.description, "\(artifact.findings)")
    fixture.expect(description.tensors)
    let name = String(fixture.name.prefix { $0 != "." })
    let expected = Self.conditions[name] ?? (.loadable, "")
    #expect(artifact.condition == expected.0, "\(artifact.findings)")
    #expect(artifact.findings.first?.code ?? "" == expected.code)
    try fixture.expect(artifact)
  }

  private func weights(_ fixture: TensorFixture) throws -> HDF5File {
    let bytes = try fixture.bytes
    guard Archive.isZip(bytes) else { return try HDF5File(bytes, limits: .standard) }
    let members = try #require(try Archive.members(of: bytes, limits: .standard))
    return try HDF5File(
      try #require(members.first { $0.path == "model.weights.h5" }).bytes, limits: .standard)
  }

  @Test(arguments: files)
  func numbersAreThoseOfKeras(fixture: TensorFixture) throws {
    let objects = try weights(fixture).root.all
    fixture.expect(try objects.compactMap { object in try KerasFile.tensor(object) })
  }

  @Test(arguments: files.filter { $0.name.hasPrefix("plain-") })
  func otherFilesAreData(fixture: TensorFixture) throws {
    let values = try weights(fixture).root.all.filter { $0.value != nil }
    #expect(Set(values.map(\.path)) == Set(fixture.outputs.tensors.keys))
    for object in values {
      #expect(object.value?.shape == fixture.outputs.tensors[object.path]?.shape)
      #expect(object.value?.type.name == fixture.outputs.tensors[object.path]?.type)
    }
    let artifact = try Artifact(path: fixture.path)
    #expect(artifact.description == nil && artifact.condition == .broken)
    #expect(artifact.findings.map(\.code) == ["archive.unknown_format", "data.hdf5"])
  }

  /// A file that does not run here lies beside a model that does.
  @Test func otherFilesDoNotKeepAModelFromRunning() throws {
    func bytes(_ name: String) throws -> [UInt8] {
      try #require(Self.files.last { $0.name == name }).bytes
    }
    let folder = try TemporaryFolder()
    let artifact = try Artifact(
      path: folder.write(
        ArchiveBytes.tar([
          ArchiveBytes.Entry("features.h5", bytes("convolution.h5")),
          ArchiveBytes.Entry("model.keras", bytes("binary.keras")),
          ArchiveBytes.Entry("rows.h5", bytes("plain-earliest.h5")),
        ]), to: "model.tar"))
    #expect(artifact.condition == .loadable)
    #expect(artifact.description?.member == "model.keras")
    #expect(artifact.findings.map(\.severity) == [.warning, .info])
  }

  @Test(arguments: files.filter { $0.name.hasPrefix("plain-") })
  func attributesAreRead(fixture: TensorFixture) throws {
    let root = try weights(fixture).root
    #expect(root.attributes["text"]?.text == "a text")
    #expect(root.attributes["names"]?.texts == ["one", "two"])
    #expect(root.attributes["fixed"]?.texts == ["one", "three"])
    #expect(root["group/inner"]?.children.first?.name != nil)
    #expect(root["group/outer"] == nil)
  }

  @Test(arguments: [
    ("Dense", "dense"), ("BatchNormalization", "batch_normalization"), ("Conv2D", "conv2d"),
    ("LSTM", "lstm"), ("ReLU", "re_lu"), ("MyGRUCell", "my_gru_cell"),
  ])
  func classesAreNamedAsInPaths(name: String, path: String) {
    #expect(KerasFile.snakeCase(name) == path)
  }

  // MARK: Configurations

  private func artifact(_ layer: String, version: String = "3.15.1") throws -> Artifact {
    let config = """
      {"module": "keras", "class_name": "Sequential", "config": {"layers": [
      {"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [null, 4]}},
      \(layer)]}}
      """
    let fixture = try #require(Self.files.first { $0.name == "binary.keras" })
    let members = try #require(try Archive.members(of: fixture.bytes, limits: .standard))
    let weights = try #require(members.first { $0.path == "model.weights.h5" })
    let folder = try TemporaryFolder()
    return try Artifact(
      path: folder.write(
        ArchiveBytes.zip([
          ("metadata.json", Array(#"{"keras_version": "\#(version)"}"#.utf8)),
          ("config.json", Array(config.utf8)), ("model.weights.h5", weights.bytes),
        ]), to: "model.keras"))
  }

  @Test(arguments: [
    (
      #"{"module": "os", "class_name": "system", "config": {"command": "true"}}"#,
      Artifact.Condition.unsafe, "os.system"
    ),
    (
      #"{"module": "keras.layers", "class_name": "Lambda", "config": {"function": {"module": "keras.utils", "class_name": "function", "config": "get_file", "registered_name": "get_file"}}}"#,
      .unsafe, "keras.utils.get_file"
    ),
    (
      #"{"module": "builtins", "class_name": "function", "config": "mine", "registered_name": "mine"}"#,
      .unsupported, "mine"
    ),
    (
      #"{"module": "keras.layers", "class_name": "Dense", "config": {"units": 2, "activation": "relu"}}"#,
      .broken, "kernel has the shape [4, 3] where [4, 2] belongs"
    ),
    (
      #"{"module": "keras.layers", "class_name": "Dense", "config": {"units": 3, "use_bias": false}}"#,
      .broken, "2 variables where 1 belong"
    ),
    (
      #"{"module": "keras.layers", "class_name": "Dense", "config": {"units": 3, "activation": "other"}}"#,
      .unsupported, "activation other"
    ),
    (
      #"{"module": "keras.layers", "class_name": "Dense", "config": {"units": 3, "dtype": "mixed_float16"}}"#,
      .unsupported, "mixed_float16"
    ),
    (
      #"{"module": "keras.layers", "class_name": "LSTM", "config": {"name": "l", "units": 3}}"#,
      .unsupported, "layer 'l' of class LSTM"
    ),
    (
      #"{"module": "keras.layers", "class_name": "Rescaling", "config": {"scale": [1, 2]}}"#,
      .broken, "2 numbers for 4 columns"
    ),
  ])
  func whatDoesNotRunIsNamed(layer: String, condition: Artifact.Condition, words: String) throws {
    let artifact = try artifact(layer)
    #expect(artifact.condition == condition, "\(artifact.findings)")
    #expect(artifact.findings.first?.message.contains(words) == true, "\(artifact.findings)")
  }

  /// A file beside the model is a model of its own, but for those that Keras's file is made of.
  @Test func weightsOfAnArchiveAreNoModel() throws {
    let artifact = try artifact(#"{"class_name": "Dropout", "config": {}}"#)
    #expect(artifact.description?.member == "config.json")
    #expect(artifact.findings.isEmpty)
    #expect(artifact.condition == .loadable)
  }

  // MARK: Malformed files

  private static let samples = files.filter {
    ["binary.h5", "plain-earliest.h5", "plain-latest.h5", "binary.keras"].contains($0.name)
      && $0.folder.hasSuffix("3.15.1")
  }

  @Test(arguments: samples)
  func everyCutIsBroken(fixture: TensorFixture) throws {
    try fixture.cut(every: 3)
  }

  @Test(arguments: samples)
  func changedBytesDoNoHarm(fixture: TensorFixture) throws {
    try fixture.changeBytes(times: 300)
  }
}
