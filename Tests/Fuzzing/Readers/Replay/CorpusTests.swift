import Foundation
import TestSupport
import Testing

/// What readers make of files that nobody wrote for them; one after the other, as readers of files share one in
/// memory.
@Suite(.serialized) struct FuzzedFiles {}

extension FuzzedFiles {
  /// Files that were found to do harm once, and those that fuzzing begins with.
  @Suite struct CorpusTests {
    private static func files(_ reader: FuzzedReader) -> [String] {
      let folder = dataset("Corpus/\(reader.rawValue)")
      return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    @Test func everyFolderHasItsReader() throws {
      let folders = try FileManager.default.contentsOfDirectory(atPath: dataset("Corpus")).filter {
        !$0.contains(".") && $0 != "hostile"
      }
      #expect(folders.allSatisfy { FuzzedReader(rawValue: $0) != nil })
      #expect(FuzzedReader.allCases.contains { !Self.files($0).isEmpty })
    }

    @Test func nothingInTheCorpusDoesHarm() throws {
      for reader in FuzzedReader.allCases {
        for file in Self.files(reader) {
          let bytes = try datasetBytes("Corpus/\(reader.rawValue)/\(file)")
          let time = processorTime { reader.read(bytes) }
          // Code that is not optimised takes some ten times as long.
          #expect(time < .seconds(10), "\(reader.rawValue)/\(file) takes \(time)")
        }
      }
    }
  }
}
