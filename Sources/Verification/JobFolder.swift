internal import InputReading

/// A folder with what a training job left behind, under the usual names.
struct JobFolder {
  let path: String
  private let names: [String]

  init(path: String) throws(VerificationError) {
    guard FileKind(path: path) != nil else { throw .input(.notFound(path)) }
    do throws(InputError) {
      names = try InputFile.names(in: path)
    } catch { throw .input(error) }
    self.path = path.hasSuffix("/") ? path : path + "/"
  }

  /// The file of that name, where it is there.
  func file(_ name: String) -> String? { names.contains(name) ? path + name : nil }

  /// The table of that name, whatever its format.
  ///
  /// - Throws: ``VerificationError/ambiguousFile(folder:candidates:option:)`` if there are several.
  func table(_ stem: String) throws(VerificationError) -> String? {
    let found = names.filter { $0.hasPrefix(stem + ".") }
    guard found.count <= 1 else {
      throw .ambiguousFile(folder: path, candidates: found, option: "--\(stem)")
    }
    return found.first.map { path + $0 }
  }

  /// The logs: `logs/` and every `*.log`.
  var logs: [String] {
    (file("logs").map { [$0] } ?? []) + names.filter { $0.hasSuffix(".log") }.map { path + $0 }
  }
}

extension Settings {
  /// These settings with the files that they do not name taken from a folder, by convention.
  func completed(from folder: JobFolder) throws(VerificationError) -> Settings {
    var settings = self
    if job == nil { settings.job = folder.file("training-job.json") }
    if artifact == nil { settings.artifact = folder.file("model.tar.gz") }
    if logs.isEmpty { settings.logs = folder.logs }
    if metrics.isEmpty {
      settings.metrics = ["metrics.json", "output.tar.gz"].compactMap(folder.file)
    }
    if predictions == nil { settings.predictions = try folder.table("predictions") }
    if holdout == nil { settings.holdout = try folder.table("holdout") }
    if sample == nil { settings.sample = try folder.table("sample") }
    return settings
  }
}
