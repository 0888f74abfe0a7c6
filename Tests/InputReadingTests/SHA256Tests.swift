internal import TestSupport
internal import Testing

@testable import InputReading

@Suite struct SHA256Tests {
  /// The first two are examples of FIPS 180-2, appendix B.
  @Test(arguments: [
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
  ])
  func digestsAreThoseOfTheStandard(text: String, digest: String) {
    #expect(SHA256.hex(of: Array(text.utf8)) == digest)
  }

  /// Pieces make the digest of the whole.
  @Test func filesAndPiecesHaveTheDigestOfTheirBytes() throws {
    let bytes = (0..<3_000_001).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    var digest = SHA256()
    for start in stride(from: 0, to: bytes.count, by: 999_983) {
      digest.update(bytes[start..<min(start + 999_983, bytes.count)])
    }
    let whole = SHA256.hex(of: bytes)
    #expect(digest.hex() == whole)
    let folder = try TemporaryFolder()
    let file = try SHA256.hex(ofFile: folder.write(bytes))
    #expect(file.digest == whole && file.size == bytes.count)
    #expect(throws: InputError.self) { try SHA256.hex(ofFile: folder.path + "/none") }
  }
}
