internal import InputReading
internal import Subprocess

/// The AWS CLI that the user has, of version 1 or 2; credentials, regions and endpoints are its
/// business.
public struct AWSCommandLine: Sendable {
  /// The profile of its configuration; `nil` for its own choice.
  public var profile: String?
  /// The region; `nil` for its own choice.
  public var region: String?
  /// Where services are asked instead of at Amazon's own addresses.
  public var endpointURL: String?
  /// The folders that the program is looked for in; `nil` for those of the environment.
  var searchPath: String?

  /// Creates the command line as the user has set it up.
  public init(profile: String? = nil, region: String? = nil, endpointURL: String? = nil) {
    self.profile = profile
    self.region = region
    self.endpointURL = endpointURL
  }

  /// Runs a command and waits for it.
  ///
  /// - Parameter words: The service, the operation and its options.
  /// - Returns: what it prints.
  /// - Throws: ``SageMakerError`` if there is no such program, or it does not succeed.
  func run(_ words: [String]) async throws(SageMakerError) -> [UInt8] {
    let command = "aws \(words.prefix(2).joined(separator: " "))"
    let output: [UInt8]
    let complaint: String
    let status: TerminationStatus
    do {
      let result = try await Subprocess.run(
        .name("aws"), arguments: Arguments(words + options),
        environment: environment,
        output: .bytes(limit: Self.longestAnswer), error: .string(limit: Self.longestComplaint))
      output = result.standardOutput
      complaint = result.standardError
      status = result.terminationStatus
    } catch let error as SubprocessError where error.code == .executableNotFound {
      throw .notInstalled
    } catch {
      throw .notRun(command: command, reason: Self.oneLine("\(error)"))
    }
    guard status.isSuccess else {
      let message = Self.oneLine(complaint)
      throw .refused(
        command: command, message: message.isEmpty ? "it ended with \(status)" : message)
    }
    return output
  }

  /// Runs a command whose answer is JSON.
  func answer(_ words: [String], limits: Limits) async throws(SageMakerError) -> JSONDocument {
    let bytes = try await run(words + ["--output", "json"])
    do throws(InputError) {
      return try JSONDocument(
        bytes, from: Place("aws \(words.prefix(2).joined(separator: " "))"), limits: limits)
    } catch { throw .input(error) }
  }

  /// The user's environment, in which nothing waits for a key.
  private var environment: Environment {
    var changes: [Environment.Key: String?] = ["AWS_PAGER": "", "AWS_CLI_AUTO_PROMPT": "off"]
    if let searchPath { changes["PATH"] = searchPath }
    return .inherit.updating(changes)
  }

  private var options: [String] {
    [("--profile", profile), ("--region", region), ("--endpoint-url", endpointURL)]
      .flatMap { option, value in value.map { [option, $0] } ?? [] }
  }

  /// A complaint without line breaks; a page of HTML behind it says nothing.
  private static func oneLine(_ text: String) -> String {
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let end = words.firstRange(of: "<!doctype")?.lowerBound ?? words.endIndex
    return String(words[..<end].prefix(600)).trimmingWhitespace
  }

  /// The bytes that an answer may have; a page of events is 1 MB of messages at most.
  private static let longestAnswer = 64 << 20
  private static let longestComplaint = 8 << 20
}
