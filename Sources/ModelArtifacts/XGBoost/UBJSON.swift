internal import InputReading

/// Reads Universal Binary JSON as XGBoost writes it.
///
/// Numbers are big-endian; lengths follow a marker of their type; lists and objects may have a type and
/// a count, and have no closing mark then. Source: ubjson.org, draft 12.
enum UBJSON {
  /// Reads bytes as one value.
  ///
  /// - Throws: ``ModelFormatError/damaged(_:offset:)`` with the byte.
  static func value(of bytes: [UInt8], limits: Limits) throws(ModelFormatError) -> FieldValue {
    let span = bytes.span
    var reader = ByteReader(span)
    let marker = try byte(&reader)
    let value = try value(marker, bytes, &reader, depth: limits.nesting)
    guard reader.remaining == 0 else {
      throw .damaged("\(reader.remaining) bytes follow the value", offset: reader.offset)
    }
    return value
  }

  private static func value(
    _ marker: UInt8, _ bytes: [UInt8], _ reader: inout ByteReader, depth: Int
  ) throws(ModelFormatError) -> FieldValue {
    switch marker {
    case UInt8(ascii: "Z"): return .null
    case UInt8(ascii: "T"): return .bool(true)
    case UInt8(ascii: "F"): return .bool(false)
    case UInt8(ascii: "S"): return .string(try text(bytes, &reader))
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      guard depth > 0 else {
        throw .damaged("values stand too deep inside one another", offset: reader.offset - 1)
      }
      return marker == UInt8(ascii: "[")
        ? try list(bytes, &reader, depth: depth - 1)
        : try object(bytes, &reader, depth: depth - 1)
    default: return .number(try number(marker, &reader))
    }
  }

  private static func list(
    _ bytes: [UInt8], _ reader: inout ByteReader, depth: Int
  ) throws(ModelFormatError) -> FieldValue {
    let header = try self.header(&reader)
    guard let count = header.count else {
      var elements: [FieldValue] = []
      var marker = header.next
      while marker != UInt8(ascii: "]") {
        elements.append(try value(marker, bytes, &reader, depth: depth))
        marker = try byte(&reader)
      }
      return FieldValue(elements: elements)
    }
    // Every element takes a byte at least, but for those whose type says all.
    guard count <= reader.remaining else {
      throw .damaged("a list of \(count) is longer than the file", offset: reader.offset)
    }
    if let type = header.type, width(of: type) != nil {
      var numbers: [Double] = []
      numbers.reserveCapacity(count)
      for _ in 0..<count { numbers.append(try number(type, &reader)) }
      return .numbers(numbers)
    }
    var elements: [FieldValue] = []
    for _ in 0..<count {
      let marker = if let type = header.type { type } else { try byte(&reader) }
      elements.append(try value(marker, bytes, &reader, depth: depth))
    }
    return FieldValue(elements: elements)
  }

  private static func object(
    _ bytes: [UInt8], _ reader: inout ByteReader, depth: Int
  ) throws(ModelFormatError) -> FieldValue {
    var members: [String: FieldValue] = [:]
    let header = try self.header(&reader)
    if let count = header.count {
      guard count <= reader.remaining else {
        throw .damaged("an object of \(count) is longer than the file", offset: reader.offset)
      }
      for _ in 0..<count {
        let key = try text(bytes, &reader)
        let marker = if let type = header.type { type } else { try byte(&reader) }
        members[key] = try value(marker, bytes, &reader, depth: depth)
      }
      return .object(members)
    }
    var lengthMarker = header.next
    while lengthMarker != UInt8(ascii: "}") {
      let key = try text(bytes, &reader, lengthMarker: lengthMarker)
      let marker = try byte(&reader)
      members[key] = try value(marker, bytes, &reader, depth: depth)
      lengthMarker = try byte(&reader)
    }
    return .object(members)
  }

  /// What stands before a container's elements: `$` and their type, `#` and their number.
  ///
  /// `next` is the marker that was read after it where there is no number.
  private static func header(
    _ reader: inout ByteReader
  ) throws(ModelFormatError) -> (type: UInt8?, count: Int?, next: UInt8) {
    var marker = try byte(&reader)
    var type: UInt8?
    if marker == UInt8(ascii: "$") {
      type = try byte(&reader)
      marker = try byte(&reader)
      guard marker == UInt8(ascii: "#") else {
        throw .damaged("a typed list has no count", offset: reader.offset - 1)
      }
    }
    guard marker == UInt8(ascii: "#") else { return (nil, nil, marker) }
    return (type, try length(byte(&reader), &reader), 0)
  }

  private static func text(
    _ bytes: [UInt8], _ reader: inout ByteReader, lengthMarker: UInt8? = nil
  ) throws(ModelFormatError) -> String {
    let marker = if let lengthMarker { lengthMarker } else { try byte(&reader) }
    let count = try length(marker, &reader)
    do throws(ByteError) {
      return String(decoding: bytes[try reader.readRange(count)], as: UTF8.self)
    } catch { throw .ended(error) }
  }

  private static func length(
    _ marker: UInt8, _ reader: inout ByteReader
  ) throws(ModelFormatError) -> Int {
    let offset = reader.offset
    guard let count = Int(exactly: try number(marker, &reader)), count >= 0 else {
      throw .damaged("a length is no whole number that is 0 or more", offset: offset)
    }
    return count
  }

  /// The bytes of a number of a type; `nil` for what is no number.
  private static func width(of type: UInt8) -> Int? {
    switch type {
    case UInt8(ascii: "i"), UInt8(ascii: "U"): 1
    case UInt8(ascii: "I"): 2
    case UInt8(ascii: "l"), UInt8(ascii: "d"): 4
    case UInt8(ascii: "L"), UInt8(ascii: "D"): 8
    default: nil
    }
  }

  private static func number(
    _ marker: UInt8, _ reader: inout ByteReader
  ) throws(ModelFormatError) -> Double {
    guard width(of: marker) != nil else {
      throw .damaged("the mark \(marker) is none of a value", offset: reader.offset - 1)
    }
    do throws(ByteError) {
      switch marker {
      case UInt8(ascii: "i"): return Double(Int8(bitPattern: try reader.readByte()))
      case UInt8(ascii: "U"): return Double(try reader.readByte())
      case UInt8(ascii: "I"): return Double(try reader.readLittleEndian(Int16.self).byteSwapped)
      case UInt8(ascii: "l"): return Double(try reader.readLittleEndian(Int32.self).byteSwapped)
      case UInt8(ascii: "L"): return Double(try reader.readLittleEndian(Int64.self).byteSwapped)
      case UInt8(ascii: "d"):
        return Double(
          Float(bitPattern: try reader.readLittleEndian(UInt32.self).byteSwapped))
      default: return try reader.readBigEndianDouble()
      }
    } catch { throw .ended(error) }
  }

  private static func byte(_ reader: inout ByteReader) throws(ModelFormatError) -> UInt8 {
    do throws(ByteError) { return try reader.readByte() } catch { throw .ended(error) }
  }
}
