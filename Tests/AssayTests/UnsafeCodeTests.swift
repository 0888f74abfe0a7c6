internal import Foundation
internal import TestSupport
internal import Testing

/// Unsafe code says why it is safe.
@Suite struct UnsafeCodeTests {
  /// Modules that wrap a C library or lie directly above it, and code that is generated.
  private static let exempt: Set<String> = [
    "NumericKernels", "InputReading", "DataTables", "TextSearch", "ONNXMessages",
  ]

  @Test func unsafeCodeOutsideTheLowestLevelsHasItsReason() throws {
    let folder = repository + "/Sources/"
    let names = try #require(FileManager.default.enumerator(atPath: folder))
      .compactMap { $0 as? String }
      .filter { $0.hasSuffix(".swift") && !Self.exempt.contains(String($0.prefix { $0 != "/" })) }
    #expect(names.count > 150)
    for name in names {
      let text = try String(contentsOfFile: folder + name, encoding: .utf8)
      // The keyword, not the name of a case or a word of a comment.
      let hasUnsafeCode = text.split(separator: "\n").contains { line in
        line.contains(#/(^|[ (])unsafe [a-zA-Z]/#) && !line.contains(#/^ *\/\//#)
          && !line.contains(#/"[^"]*\bunsafe /#)
      }
      #expect(!hasUnsafeCode || text.contains("// Safety: "), "\(name)")
    }
  }
}
