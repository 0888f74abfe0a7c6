public import InputReading
internal import OutputWriting
public import TrainingRecords

/// A training job of SageMaker, whose remains are to be fetched into a folder that can be verified.
public struct TrainingJob: Sendable {
  /// A part of the job in the folder.
  public struct Part: Hashable, Sendable {
    /// The path in the folder.
    public let path: String
    /// Its bytes.
    public let size: Int
    /// Where it is from.
    public let source: String
    /// The digest of its bytes, where it is vouched for.
    public let sha256: String?
    /// Whether it was there already, and whole.
    public let wasThere: Bool
  }

  /// What has been fetched.
  public struct Fetched: Sendable {
    /// The job as the service describes it.
    public let record: JobRecord
    /// The parts, in the order in which they were fetched.
    public let parts: [Part]
    /// What is not there, and why.
    public let notes: [String]
  }

  /// The job's name.
  public let name: String
  private let aws: AWSCommandLine
  private let limits: Limits

  /// Creates a job.
  ///
  /// - Parameters:
  ///   - name: The job's name.
  ///   - aws: What asks the service.
  ///   - limits: How much an answer may nest.
  public init(name: String, aws: AWSCommandLine, limits: Limits = .standard) {
    self.name = name
    self.aws = aws
    self.limits = limits
  }

