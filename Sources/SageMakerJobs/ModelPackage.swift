internal import InputReading

/// A version of a model in SageMaker's Model Registry.
public struct ModelPackage: Sendable {
  /// What may be said of one.
  public enum ApprovalStatus: String, Hashable, Sendable {
    /// It may be deployed.
    case approved = "Approved"
    /// It may not.
    case rejected = "Rejected"
  }

  /// Its resource name.
  public let arn: String
  private let aws: AWSCommandLine

  /// Creates a model package.
  public init(arn: String, aws: AWSCommandLine) {
    self.arn = arn
    self.aws = aws
  }

  /// Sets whether it may be deployed, and why.
  ///
  /// - Parameters:
  ///   - status: What is said of it.
  ///   - description: Why; the registry takes 1,024 characters of one line, and the rest is cut off.
  /// - Throws: ``SageMakerError``.
  public func set(
    _ status: ApprovalStatus, description: String
  ) async throws(SageMakerError) {
    _ = try await aws.run([
      "sagemaker", "update-model-package", "--model-package-arn", arn, "--model-approval-status",
      status.rawValue, "--approval-description", Self.shortened(description),
    ])
  }

  /// A text of one line that the registry takes.
  static func shortened(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ").printable
    let characters = line.unicodeScalars
    guard characters.count > mostCharacters else { return line }
    return String(String.UnicodeScalarView(characters.prefix(mostCharacters - 1))) + "…"
  }

  private static let mostCharacters = 1_024
}
