import InputReading
import TestSupport
import Testing

@testable import ModelArtifacts

/// Every file of Datasets/Models/torch/<version> holds what PyTorch put there.
@Suite struct TorchTests {
  static let files = ["1.12.1", "2.13.0"].flatMap { TensorFixture.all(in: "Models/torch/\($0)") }

  @Test func allFilesAreThere() {
    #expect(Self.files.count == 2 * 17)
  }

  @Test(arguments: files)
  func filesHoldWhatPyTorchSays(fixture: TensorFixture) throws {
    let artifact = try Artifact(path: fixture.path)
    let description = try #require(artifact.description)
    fixture.expect(description.tensors)
    try fixture.expect(artifact)
    let unsafe = artifact.findings.filter { $0.severity == .critical }
    #expect(unsafe.isEmpty)
    let expected: Artifact.Condition =
      fixture.outputs.input != nil
      ? .loadable : fixture.name == "strange.pt" ? .broken : .unsupported
    #expect(artifact.condition == expected, "\(artifact.findings)")
  }

  private func tensors(_ fixture: TensorFixture) throws -> [StoredTensor] {
    let bytes = try fixture.bytes
    if fixture.name.hasSuffix(".safetensors") {
      return try SafetensorsFile(bytes, limits: .standard).tensors
    }
    guard Archive.isZip(bytes) else {
      return try TorchLegacyFile.stateDict(bytes, .standard).tensors
    }
    let members = try #require(try Archive.members(of: bytes, limits: .standard))
    let value = try #require(members.first { $0.path.hasSuffix("/data.pkl") })
    return TorchArchive.stateDict(
      ModelSource(path: value.path, bytes: value.bytes, siblings: Siblings(members)), .standard
    ).tensors
  }

  @Test(arguments: files)
  func numbersAreThoseOfPyTorch(fixture: TensorFixture) throws {
    let tensors = try tensors(fixture)
    #expect(tensors.count == fixture.outputs.tensors.count)
    fixture.expect(tensors)
  }

  /// The checkpoint is looked through inside an archive too, and its storages are no pickles of their own.
  @Test func checkpointsAreFoundInArchives() throws {
    let fixture = try #require(Self.files.first { $0.name == "linear.pt" })
    let folder = try TemporaryFolder()
    let tar = try ArchiveBytes.tar([ArchiveBytes.Entry("model.pth", fixture.bytes)])
    let artifact = try Artifact(path: folder.write(ArchiveBytes.gzip(tar), to: "model.tar.gz"))
    #expect(artifact.condition == .loadable)
    #expect(artifact.description?.member == "model.pth")
    #expect(artifact.findings.isEmpty)
  }

  // MARK: Hostile pickles

  private func archive(_ value: [UInt8], storage: [UInt8] = [0, 0, 0, 0]) throws -> Artifact {
    let folder = try TemporaryFolder()
    return try Artifact(
      path: folder.write(
        ArchiveBytes.zip([
          ("m/data.pkl", PickleBytes.pickle(value)), ("m/data/0", storage),
          ("m/version", Array("3\n".utf8)),
        ]), to: "model.pt"))
  }

  private static func storage(_ key: String = "0", count: Int = 1, name: String = "FloatStorage")
    -> [UInt8]
  {
    PickleBytes.tuple(
      PickleBytes.text("storage"), PickleBytes.global("torch", name), PickleBytes.text(key),
      PickleBytes.text("cpu"), PickleBytes.integer(count)) + [0x51]
  }

  private static func tensor(
    _ storage: [UInt8], offset: Int = 0, shape: [Int], strides: [Int]
  ) -> [UInt8] {
    func lengths(_ lengths: [Int]) -> [UInt8] {
      PickleBytes.mark + lengths.flatMap(PickleBytes.integer) + [0x74]
    }
    return PickleBytes.call(
      "torch._utils", "_rebuild_tensor_v2", storage, PickleBytes.integer(offset), lengths(shape),
      lengths(strides), PickleBytes.bool(false), PickleBytes.none)
  }

