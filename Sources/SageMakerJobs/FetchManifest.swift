internal import InputReading
internal import OutputWriting
internal import Reports

/// What of a job has been fetched and is whole: `fetched.json` in its folder.
struct FetchManifest {
  /// A file that was fetched.
  struct File: Equatable {
    /// The path in the folder.
    var path: String
    /// The digest of its bytes.
    var sha256: String
    /// Its bytes.
    var size: Int
    /// Where it is from: an address in S3, or a log stream.
    var source: String
    /// What tells versions of the source apart: an object's entity tag, or how far a stream was read.
    var version: String
  }

  /// The job.
  let job: String
  /// The files, by path.
  private(set) var files: [File] = []

  init(job: String) { self.job = job }

  /// Reads a manifest; one that is damaged vouches for nothing, which costs no more than time.
  init?(path: String, limits: Limits) {
    guard let root = try? JSONDocument(path: path, limits: limits).root,
      root["schema"]?.string == Self.schema, let job = root["job"]?.string
    else { return nil }
    self.job = job
    files = (root["files"]?.array ?? []).compactMap { file in
      guard let path = file["path"]?.string, let sha256 = file["sha256"]?.string,
        let size = (file["size"]?.number?.value).flatMap(Int.init(exactly:)),
        let source = file["source"]?.string, let version = file["version"]?.string
      else { return nil }
      return File(path: path, sha256: sha256, size: size, source: source, version: version)
    }
  }

  /// The file of that path in a folder, where it is from there and still as it was fetched.
  func wholeFile(_ path: String, from source: String, in folder: String) -> File? {
    guard let file = files.first(where: { $0.path == path && $0.source == source }),
      FileKind(path: folder + path) == .file,
      let found = try? SHA256.hex(ofFile: folder + path),
      found.size == file.size, found.digest == file.sha256
    else { return nil }
    return file
  }

  /// Notes a file that lies in a folder, and writes the manifest there.
  mutating func add(
    _ path: String, from source: String, version: String, in folder: String
  ) throws(SageMakerError) -> File {
    let found: (digest: String, size: Int)
    do throws(InputError) {
      found = try SHA256.hex(ofFile: folder + path)
    } catch { throw .input(error) }
    files.removeAll { $0.path == path }
    let file = File(
      path: path, sha256: found.digest, size: found.size, source: source, version: version)
    files.append(file)
    files.sort { $0.path < $1.path }
    try write(in: folder)
    return file
  }

  private func write(in folder: String) throws(SageMakerError) {
    do throws(OutputError) {
      try OutputFile.write(json.text, toFile: folder + Self.name)
    } catch { throw .output(error) }
  }

  private var json: JSONText {
    .object([
      ("schema", .string(Self.schema)), ("job", .string(job)),
      (
        "files",
        .array(
          files.map { file in
            .object([
              ("path", .string(file.path)), ("sha256", .string(file.sha256)),
              ("size", .integer(file.size)), ("source", .string(file.source)),
              ("version", .string(file.version)),
            ])
          })
      ),
    ])
  }

  /// The manifest's own name.
  static let name = "fetched.json"
  private static let schema = "assay.fetch/1"
}
