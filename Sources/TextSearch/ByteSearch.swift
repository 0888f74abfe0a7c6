internal import Glibc

/// Bytes in a part of a text.
public enum ByteSearch {
  /// Where a byte stands first in a part of a text.
  public static func firstIndex(of byte: UInt8, in text: Span<UInt8>, _ range: Range<Int>) -> Int? {
    check(range, text)
    return unsafe text.withUnsafeBufferPointer { buffer in
      // Safety: the part lies in the text.
      guard let start = buffer.baseAddress,
        let found = unsafe memchr(start + range.lowerBound, Int32(byte), range.count)
      else { return nil }
      return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(start)
    }
  }

  /// Where a byte stands last in a part of a text.
  public static func lastIndex(of byte: UInt8, in text: Span<UInt8>, _ range: Range<Int>) -> Int? {
    check(range, text)
    var index = range.upperBound
    while index > range.lowerBound {
      index -= 1
      if text[index] == byte { return index }
    }
    return nil
  }

  /// How often a byte stands in a part of a text.
  public static func count(of byte: UInt8, in text: Span<UInt8>, _ range: Range<Int>) -> Int {
    check(range, text)
    return unsafe text.withUnsafeBufferPointer { buffer in
      // Safety: the part lies in the text. Small counters let the compiler use wide vectors.
      var total = 0
      var index = range.lowerBound
      while index < range.upperBound {
        let end = min(index + 255, range.upperBound)
        var count: UInt8 = 0
        while index < end {
          count &+= unsafe buffer[index] == byte ? 1 : 0
          index += 1
        }
        total += Int(count)
      }
      return total
    }
  }

  private static func check(_ range: Range<Int>, _ text: Span<UInt8>) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= text.count, "the part must lie in the text")
  }
}
