internal import InputReading
internal import PredictiveModels

/// A file that may be a model, with those that lie beside it.
struct ModelSource: Sendable {
  /// The path in the artifact, or in the archive inside it that holds the file.
  let path: String
  /// The content, unpacked where it was compressed as a whole.
  let bytes: [UInt8]
  /// The files of the same archive or folder, this one among them.
  let siblings: [Member]

  /// The path's last part.
  var name: Substring { path.split(separator: "/").last ?? "" }

  /// The file at a path that is given from this one's folder; `nil` where there is none.
  func sibling(_ relative: String) -> Member? {
    let folder = path.dropLast(name.count)
    return siblings.first { $0.path == folder + relative }
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

  /// Every format that is read, each before those that its files would fit too.
  static let all = BoosterFile.formats.map(\.ofModels) + [ONNXModel.format, PickleFile.format]

  /// The names of all, in a phrase.
  static var supported: String {
    let names = all.map(\.name)
    return names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
  }
}
