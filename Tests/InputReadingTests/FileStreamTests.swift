import InputReading
import TestSupport
import Testing

@Suite struct FileStreamTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test func bytesComeInOrder() throws {
    let path = try folder.write("hello, world")
    var stream = try FileStream(path: path)
    var buffer: [UInt8] = [1]
    #expect(stream.path == path)
    let (first, rest, end) = (
      try stream.read(5, into: &buffer), try stream.read(100, into: &buffer),
      try stream.read(100, into: &buffer)
    )
    #expect([first, rest, end] == [5, 7, 0])
    #expect(buffer == [1] + Array("hello, world".utf8))
  }

  @Test func missingFilesAreNotFound() {
    let path = folder.path + "/missing"
    #expect(throws: InputError.notFound(path)) { _ = try FileStream(path: path) }
    #expect(throws: InputError.notFound(path)) { try InputFile.bytes(of: path, limit: 1) }
    #expect(throws: InputError.notFound(path)) { try InputFile.text(of: path, limit: 1) }
    #expect(throws: InputError.notFound(path)) { try InputFile.names(in: path) }
    #expect(throws: InputError.notFound("")) { _ = try FileStream(path: "") }
  }

  @Test func foldersAreNoFiles() throws {
    let path = try folder.makeFolder("inner")
    #expect(throws: InputError.isFolder(path)) { _ = try FileStream(path: path) }
    #expect(throws: InputError.isFolder(path)) { try InputFile.bytes(of: path, limit: 1) }
  }

  @Test func filesInTheWayOfAPathAreUnreadable() throws {
    let path = try folder.write("x") + "/inner"
    #expect(throws: InputError.unreadable(path, reason: "not a directory")) {
      _ = try FileStream(path: path)
    }
  }

  @Test func wholeFilesAreReadUpToTheLimit() throws {
    let path = try folder.write("12345")
    #expect(try InputFile.bytes(of: path, limit: 5) == Array("12345".utf8))
    #expect(throws: InputError.tooLarge(path, limit: 4)) { try InputFile.bytes(of: path, limit: 4) }
    #expect(try InputFile.bytes(of: folder.write("", to: "empty"), limit: 0) == [])
  }

  @Test func filesOfSeveralBlocksAreReadWhole() throws {
    var random = SplitMix64(seed: 3)
    let bytes = (0..<(1 << 20) / 4 + 3).flatMap { _ -> [UInt8] in
      let bits = random.next()
      return (0..<8).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
    }
    let path = try folder.write(bytes)
    #expect(try InputFile.bytes(of: path, limit: bytes.count) == bytes)
  }

  @Test func filesWithoutASizeKeepToTheLimit() {
    // The system says of this file that it has 0 bytes, and gives more.
    #expect(throws: InputError.tooLarge("/proc/self/status", limit: 10)) {
      try InputFile.bytes(of: "/proc/self/status", limit: 10)
    }
    #expect(throws: InputError.tooLarge("/dev/zero", limit: 1 << 21)) {
      try InputFile.bytes(of: "/dev/zero", limit: 1 << 21)
    }
  }

  @Test func textLosesItsByteOrderMark() throws {
    #expect(try InputFile.text(of: folder.write("é\n", to: "a"), limit: 10) == "é\n")
    #expect(try InputFile.text(of: folder.write("\u{FEFF}é", to: "b"), limit: 10) == "é")
    #expect(try InputFile.text(of: folder.write("", to: "c"), limit: 10) == "")
  }

  @Test(
    arguments: [[0xFF], [0xC3], [0x61, 0x80], [0xED, 0xA0, 0x80], [0xC0, 0x80]] as [[UInt8]])
  func textThatIsNotUTF8IsRefused(bytes: [UInt8]) throws {
    let path = try folder.write(bytes)
    #expect(throws: InputError.notText(Place(path))) { try InputFile.text(of: path, limit: 10) }
    let isValid = UTF8Check.isValid(bytes.span)
    #expect(!isValid)
  }

  @Test func namesAreSortedByCodePoints() throws {
    for name in ["b", "a", "B", ".hidden", "é", "10", "9"] { _ = try folder.write("", to: name) }
    _ = try folder.makeFolder("c")
    #expect(
      try InputFile.names(in: folder.path) == [".hidden", "10", "9", "B", "a", "b", "c", "é"])
    #expect(try InputFile.names(in: folder.path + "/c") == [])
  }

  @Test func kindsAreFilesFoldersOrNothing() throws {
    #expect(FileKind(path: try folder.write("")) == .file)
    #expect(FileKind(path: folder.path) == .folder)
    #expect(FileKind(path: "/dev/null") == .file)
    #expect(FileKind(path: folder.path + "/missing") == nil)
  }
}