  @Test(arguments: [
    (tensor(storage(), shape: [2], strides: [1]), "goes to element 1 of a storage of 1"),
    (tensor(storage(), offset: 1, shape: [1], strides: [1]), "goes to element 1"),
    (tensor(storage(), shape: [.max, 2], strides: [1, 1]), "too large"),
    (tensor(storage(), shape: [2, 2], strides: [.max, .max]), "too large"),
    (tensor(storage("1"), shape: [1], strides: [1]), "storage '1'"),
    (tensor(storage(count: 2), shape: [1], strides: [1]), "which 2 of float32 are not"),
    (tensor(storage(count: .max), shape: [1], strides: [1]), "are not"),
    (tensor(storage(), shape: [1 << 30], strides: [0]), "more than 16 times over"),
    (tensor(storage(), shape: [-1], strides: [1]), "not as torch writes one"),
  ])
  func tensorsOutsideTheirStoragesAreErrors(value: [UInt8], message: String) throws {
    let artifact = try archive(PickleBytes.dictionary([("a", value)]))
    #expect(artifact.model == nil)
    let found = artifact.findings.contains { $0.message.contains(message) }
    #expect(found, "\(artifact.findings)")
  }

  /// The last stride of a single element says nothing.
  @Test func stridesOfSingleElementsAreNotLookedAt() throws {
    let value = Self.tensor(Self.storage(), shape: [1, 1], strides: [.max, .max])
    let artifact = try archive(PickleBytes.dictionary([("a", value)]))
    #expect(artifact.description?.tensors.map(\.shape) == [[1, 1]])
  }

  @Test func otherCallsAndIdentifiersAreUnsafe() throws {
    let call = PickleBytes.call("posix", "system", PickleBytes.text("true"))
    #expect(try archive(call).condition == .unsafe)
    let identifier = PickleBytes.text("anything") + [0x51]
    let artifact = try archive(PickleBytes.dictionary([("a", identifier)]))
    #expect(artifact.findings.first?.code == "code.outside_request")
    let device = try archive(
      PickleBytes.dictionary([
        (
          "a",
          Self.tensor(Self.storage(name: "Storage; import os"), shape: [1], strides: [1])
        )
      ]))
    #expect(device.condition == .unsafe)
  }

  // MARK: Malformed files

  @Test(
    arguments: files.filter {
      ["linear.pt", "training-legacy.pt", "script.pt", "types.safetensors"].contains($0.name)
    })
  func everyCutIsBroken(fixture: TensorFixture) throws {
    try fixture.cut(every: fixture.name == "script.pt" ? 7 : 1)
  }

  @Test(arguments: files)
  func changedBytesDoNoHarm(fixture: TensorFixture) throws {
    try fixture.changeBytes(times: 100)
  }

  @Test(arguments: [
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 8, nil),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 12, "4 bytes follow"),
    (#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, 8, "has 8 bytes"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#, 12, "begins at 4"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,9]}}"#, 8, "stands at [0, 9]"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, 8, "stands at [8, 0]"),
    (#"{"a":{"dtype":"F4","shape":[2],"data_offsets":[0,8]}}"#, 8, "F4"),
    (#"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#, 8, "0 or more"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{}}"#, 8, "different names"),
    (#"{"a":"#, 0, "not JSON"),
  ])
  func safetensorsAreCheckedAsTheLibraryDoes(header: String, count: Int, message: String?) {
    let bytes =
      PickleBytes.littleEndian(UInt64(header.utf8.count)) + Array(header.utf8)
      + [UInt8](repeating: 0, count: count)
    do throws(ModelFormatError) {
      _ = try SafetensorsFile(bytes, limits: .standard)
      #expect(message == nil)
    } catch {
      #expect(message.map { error.message.contains($0) } ?? false, "\(error.message)")
    }
  }
}
