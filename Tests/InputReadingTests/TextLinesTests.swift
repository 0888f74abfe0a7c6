import InputReading
import TestSupport
import Testing

@Suite struct TextLinesTests {
  private func index(_ text: String) -> LineIndex {
    let bytes = Array(text.utf8)
    return LineIndex(bytes.span)
  }

  @Test func aNewlineEndsTheLineThatItStandsOn() {
    let lines = index("ab\n\ncd\r\ne")
    #expect((0...9).map { lines.line(of: $0) } == [1, 1, 1, 2, 3, 3, 3, 3, 4, 4])
  }

  @Test func anEmptyTextHasOneLine() {
    #expect(index("").line(of: 0) == 1)
  }

  @Test func theByteBehindTheLastNewlineIsOnALineOfItsOwn() {
    #expect(index("a\n").line(of: 1) == 1)
    #expect(index("a\n").line(of: 2) == 2)
  }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func linesAreCountedByNewlinesBefore(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let bytes = (0..<300).map { _ in
      Int.random(in: 0..<5, using: &random) == 0 ? 0x0A : 0x61 as UInt8
    }
    let lines = LineIndex(bytes.span)
    for offset in bytes.indices {
      #expect(lines.line(of: offset) == 1 + bytes[..<offset].count { $0 == 0x0A }, "seed \(seed)")
    }
  }
}
