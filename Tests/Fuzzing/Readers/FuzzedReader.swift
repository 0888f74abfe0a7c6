import DataTables
import Glibc
import InputReading
import PredictiveModels
import TableFiles
import TrainingRecords

@testable import ModelArtifacts
@testable import Verification

/// A reader that is given bytes which nobody wrote for it.
///
/// Whatever they are, reading ends, with a value or an error, in a second and a gigabyte.
public enum FuzzedReader: String, CaseIterable, Sendable {
  case archive
  case catBoost = "catboost"
  /// Delimited text, by the fast and the slow path, which must agree.
  case csv
  case hdf5
  case joblib
  /// A table, a metric file and a job's description.
  case json
  case jsonLines = "jsonl"
  case keras
  case lightGBM = "lightgbm"
  case logs
  case mxNet = "mxnet"
  /// Arrays of NumPy and archives of them.
  case npy
  case onnx
  case pickle
  case pyTorch = "pytorch"
  case pyTorchLegacy = "pytorch-legacy"
  case safetensors
  case savedModel = "savedmodel"
  case xgboostJSON = "xgboost-json"
  case xgboostLegacy = "xgboost-legacy"
  case xgboostUBJSON = "xgboost-ubjson"
  /// Settings and a job's description.
  case yaml

  /// The limits under which memory stays below a gigabyte.
  static var limits: Limits {
    var limits = Limits.standard
    limits.fileSize = 64 << 20
    limits.textSize = 16 << 20
    limits.memberSize = 64 << 20
    limits.archiveSize = 128 << 20
    limits.pickleValues = 500_000
    return limits
  }

  /// Reads bytes; a model that comes of them predicts.
  public func read(_ bytes: [UInt8]) {
    let limits = Self.limits
    switch self {
    case .archive, .joblib:
      predict((try? Artifact(bytes, name: "model", limits: limits))?.model)
    case .pickle: predict(PickleFile(bytes, ReadingOptions(limits: limits)).reading?.model)
    case .catBoost: read(bytes, as: CatBoostModel.json.ofModels)
    case .lightGBM: read(bytes, as: LightGBMModel.text.ofModels)
    case .xgboostJSON, .xgboostLegacy, .xgboostUBJSON:
      for format in XGBoostModel.formats where format.fits(bytes) {
        read(bytes, as: format.ofModels)
      }
    case .onnx: read(bytes, as: ONNXModel.format)
    case .safetensors: read(bytes, as: SafetensorsFile.format)
    case .pyTorchLegacy: read(bytes, as: TorchLegacyFile.format)
    case .mxNet: read(members: bytes, as: MXNetFile.format)
    case .pyTorch: read(members: bytes, as: TorchArchive.format)
    case .keras: read(members: bytes, as: KerasFile.archive)
    case .savedModel: read(members: bytes, as: SavedModel.format)
    case .hdf5: read(bytes, as: KerasFile.hdf5)
    case .csv: DelimitedTwins.read(bytes, limits: limits)
    case .jsonLines: table(bytes, .jsonl)
    case .npy:
      table(bytes, bytes.starts(with: [0x50, 0x4B]) ? .npz : .npy)
    case .json:
      table(bytes, .json)
      _ = try? JobRecord(bytes, from: Place("job.json"), limits: limits)
      _ = MemoryFile.with(bytes) { try? MetricFile(path: $0, limits: limits) }
    case .logs:
      _ = LogFile(bytes, from: Place("train.log"))
      MemoryFile.with(bytes) { path in
        _ = try? LogFile(path: path, limits: limits)
        _ = try? MetricFile(path: path, limits: limits)
      }
    case .yaml:
      _ = try? JobRecord(bytes, from: Place("job.yaml"), limits: limits)
      _ = try? Settings(
        yaml: String(decoding: bytes, as: UTF8.self), at: Place("assay.yaml"), folder: ".")
    }
  }

  private func read(_ bytes: [UInt8], as format: ModelFormat) {
    let file = Member(path: "model", size: bytes.count, kind: .other, bytes: bytes)
    read(file, among: [file], as: format)
  }

  /// Reads each member of a zip file whose members are stored as they are; their checksums need not
  /// fit, which is what keeps a changed member from being read otherwise.
  private func read(members bytes: [UInt8], as format: ModelFormat) {
    let members = StoredMembers.members(of: bytes)
    for member in members { read(member, among: members, as: format) }
    if members.isEmpty { read(bytes, as: format) }
  }

  private func read(_ file: Member, among members: [Member], as format: ModelFormat) {
    let source = ModelSource(path: file.path, bytes: file.bytes, siblings: Siblings(members))
    // A format of one file is read whatever the bytes begin with.
    guard members.count == 1 || format.fits(source, Self.limits) else { return }
    predict(format.read(source, ReadingOptions(limits: Self.limits)).model)
  }

  private func predict(_ model: Model?) {
    guard let model, let count = model.featureCount, (1..<1_000).contains(count) else { return }
    let row = [0.5, .nan, -1, 3, 0, 7, 1e300, 1]
    for start in 0..<2 {
      _ = try? model.predict(
        FeatureMatrix(
          values: (0..<2 * count).map { row[($0 + start) % row.count] }, columnCount: count))
    }
  }

  /// Reads all columns of a table as numbers.
  private func table(_ bytes: [UInt8], _ format: TableFormat) {
    MemoryFile.with(bytes) { path in
      var layout = TableLayout(path: path)
      layout.format = format
      do throws(TableError) {
        let file = try FeatureFile(path: path, layout: layout, limits: Self.limits)
        let count = min(file.columns.count, 100)
        _ = try file.read(features: Array(0..<count))
      } catch { return }
    }
    MemoryFile.with(bytes) { path in
      _ = try? PredictionFile(path: path, limits: Self.limits)
    }
  }
}

/// A zip file whose members are stored as they are.
private enum StoredMembers {
  /// The members by their local headers, up to the first that is none.
  static func members(of bytes: [UInt8]) -> [Member] {
    var members: [Member] = []
    var start = 0
    func number(_ offset: Int, _ width: Int) -> Int {
      (0..<width).reversed().reduce(0) { $0 << 8 | Int(bytes[start + offset + $1]) }
    }
    while start + 30 <= bytes.count, number(0, 4) == 0x0403_4B50 {
      let name = start + 30
      let content = name + number(26, 2) + number(28, 2)
      let end = content + number(18, 4)
      guard number(8, 2) == 0, end <= bytes.count else { break }
      let path = String(decoding: bytes[name..<name + number(26, 2)], as: UTF8.self)
      members.append(
        Member(
          path: path, size: end - content, kind: path.hasSuffix("/") ? .folder : .other,
          bytes: Array(bytes[content..<end])))
      start = end
    }
    return members
  }
}

/// Bytes under a path, for readers of files.
enum MemoryFile {
  /// A file that is there until the program ends, and has no name.
  private static let descriptor: Int32 = {
    var path = Array("/tmp/assay-fuzzed-XXXXXX".utf8CString)
    let descriptor = unsafe mkstemp(&path)
    unsafe unlink(path)
    return descriptor
  }()

  /// Calls a function with the path of a file of these bytes.
  static func with<Result>(_ bytes: [UInt8], _ body: (_ path: String) -> Result) -> Result {
    guard ftruncate(descriptor, 0) == 0,
      unsafe bytes.withUnsafeBytes({ unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) })
        == bytes.count
    else { preconditionFailure("memory for \(bytes.count) bytes") }
    return body("/proc/self/fd/\(descriptor)")
  }
}
