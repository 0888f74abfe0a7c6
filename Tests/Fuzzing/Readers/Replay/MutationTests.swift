import Foundation
import TestSupport
import Testing

extension FuzzedFiles {
  /// Files as libraries wrote them, changed at random: whatever they are then, reading ends.
  @Suite struct MutationTests {
    /// The files that a reader is for: those below a folder with one of these endings.
    private static let fixtures: [(reader: FuzzedReader, folder: String, endings: [String])] = [
      (.archive, "Datasets", [".tar.gz"]), (.catBoost, "Datasets/Models/catboost", [".json"]),
      (.csv, "Datasets", [".csv"]), (.hdf5, "Datasets/Models/keras", [".h5"]),
      (.joblib, "Datasets/Models", [".joblib"]), (.json, "Tests", [".json"]),
      (.jsonLines, "Datasets/Corpus/jsonl", [".jsonl"]),
      (.keras, "Datasets/Models/keras", [".keras"]),
      (.lightGBM, "Datasets/Models/lightgbm", [".txt"]),
      (.logs, "Datasets", [".log", "logs-get-log-events.json"]),
      (.mxNet, "Datasets/Models/mxnet", [".params", ".zip"]),
      (.npy, "Datasets/Tables", [".npy", ".npz"]), (.onnx, "Datasets/Models/onnx", [".onnx"]),
      (.pickle, "Datasets/Models", [".pkl"]),
      (.pyTorch, "Datasets/Models/torch", [".pt", ".ckpt"]),
      (.pyTorchLegacy, "Datasets/Models/torch", ["-legacy.pt"]),
      (.safetensors, "Datasets/Models/torch", [".safetensors"]),
      (.savedModel, "Datasets/Corpus/savedmodel", [".zip"]),
      (.xgboostJSON, "Datasets/Models/xgboost", [".json"]),
      (.xgboostLegacy, "Datasets/Models/xgboost", [".model"]),
      (.xgboostUBJSON, "Datasets/Models/xgboost", [".ubj"]), (.yaml, "Datasets", [".yaml"]),
    ]

    /// Scripts/mutate asks for many more.
    private static let mutationCount =
      ProcessInfo.processInfo.environment["MUTATIONS"].flatMap { Int($0) } ?? 40

    @Test func everyReaderHasItsFiles() {
      #expect(Set(Self.fixtures.map(\.reader)) == Set(FuzzedReader.allCases))
    }

    @Test(arguments: fixtures.map(\.reader))
    func changedFilesDoNoHarm(reader: FuzzedReader) throws {
      let family = try #require(Self.fixtures.first { $0.reader == reader })
      let folder = repository + "/" + family.folder
      let names = (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String })
        .map { names in names.filter { name in family.endings.contains { name.hasSuffix($0) } } }
      let files = try (names ?? []).sorted().map { name in
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)))
      }
      .filter { !$0.isEmpty && $0.count < 1 << 17 }
      try #require(!files.isEmpty)
      let mutation =
        FileManager.default.temporaryDirectory.path + "/assay-mutation-" + reader.rawValue
      let isLong = Self.mutationCount > 100
      for seed in 0..<Self.mutationCount {
        var random = SplitMix64(seed: UInt64(seed))
        let bytes = changed(files, using: &random)
        // A trap takes the process with it; the file stays.
        if isLong { try Data(bytes).write(to: URL(fileURLWithPath: mutation)) }
        let time = processorTime { reader.read(bytes) }
        // Code that is not optimised takes some ten times as long.
        #expect(time < .seconds(10), "\(reader.rawValue), seed \(seed): \(time)")
      }
      if isLong { try FileManager.default.removeItem(atPath: mutation) }
    }

    /// One of the files with one to four changes.
    private func changed(_ files: [[UInt8]], using random: inout SplitMix64) -> [UInt8] {
      var bytes = files.randomElement(using: &random) ?? []
      for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
        let place = Int.random(in: bytes.indices, using: &random)
        let length = min(bytes.count - place, 1 << Int.random(in: 0...10, using: &random))
        switch Int.random(in: 0..<8, using: &random) {
        case 0, 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2: bytes[place] = .random(in: .min ... .max, using: &random)
        // Lengths and counts that are none.
        case 3:
          let value: UInt8 = [0, 0x7F, 0x80, 0xFF].randomElement(using: &random) ?? 0
          for index in place..<place + min(8, length) { bytes[index] = value }
        case 4: bytes.removeSubrange(place..<place + length)
        case 5: bytes.insert(contentsOf: bytes[place..<place + length], at: place)
        case 6:
          let other = files.randomElement(using: &random) ?? []
          let start = Int.random(in: 0...other.count, using: &random)
          bytes.replaceSubrange(place..<place + length, with: other[start...].prefix(length))
        default: bytes.removeLast(length)
        }
      }
      return bytes
    }
  }
}
