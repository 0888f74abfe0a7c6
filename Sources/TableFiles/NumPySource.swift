internal import InputReading

/// What an array in a file of NumPy's holds: columns of one length.
///
/// | bytes | what |
/// |---|---|
/// | 6 | `\x93NUMPY` |
/// | 2 | major and minor version |
/// | 2, or 4 from version 2 on | length of the header, little-endian |
/// | | header: a Python dictionary with `descr`, `fortran_order` and `shape` |
/// | | the elements, row by row, or column by column in Fortran's order |
///
/// Source: numpy/lib/format.py.
struct NumPyArray {
  private(set) var columns: [TypedCells]
  let rowCount: Int
  /// Whether the shape has one dimension.
  let isOneColumn: Bool
  /// Whether the elements are fractions.
  let isFloating: Bool

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Reads an array.
  ///
  /// - Throws: ``TableError/notAnArray(_:reason:)``.
  init(_ bytes: [UInt8], at place: Place, limits: Limits) throws(TableError) {
    let span = bytes.span
    var reader = ByteReader(span)
    do throws(NumPyFault) {
      let header = try NumPyHeader(&reader, bytes)
      let shape = header.shape
      guard shape.count == 1 || shape.count == 2 else {
        throw NumPyFault("has \(shape.count) dimensions where 1 or 2 belong")
      }
      rowCount = shape[0]
      isOneColumn = shape.count == 1
      isFloating = header.element.kind == .float
      let columnCount = isOneColumn ? 1 : shape[1]
      guard columnCount <= limits.columnCount else {
        throw NumPyFault("has more than \(limits.columnCount) columns")
      }
      let (count, isTooLarge) = rowCount.multipliedReportingOverflow(by: columnCount)
      let (size, isTooLarge2) = count.multipliedReportingOverflow(by: header.element.size)
      guard !isTooLarge, !isTooLarge2, size == reader.remaining else {
        throw NumPyFault(
          "has \(reader.remaining) bytes of elements where its shape promises another number")
      }
      let (rows, start, element) = (rowCount, reader.offset, header.element)
      let isByColumn = header.isFortranOrder || isOneColumn
      columns = (0..<columnCount).map { column in
        element.cells(rows, of: bytes) { row in
          start + (isByColumn ? column * rows + row : row * columnCount + column) * element.size
        }
      }
    } catch { throw .notAnArray(place, reason: error.reason) }
  }
}

/// What is wrong with an array.
private struct NumPyFault: Error {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}

/// The type of an array's elements.
private struct NumPyElement {
  enum Kind { case bool, signed, unsigned, float, text, bytes }

  let kind: Kind
  /// Bytes of an element.
  let size: Int
  let isBigEndian: Bool

  /// Reads a type such as `<f8`.
  init(_ text: String) throws(NumPyFault) {
    var rest = Substring(text)
    let order = rest.first
    if let order, "<>|=".contains(order) { rest.removeFirst() }
    isBigEndian = order == ">"
    guard rest.first != "O" else {
      throw NumPyFault(
        "holds Python objects, which are never loaded; save it with a type of numbers or text")
    }
    guard let letter = rest.popFirst(), let width = Int(rest), width >= 0 else {
      throw NumPyFault("holds elements of type '\(text)', which are neither numbers nor text")
    }
    switch (letter, width) {
    case ("b", 1): (kind, size) = (.bool, 1)
    case ("i", 1), ("i", 2), ("i", 4), ("i", 8): (kind, size) = (.signed, width)
    case ("u", 1), ("u", 2), ("u", 4), ("u", 8): (kind, size) = (.unsigned, width)
    case ("f", 2), ("f", 4), ("f", 8): (kind, size) = (.float, width)
    case ("U", _): (kind, size) = (.text, 4 * min(width, 1 << 24))
    case ("S", _): (kind, size) = (.bytes, min(width, 1 << 26))
    default:
      throw NumPyFault("holds elements of type '\(text)', which are neither numbers nor text")
    }
  }

  /// The cells of `count` rows, of which `offset` tells where each is.
  func cells(_ count: Int, of bytes: [UInt8], at offset: (_ row: Int) -> Int) -> TypedCells {
    /// The bits of the element of a row, as a number.
    func bits(_ row: Int) -> UInt64 {
      let start = offset(row)
      var value: UInt64 = 0
      for index in 0..<size {
        let byte = bytes[start + (isBigEndian ? index : size - 1 - index)]
        value = value << 8 | UInt64(byte)
      }
      return value
    }
    switch kind {
    case .bool: return TypedCells(values: .truths((0..<count).map { bits($0) != 0 }))
    case .signed:
      let unused = 64 - 8 * size
      return TypedCells(
        values: .integers((0..<count).map { Int64(bitPattern: bits($0) << unused) >> unused }))
    case .unsigned:
      let values = (0..<count).map { bits($0) }
      // Numbers beyond a signed integer are told by their digits.
      return TypedCells(
        values: values.allSatisfy { $0 <= UInt64(Int64.max) }
          ? .integers(values.map { Int64($0) }) : .texts(values.map { "\($0)" }))
    case .float:
      return TypedCells(
        values: .numbers(
          (0..<count).map { row in
            switch size {
            case 2: Double(halfPrecision: UInt16(bits(row)))
            case 4: Double(Float(bitPattern: UInt32(bits(row))))
            default: Double(bitPattern: bits(row))
            }
          }))
    case .text:
      return TypedCells(
        values: .texts(
          (0..<count).map { row in
            var scalars = String.UnicodeScalarView()
            for index in 0..<size / 4 {
              let start = offset(row) + 4 * index
              let four = bytes[start..<start + 4]
              let value = (isBigEndian ? Array(four) : four.reversed())
                .reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
              scalars.append(Unicode.Scalar(value) ?? "\u{FFFD}")
            }
            while scalars.last?.value == 0 { scalars.removeLast() }
            return String(scalars)
          }))
    case .bytes:
      return TypedCells(
        values: .texts(
          (0..<count).map { row in
            var text = bytes[offset(row)..<offset(row) + size]
            while text.last == 0 { text.removeLast() }
            return String(decoding: text, as: UTF8.self)
          }))
    }
  }
}

