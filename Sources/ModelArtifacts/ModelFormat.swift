internal import InputReading
internal import PredictiveModels

/// The files of one archive or folder, found by their paths in constant time.
struct Siblings: Sendable {
  let members: [Member]
  private let places: [String: Int]
  private let folders: Set<Substring>

  init(_ members: [Member]) {
    self.members = members
    places = Dictionary(
      members.indices.map { (members[$0].path, $0) }, uniquingKeysWith: { first, _ in first })
    var folders: Set<Substring> = []
    for member in members {
      var path = member.path[...]
      while let slash = path.lastIndex(of: "/") {
        path = path[..<slash]
        guard folders.insert(path).inserted else { break }
      }
    }
    self.folders = folders
  }

  /// The file at a path; `nil` where there is none.
  subscript(path: some StringProtocol) -> Member? { places[String(path)].map { members[$0] } }

  /// Whether there is anything in a folder, given without a slash at its end.
  func hasFolder(_ path: some StringProtocol) -> Bool { folders.contains(Substring(path)) }
}

/// A file that may be a model, with those that lie beside it.
struct ModelSource: Sendable {
  /// The path in the artifact, or in the archive inside it that holds the file.
  let path: String
  /// The content, unpacked where it was compressed as a whole.
  let bytes: [UInt8]
  /// The files of the same archive or folder, this one among them.
  let siblings: Siblings

  /// The path's last part.
  var name: Substring { path.split(separator: "/").last ?? "" }

  /// The path up to the last part.
  var folder: Substring { path.dropLast(name.count) }

  /// The file at a path that is given from this one's folder; `nil` where there is none.
  func sibling(_ relative: String) -> Member? {
    siblings[folder + relative]
  }
}

/// How models are to be read.
struct ReadingOptions: Sendable {
  /// Which trees of an early-stopped booster predict.
  let trees: TreeChoice
  /// How much is read.
  let limits: Limits

  init(trees: TreeChoice = .library, limits: Limits = .standard) {
    self.trees = trees
    self.limits = limits
  }
}

/// What came of reading a file as a model.
struct ModelReading {
  /// What its reader should know; errors, where it is no model that can be used.
  var findings: [Finding] = []
  /// What the file tells of the model, as far as it could be read.
  var description: ModelDescription?
  /// The model, where it runs here.
  var model: Model?

  /// What could not be read.
  init(_ error: ModelFormatError) {
    findings = [Finding(error)]
  }

  init(findings: [Finding] = [], description: ModelDescription? = nil, model: Model? = nil) {
    self.findings = findings
    self.description = description
    self.model = model
  }
}

/// A format of models: how a file of it is recognised, by its content where that tells, and its reader.
///
/// A file is read by the first format that it fits.
struct ModelFormat: Sendable {
  /// The format, in a list of those that a person may hope for.
  let name: String
  let fits: @Sendable (_ source: ModelSource, _ limits: Limits) -> Bool
  let read: @Sendable (_ source: ModelSource, _ options: ReadingOptions) -> ModelReading
  /// Whether a file belongs to a model of this format that lies beside it, and is none by itself.
  let hasAsPart: @Sendable (_ source: ModelSource) -> Bool

  init(
    name: String,
    fits: @escaping @Sendable (_ source: ModelSource, _ limits: Limits) -> Bool,
    read: @escaping @Sendable (_ source: ModelSource, _ options: ReadingOptions) -> ModelReading,
    hasAsPart: @escaping @Sendable (_ source: ModelSource) -> Bool = { _ in false }
  ) {
    self.name = name
    self.fits = fits
    self.read = read
    self.hasAsPart = hasAsPart
  }

  /// The format of a file that is a model by itself; `nil` where it is none.
  static func of(_ source: ModelSource, limits: Limits) -> ModelFormat? {
    guard !all.contains(where: { $0.hasAsPart(source) }) else { return nil }
    return all.first { $0.fits(source, limits) }
  }

  /// Every format that is read, each before those that its files would fit too.
  static let all =
    BoosterFile.formats.map(\.ofModels)
    + [
      SafetensorsFile.format, TorchArchive.format, TorchLegacyFile.format, KerasFile.archive,
      KerasFile.hdf5, SavedModel.format, ONNXModel.format, MXNetFile.format, PickleFile.format,
    ]

  /// The names of all, in a phrase.
  static var supported: String {
    let names = all.map(\.name)
    return names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
  }
}