  /// Whether a word can be a job's name: letters, digits and hyphens within, 63 at most.
  public static func isName(_ word: String) -> Bool {
    (1...63).contains(word.utf8.count) && word.first != "-" && word.last != "-"
      && word.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
          || $0 == UInt8(ascii: "-")
      }
  }

  /// Fetches the description, the logs and what the job wrote, each whole or not at all.
  ///
  /// What was fetched before and is whole is kept: a stream of a log is read on from where it ended,
  /// an object is fetched again only if it has changed. `fetched.json` vouches for each part by its
  /// size and SHA-256.
  ///
  /// - Parameter folder: Where to; it is made where it is not there.
  /// - Returns: what the folder has now.
  /// - Throws: ``SageMakerError``; what was fetched before it stays.
  public func fetch(into folder: String) async throws(SageMakerError) -> Fetched {
    let folder = folder.hasSuffix("/") ? folder : folder + "/"
    var manifest =
      FetchManifest(path: folder + FetchManifest.name, limits: limits) ?? FetchManifest(job: name)
    guard manifest.job == name else { throw .otherJob(folder: folder, job: manifest.job) }
    let description = try await aws.run(
      ["sagemaker", "describe-training-job", "--training-job-name", name, "--output", "json"])
    let record: JobRecord
    let place = Place("aws sagemaker describe-training-job")
    do throws(JobRecordError) {
      record = try JobRecord(description, from: place, limits: limits)
    } catch { throw .job(error) }
    try Self.writing { () throws(OutputError) in
      try OutputFile.makeFolder(folder + "logs")
      try OutputFile.write(
        String(decoding: description, as: UTF8.self), toFile: folder + "training-job.json")
    }
    var parts = [
      Part(
        path: "training-job.json", size: description.count,
        source: "aws sagemaker describe-training-job", sha256: nil, wasThere: false)
    ]
    var notes: [String] = []
    let streams = try await streams()
    if streams.isEmpty { notes.append("there are no logs in \(Self.logGroup)") }
    var paths: Set<String> = []
    for stream in streams {
      let path = logPath(of: stream, besides: &paths)
      parts.append(try await fetchLog(stream, to: path, in: folder, &manifest))
    }
    parts += try await fetchOutput(of: record, description, in: folder, &manifest, &notes)
    return Fetched(record: record, parts: parts, notes: notes)
  }

  // MARK: Logs

  private static let logGroup = "/aws/sagemaker/TrainingJobs"

  /// The names of the job's log streams; none where there is no such group.
  private func streams() async throws(SageMakerError) -> [String] {
    let answer: JSONDocument
    do throws(SageMakerError) {
      answer = try await aws.answer(
        [
          "logs", "describe-log-streams", "--log-group-name", Self.logGroup,
          "--log-stream-name-prefix", name + "/",
        ], limits: limits)
    } catch  where error.saysNotFound { return [] }
    return (answer.root["logStreams"]?.array ?? []).compactMap { $0["logStreamName"]?.string }
      .filter { $0.hasPrefix(name + "/") }
  }

  /// Where a stream goes: `logs/` and its name, with nothing in it that could lead elsewhere.
  private func logPath(of stream: String, besides paths: inout Set<String>) -> String {
    let own = stream.dropFirst(name.count + 1).map { character in
      character.isASCII && (character.isLetter || character.isNumber || "-_.".contains(character))
        ? character : "-"
    }
    let plain = "logs/" + String(own.drop { $0 == "." })
    var path = plain + ".log"
    var number = 2
    while !paths.insert(path).inserted {
      path = "\(plain)-\(number).log"
      number += 1
    }
    return path
  }

  /// Reads a stream to its end, on from where it ended the last time.
  private func fetchLog(
    _ stream: String, to path: String, in folder: String, _ manifest: inout FetchManifest
  ) async throws(SageMakerError) -> Part {
    if let file = manifest.wholeFile(path, from: stream, in: folder) {
      do throws(SageMakerError) {
        return try await read(stream, after: file, to: path, in: folder, &manifest)
      } catch  where error.saysBadToken {
        // The service forgets a place after a day; then all is read again.
      }
    }
    return try await read(stream, after: nil, to: path, in: folder, &manifest)
  }

  private func read(
    _ stream: String, after file: FetchManifest.File?, to path: String, in folder: String,
    _ manifest: inout FetchManifest
  ) async throws(SageMakerError) -> Part {
    var (page, next) = try await page(of: stream, after: file?.version)
    if let file, page.isEmpty, next == file.version { return Part(file, wasThere: true) }
    // Beside the folder of logs, so that nobody takes a part of a log for all of it.
    let partial = try Self.writing { () throws(OutputError) in
      try PartialFile(
        for: folder + path, at: folder + path.dropFirst("logs/".count) + Self.partialSuffix)
    }
    if file != nil { try Self.copy(folder + path, to: partial) }
    while true {
      let text = page.map(\.text).joined()
      try Self.writing { () throws(OutputError) in try partial.write(text) }
      let before = next
      (page, next) = try await self.page(of: stream, after: before)
      // The end is where the service gives back the place that it was given.
      if next == before && page.isEmpty { break }
    }
    do throws(OutputError) {
      try partial.finish()
    } catch { throw .output(error) }
    return Part(
      try manifest.add(path, from: stream, version: next, in: folder), wasThere: false)
  }

  private static func copy(
    _ path: String, to partial: borrowing PartialFile
  ) throws(SageMakerError) {
    do throws(InputError) {
      var stream = try FileStream(path: path)
      var bytes: [UInt8] = []
      while try stream.read(1 << 20, into: &bytes) > 0 {
        // A file of lines is text up to each of their ends.
        let end = bytes.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let text = String(decoding: bytes[..<end], as: UTF8.self)
        do throws(OutputError) {
          try partial.write(text)
        } catch { throw InputError.unreadable(path, reason: error.diagnostic.message) }
        bytes.removeFirst(end)
      }
    } catch { throw .input(error) }
  }

  /// Some events of a stream, and the place behind them.
  private func page(
    of stream: String, after place: String?
  ) async throws(SageMakerError) -> (events: [LogEvent], next: String) {
    var words = [
      "logs", "get-log-events", "--log-group-name", Self.logGroup, "--log-stream-name", stream,
      "--start-from-head",
    ]
    if let place { words += ["--next-token", place] }
    let root = try await aws.answer(words, limits: limits).root
    guard let next = root["nextForwardToken"]?.string else {
      throw .incompleteAnswer(command: "aws logs get-log-events", missing: "nextForwardToken")
    }
    return ((root["events"]?.array ?? []).compactMap { LogEvent($0) }, next)
  }

  // MARK: Objects

  /// Fetches the artifact and the archive of other output, as far as they are there.
  private func fetchOutput(
    of record: JobRecord, _ description: [UInt8], in folder: String,
    _ manifest: inout FetchManifest, _ notes: inout [String]
  ) async throws(SageMakerError) -> [Part] {
    var parts: [Part] = []
    if let location = record.artifactLocation {
      if location.hasSuffix(".tar.gz") {
        let artifact = try ObjectLocation(location)
        parts.append(
          try await fetch(
            artifact, try await head(artifact), to: "model.tar.gz", in: folder, &manifest))
      } else {
        notes.append(
          "the artifact is no archive: fetch it with 'aws s3 sync \(location) \(folder)model', and "
            + "name it with --artifact")
      }
    } else {
      notes.append("the job has no artifact")
    }
    guard let output = Self.outputPath(in: description) else { return parts }
    let archive = try ObjectLocation("\(output)/\(name)/output/output.tar.gz")
    do throws(SageMakerError) {
      let object = try await head(archive)
      parts.append(try await fetch(archive, object, to: "output.tar.gz", in: folder, &manifest))
    } catch  where error.saysNotFound {
      notes.append("there is no \(archive)")
    } catch  where error.saysForbidden {
      notes.append("\(archive) is not there, or may not be looked at")
    }
    return parts
  }

  /// Where the job was told to put its output, without a slash at the end.
  private static func outputPath(in description: [UInt8]) -> String? {
    let root = try? JSONDocument(description, from: Place("")).root
    guard var path = root?["OutputDataConfig"]?["S3OutputPath"]?.string else { return nil }
    while path.hasSuffix("/") { path.removeLast() }
    return path.hasPrefix("s3://") ? path : nil
  }

  /// An object's size and version.
  private func head(
    _ location: ObjectLocation
  ) async throws(SageMakerError) -> (size: Int, version: String) {
    let root = try await aws.answer(
      ["s3api", "head-object", "--bucket", location.bucket, "--key", location.key], limits: limits
    ).root
    guard let size = (root["ContentLength"]?.number?.value).flatMap({ Int(exactly: $0) }),
      let version = root["ETag"]?.string
    else {
      throw .incompleteAnswer(command: "aws s3api head-object", missing: "ContentLength and ETag")
    }
    return (size, version)
  }

  /// Fetches an object under a temporary name, and puts it in its place when it is whole.
  private func fetch(
    _ location: ObjectLocation, _ object: (size: Int, version: String), to path: String,
    in folder: String, _ manifest: inout FetchManifest
  ) async throws(SageMakerError) -> Part {
    if let file = manifest.wholeFile(path, from: location.description, in: folder),
      file.version == object.version, file.size == object.size
    {
      return Part(file, wasThere: true)
    }
    let partial = folder + path + Self.partialSuffix
    try Self.writing { () throws(OutputError) in try OutputFile.remove(partial) }
    _ = try await aws.run(["s3", "cp", "--only-show-errors", location.description, partial])
    let size: Int
    do throws(InputError) {
      size = try FileStream(path: partial).size
    } catch { throw .input(error) }
    guard size == object.size else {
      throw .incompleteDownload(partial, size: size, expected: object.size)
    }
    try Self.writing { () throws(OutputError) in try OutputFile.move(partial, to: folder + path) }
    return Part(
      try manifest.add(path, from: location.description, version: object.version, in: folder),
      wasThere: false)
  }

  /// What ends the name of a file that is not whole.
  private static let partialSuffix = ".partial"

  private static func writing<Result: ~Copyable>(
    _ body: () throws(OutputError) -> Result
  ) throws(SageMakerError) -> Result {
    do throws(OutputError) {
      return try body()
    } catch { throw .output(error) }
  }
}

extension TrainingJob.Part {
  fileprivate init(_ file: FetchManifest.File, wasThere: Bool) {
    path = file.path
    size = file.size
    source = file.source
    sha256 = file.sha256
    self.wasThere = wasThere
  }
}

/// Where an object of S3 is: `s3://bucket/key`.
struct ObjectLocation: Hashable, CustomStringConvertible {
  let bucket: String
  let key: String

  /// Reads an address.
  ///
  /// - Throws: ``SageMakerError/badLocation(_:)``, also for a key that the AWS CLI would take for the
  ///   name of a file whose text is meant.
  init(_ text: String) throws(SageMakerError) {
    let scheme = "s3://"
    guard text.hasPrefix(scheme) else { throw .badLocation(text) }
    let parts = text.dropFirst(scheme.count).split(separator: "/", maxSplits: 1)
    guard parts.count == 2, !parts[1].isEmpty, !parts[0].hasPrefix("-"),
      !parts[1].hasPrefix("-"),
      !["file:", "fileb:", "http:", "https:"].contains(where: parts[1].hasPrefix)
    else { throw .badLocation(text) }
    bucket = String(parts[0])
    key = String(parts[1])
  }

  var description: String { "s3://\(bucket)/\(key)" }
}
