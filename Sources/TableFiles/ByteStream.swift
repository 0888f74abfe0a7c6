internal import InputReading

/// The bytes of a table's file, unpacked where it is compressed.
final class ByteStream {
  let place: Place
  private let content: ContentStream
  /// Bytes that were looked at before.
  private var beginning: [UInt8] = []

  /// The bytes there are, as far as that is known beforehand; otherwise 0.
  var size: Int { content.size }

  /// Opens a file, or standard input where `path` is `-`.
  init(path: String) throws(TableError) {
    place = Place(path == "-" ? "standard input" : path)
    do throws(InputError) {
      content = try ContentStream(path: path)
    } catch { throw .input(error) }
  }

  /// Reads up to `count` bytes into `buffer` from `start` on; 0 at the end.
  func read(
    _ count: Int, into buffer: inout [UInt8], at start: Int
  ) throws(TableError) -> Int {
    if !beginning.isEmpty {
      let taken = min(count, beginning.count)
      buffer.replaceSubrange(start..<start + taken, with: beginning[..<taken])
      beginning.removeFirst(taken)
      return taken
    }
    do throws(InputError) {
      return try content.read(count, into: &buffer, at: start)
    } catch { throw .input(error) }
  }

  /// Appends up to `count` bytes to `buffer`; 0 at the end.
  func read(_ count: Int, into buffer: inout [UInt8]) throws(TableError) -> Int {
    let start = buffer.count
    buffer.appendZeros(count)
    let read = try read(count, into: &buffer, at: start)
    buffer.removeLast(count - read)
    return read
  }

  /// The rest of the bytes.
  ///
  /// - Throws: `InputError/tooLarge(_:limit:)` beyond `limit` of them.
  func readToEnd(limit: Int) throws(TableError) -> [UInt8] {
    var bytes: [UInt8] = []
    while try read(1 << 20, into: &bytes) > 0 {
      guard bytes.count <= limit else {
        throw .input(.tooLarge(place.file, limit: limit))
      }
    }
    return bytes
  }

  /// Gives bytes back, which are read again.
  func putBack(_ bytes: [UInt8]) { beginning = bytes + beginning }

  /// The first bytes, `count` of them where there are so many; they are read again afterwards.
  func peek(_ count: Int) throws(TableError) -> [UInt8] {
    while beginning.count < count {
      var more: [UInt8] = []
      more.appendZeros(count - beginning.count)
      let read: Int
      do throws(InputError) {
        read = try content.read(more.count, into: &more, at: 0)
      } catch { throw .input(error) }
      if read == 0 { break }
      beginning += more[..<read]
    }
    return beginning
  }
}
