/// What makes a stream no pickle that can be read; offsets count bytes of the member.
enum PickleError: Error, Hashable, Sendable {
  /// The stream ends before its STOP.
  case truncated(offset: Int)
  /// The byte is no opcode.
  case unknownOpcode(UInt8, offset: Int)
  /// An opcode takes more values than there are.
  case stackUnderflow(offset: Int)
  /// An opcode's value is of another kind than it takes.
  case wrongKind(String, offset: Int)
  /// A memo entry is used that was never made.
  case noSuchMemo(Int, offset: Int)
  /// A text is not UTF-8, or a number in text is none.
  case badText(offset: Int)
  /// A protocol that does not exist, or one in the middle of a stream.
  case badProtocol(UInt8, offset: Int)
  /// Data outside the stream is asked for.
  case outOfBandBuffer(offset: Int)
  /// An array's framing does not hold together.
  case badArray(String, offset: Int)
  /// Values or nesting beyond the limit.
  case limit(String, offset: Int)
  /// Bytes follow the stream's end.
  case trailingBytes(Int, offset: Int)

  /// The byte where it shows.
  var offset: Int {
    switch self {
    case .truncated(let offset), .unknownOpcode(_, let offset), .stackUnderflow(let offset),
      .wrongKind(_, let offset), .noSuchMemo(_, let offset), .badText(let offset),
      .badProtocol(_, let offset), .outOfBandBuffer(let offset), .badArray(_, let offset),
      .limit(_, let offset), .trailingBytes(_, let offset):
      offset
    }
  }

  /// What is wrong.
  var message: String {
    switch self {
    case .truncated: "the pickle ends before its end mark: the file is cut off"
    case .unknownOpcode(let byte, _): "0x\(String(byte, radix: 16)) is no pickle opcode"
    case .stackUnderflow: "the pickle uses more values than it has"
    case .wrongKind(let expected, _): "the pickle has another value where \(expected) belongs"
    case .noSuchMemo(let index, _): "the pickle uses memo \(index), which it never made"
    case .badText: "the pickle has a text that is not UTF-8, or a number that is none"
    case .badProtocol(let version, _): "pickle protocol \(version) has no place here"
    case .outOfBandBuffer: "the pickle needs a buffer that is not in the file"
    case .badArray(let reason, _): reason
    case .limit(let what, _): "the pickle is beyond the limit of \(what)"
    case .trailingBytes(let count, _): "\(count) bytes follow the end of the pickle"
    }
  }
}
