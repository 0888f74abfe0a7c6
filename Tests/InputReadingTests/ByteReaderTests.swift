import InputReading
import Testing

@Suite struct ByteReaderTests {
  private static let bytes: [UInt8] = [0x01, 0xFF, 0x80, 0x7F, 0x00, 0x10, 0x20, 0x3F, 0x0A, 0x99]

  /// Reads once from a reader of `bytes` that stands at `start`, and expects it to move by `width`,
  /// or else, where fewer bytes are left, to throw and stay.
  private func expectBounded(
    width: Int, _ name: String, read: (inout ByteReader) throws(ByteError) -> Void
  ) {
    for count in 0...Self.bytes.count {
      for start in 0...count {
        let bytes = Array(Self.bytes[..<count])
        var reader = ByteReader(bytes.span, at: start)
        var failure: ByteError?
        do throws(ByteError) { try read(&reader) } catch { failure = error }
        let (offset, remaining) = (reader.offset, reader.remaining)
        let expected: ByteError? =
          width <= count - start
          ? nil : .truncated(offset: start, needed: width, remaining: count - start)
        #expect(failure == expected, "\(name) at \(start) of \(count)")
        #expect(
          offset == (expected == nil ? start + width : start), "\(name) at \(start) of \(count)")
        #expect(remaining == count - offset)
      }
    }
  }

  @Test func everyReadChecksWhatRemains() {
    expectBounded(width: 1, "byte") { reader throws(ByteError) in _ = try reader.readByte() }
    expectBounded(width: 1, "UInt8") { reader throws(ByteError) in
      _ = try reader.readLittleEndian(UInt8.self)
    }
    expectBounded(width: 2, "Int16") { reader throws(ByteError) in
      _ = try reader.readLittleEndian(Int16.self)
    }
    expectBounded(width: 4, "UInt32") { reader throws(ByteError) in
      _ = try reader.readLittleEndian(UInt32.self)
    }
    expectBounded(width: 8, "Int64") { reader throws(ByteError) in
      _ = try reader.readLittleEndian(Int64.self)
    }
    expectBounded(width: 8, "double") { reader throws(ByteError) in
      _ = try reader.readBigEndianDouble()
    }
    for width in 0...11 {
      expectBounded(width: width, "range of \(width)") { reader throws(ByteError) in
        _ = try reader.readRange(width)
      }
    }
  }

  @Test func integersAreLittleEndian() throws {
    var reader = ByteReader(Self.bytes.span)
    let byte = try reader.readByte()
    let short = try reader.readLittleEndian(Int16.self)
    let long = try reader.readLittleEndian(UInt32.self)
    #expect(byte == 1)
    #expect(short == Int16(bitPattern: 0x80FF))
    #expect(long == 0x2010_007F)
  }

  @Test func doublesAreBigEndian() throws {
    let bytes: [UInt8] = [0x3F, 0xF8, 0, 0, 0, 0, 0, 0]
    var reader = ByteReader(bytes.span)
    let number = try reader.readBigEndianDouble()
    #expect(number == 1.5)
  }

  @Test func rangesSayWhereTheBytesStand() throws {
    var reader = ByteReader(Self.bytes.span, at: 2)
    let (three, none) = (try reader.readRange(3), try reader.readRange(0))
    #expect(three == 2..<5)
    #expect(none == 5..<5)
  }

  @Test(arguments: [-1, .min, .max])
  func lengthsThatNoFileHasAreTruncations(count: Int) {
    var reader = ByteReader(Self.bytes.span, at: 3)
    var failure: ByteError?
    do throws(ByteError) { _ = try reader.readRange(count) } catch { failure = error }
    let offset = reader.offset
    #expect(failure == .truncated(offset: 3, needed: count, remaining: 7))
    #expect(offset == 3)
  }

  @Test func linesEndAtTheNewline() throws {
    let bytes = Array("ab\n\nc".utf8)
    var reader = ByteReader(bytes.span)
    let (first, second) = (try reader.readLine(), try reader.readLine())
    #expect(first == 0..<2)
    #expect(second == 3..<3)
    var failure: ByteError?
    do throws(ByteError) { _ = try reader.readLine() } catch { failure = error }
    let offset = reader.offset
    #expect(failure == .truncated(offset: 4, needed: 2, remaining: 1))
    #expect(offset == 4)
  }

  @Test func cursorsOutsideTheBytesAreAnError() async {
    await #expect(processExitsWith: .failure) {
      let bytes: [UInt8] = [1]
      _ = ByteReader(bytes.span, at: 2)
    }
  }
}
