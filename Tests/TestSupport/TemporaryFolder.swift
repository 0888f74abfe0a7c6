internal import Foundation

/// A folder of its own for the files of one test, removed with all that is in it when it is let go.
///
/// A suite keeps it as a property, so that it lives as long as the test runs.
public final class TemporaryFolder: Sendable {
  /// The folder's absolute path.
  public let path: String

  /// Makes an empty folder.
  public init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("assay-tests-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    path = url.path
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Writes a file and returns its absolute path.
  public func write(_ bytes: some Sequence<UInt8>, to name: String = "file") throws -> String {
    let file = path + "/" + name
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  /// Writes a file of UTF-8 text and returns its absolute path.
  public func write(_ text: String, to name: String = "file") throws -> String {
    try write(text.utf8, to: name)
  }

  /// Makes a folder inside and returns its absolute path.
  public func makeFolder(_ name: String) throws -> String {
    let folder = path + "/" + name
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }
}
