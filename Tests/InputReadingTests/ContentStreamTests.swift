import Foundation
import InputReading
import TestSupport
import Testing

@Suite struct ContentStreamTests {
  private static let content = "label,score\n1,0.75\n0,0.25\n"

  /// The content as `gzip -n`, `zstd`, `bzip2`, `xz` and `lz4` write it, in base 64.
  static let compressed = [
    "H4sIAAAAAAAAA8tJTErN0SlOzi9K5TLUMdAzN+UyAFJGplwAdOfQfhoAAAA=",
    "KLUv/SQa0QAAbGFiZWwsc2NvcmUKMSwwLjc1CjAsMC4yNQrrt4zq",
    "QlpoOTFBWSZTWaChiyIAAAtZgAAQAAVygDoEmAAgACImRtR6mJoUwAE0EK4lkcIuyWHbuqPrn4u5IpwoSFBQxZEA",
    "/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAZbGFiZWwsc2NvcmUKMSwwLjc1CjAsMC4yNQoAAAAoGwtoKOJXQQABMhog"
      + "GJQwH7bzfQEAAAAABFla",
    "BCJNGGRApxoAAIBsYWJlbCxzY29yZQoxLDAuNzUKMCwwLjI1CgAAAAASlYbK",
  ]

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func read(_ bytes: [UInt8], by count: Int = 1_000) throws -> String {
    let stream = try ContentStream(path: folder.write(bytes))
    var content: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: count + 3)
    while true {
      let read = try stream.read(count, into: &buffer, at: 3)
      if read == 0 { break }
      content += buffer[3..<3 + read]
    }
    return String(decoding: content, as: UTF8.self)
  }

  private func bytes(_ text: String) throws -> [UInt8] {
    Array(try #require(Data(base64Encoded: text)))
  }

  @Test(arguments: compressed) func compressedFilesAreUnpacked(text: String) throws {
    #expect(try read(bytes(text)) == Self.content)
    #expect(try read(bytes(text), by: 1) == Self.content)
  }

  @Test func plainFilesAreReadAsTheyAre() throws {
    #expect(try read(Array(Self.content.utf8), by: 5) == Self.content)
    #expect(try read([]) == "")
    #expect(try read(Array("a".utf8)) == "a")
  }

  @Test func membersOfGzipFollowEachOther() throws {
    let member = try bytes(Self.compressed[0])
    #expect(try read(member + member + [0, 0, 0]) == Self.content + Self.content)
    #expect(throws: InputError.self) { try read(member + Array("more".utf8)) }
  }

  @Test(arguments: compressed) func cutFilesAreRefused(text: String) throws {
    let whole = try bytes(text)
    for count in 8..<whole.count {
      #expect(throws: InputError.self, "\(count) bytes") { try read(Array(whole[..<count])) }
    }
  }

  @Test(arguments: compressed) func damagedFilesNeverTrap(text: String) throws {
    let whole = try bytes(text)
    var random = SplitMix64(seed: 7)
    for _ in 0..<300 {
      var damaged = whole
      damaged[Int.random(in: 0..<whole.count, using: &random)] ^=
        1 << UInt8.random(in: 0..<8, using: &random)
      _ = try? read(damaged)
    }
  }
}