extension Double {
  /// The value of a half-precision number: a sign, 5 bits of exponent and 10 of fraction.
  fileprivate init(halfPrecision bits: UInt16) {
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = Double(bits & 0x3FF)
    let magnitude: Double =
      switch exponent {
      case 0: fraction * 0x1p-24
      case 31: fraction == 0 ? .infinity : .nan
      default: Double(sign: .plus, exponent: exponent - 25, significand: 1_024 + fraction)
      }
    self = bits >> 15 == 0 ? magnitude : -magnitude
  }
}

/// The header of an array.
private struct NumPyHeader {
  private(set) var element: NumPyElement
  private(set) var isFortranOrder: Bool
  private(set) var shape: [Int]

  init(_ reader: inout ByteReader, _ bytes: [UInt8]) throws(NumPyFault) {
    let text: String
    do throws(ByteError) {
      guard bytes.starts(with: NumPyArray.magic) else {
        throw ByteError.truncated(offset: 0, needed: 6, remaining: 0)
      }
      _ = try reader.readRange(6)
      let major = try reader.readByte()
      _ = try reader.readByte()
      let length =
        major < 2
        ? Int(try reader.readLittleEndian(UInt16.self))
        : Int(try reader.readLittleEndian(UInt32.self))
      text = String(decoding: bytes[try reader.readRange(length)], as: UTF8.self)
    } catch { throw NumPyFault("is cut off in its header") }
    let words = Self.words(text)
    func value(_ key: String) throws(NumPyFault) -> ArraySlice<String> {
      guard let index = words.firstIndex(of: "'\(key)'"),
        words.dropFirst(index + 1).first == ":"
      else { throw NumPyFault("has no '\(key)' in its header") }
      return words.dropFirst(index + 2)
    }
    guard let type = try value("descr").first, type.first == "'", type.count > 2 else {
      throw NumPyFault("holds records of several types, which are not read")
    }
    element = try NumPyElement(String(type.dropFirst().dropLast()))
    isFortranOrder = try value("fortran_order").first == "True"
    let sizes = try value("shape").prefix { $0 != ")" }.dropFirst().filter { $0 != "," }
    shape = []
    for size in sizes {
      guard let number = Int(size), number >= 0 else {
        throw NumPyFault("has a shape that is none in its header")
      }
      shape.append(number)
    }
  }

  /// The words of a Python literal: texts with their quotes, names and numbers, marks.
  private static func words(_ text: String) -> [String] {
    var words: [String] = []
    var rest = text[...]
    while let first = rest.first {
      if first == "'" || first == "\"" {
        let end = rest.dropFirst().firstIndex(of: first) ?? rest.endIndex
        words.append("'" + rest[rest.index(after: rest.startIndex)..<end] + "'")
        rest = rest[end...].dropFirst()
      } else if first.isLetter || first.isNumber {
        let word = rest.prefix { $0.isLetter || $0.isNumber }
        words.append(String(word))
        rest = rest[word.endIndex...]
      } else {
        if !first.isWhitespace { words.append(String(first)) }
        rest = rest.dropFirst()
      }
    }
    return words
  }
}

/// One array of NumPy's, or several of one length in a zip file, where they have names.
final class NumPySource: RowSource {
  let isHeldWhole = true
  let place: Place
  private(set) var columns: [String] = []
  private(set) var unnamed: UnnamedContent?
  private var cells: [TypedCells] = []
  private var rowCount = 0

  /// Reads a file of one array, whose columns are numbered from 1.
  init(array stream: ByteStream, limits: Limits) throws(TableError) {
    place = stream.place
    let bytes = try stream.readToEnd(limit: limits.fileSize)
    let array = try NumPyArray(bytes, at: place, limits: limits)
    cells = array.columns
    columns = cells.indices.map { "\($0 + 1)" }
    rowCount = array.rowCount
    unnamed = array.isFloating ? .fractions : .wholeNumbers
  }

  /// Reads a zip file of arrays: one of one dimension is a column, one of two is columns `name.0`,
  /// `name.1` ….
  init(archive stream: ByteStream, limits: Limits) throws(TableError) {
    place = stream.place
    let bytes = try stream.readToEnd(limit: limits.fileSize)
    let members: [ZipMember]
    do throws(InputError) {
      members = try ZipMember.all(of: bytes, in: stream.place.file, limits: limits)
    } catch { throw .input(error) }
    for member in members where member.path.hasSuffix(".npy") {
      let name = String(member.path.dropLast(4))
      let place = Place(stream.place.file, member: member.path)
      let array = try NumPyArray(member.bytes, at: place, limits: limits)
      guard columns.isEmpty || array.rowCount == rowCount else {
        throw .differentLengths(
          place, rows: array.rowCount, other: "the member before it", otherRows: rowCount)
      }
      rowCount = array.rowCount
      cells += array.columns
      columns +=
        array.isOneColumn ? [name] : array.columns.indices.map { "\(name).\($0)" }
    }
    guard !columns.isEmpty else { throw .notAnArray(place, reason: "holds no array") }
  }

  func read(into wanted: inout WantedColumns) throws(TableError) {
    wanted.append(wanted.indices.map { cells[$0] }, count: rowCount)
  }
}
