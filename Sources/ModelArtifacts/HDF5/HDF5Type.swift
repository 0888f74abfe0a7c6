/// The type of an HDF5 attribute's or dataset's elements.
///
/// | bytes | content |
/// |---|---|
/// | 1 | class in the low four bits, version in the high four |
/// | 3 | bits that say more of the class |
/// | 4 | bytes of an element |
/// | … | of whole and floating-point numbers: first bit and precision, 2 each; of an enumeration and of sequences: the type of what they are made of |
///
/// Source: HDF5 File Format Specification 3.0, IV.A.2.d.
enum HDF5Type: Hashable, Sendable {
  case number(TensorElement, isBigEndian: Bool)
  /// Texts of a fixed number of bytes, filled with NUL or blanks.
  case text(size: Int)
  /// Texts that stand in the global heap: 4 bytes of length, 8 of the collection's address, 4 of an index.
  case variableText
  /// Anything else.
  case other(name: String, size: Int)

  /// Bytes of one element.
  var size: Int {
    switch self {
    case .number(let element, _): element.size
    case .text(let size), .other(_, let size): size
    case .variableText: 16
    }
  }

  /// The name of its elements' type.
  var name: String {
    switch self {
    case .number(let element, _): element.rawValue
    case .text, .variableText: "string"
    case .other(let name, _): name
    }
  }

  /// Reads a type's message.
  init(_ cursor: inout FileCursor, depth: Int = 0) throws(ModelFormatError) {
    let head = try cursor.integer(UInt8.self)
    let bits = try cursor.count(width: 3)
    let size = Int(try cursor.integer(UInt32.self))
    let isBigEndian = bits & 1 == 1
    switch head & 15 {
    case 0:
      try cursor.skip(4)
      let isSigned = bits & 8 != 0
      let name = "\(isSigned ? "" : "u")int\(8 * min(size, 64))"
      self =
        TensorElement(rawValue: name).map { .number($0, isBigEndian: isBigEndian) }
        ?? .other(name: name, size: size)
    case 1:
      try cursor.skip(2)
      let precision = try cursor.integer(UInt16.self)
      try cursor.skip(1)
      let exponentBits = try cursor.integer(UInt8.self)
      try cursor.skip(6)
      let element: TensorElement? =
        switch (size, precision, exponentBits) {
        case (2, 16, 5): .float16
        case (2, 16, 8): .bfloat16
        case (4, 32, 8): .float32
        case (8, 64, 11): .float64
        default: nil
        }
      self =
        element.map { .number($0, isBigEndian: isBigEndian) }
        ?? .other(name: "float of \(size) bytes", size: size)
    case 3: self = .text(size: size)
    // Truth values are an enumeration of bytes.
    case 8:
      guard depth < 4 else { throw .damaged("types are nested too deep", offset: cursor.offset) }
      let base = try HDF5Type(&cursor, depth: depth + 1)
      self = base == .number(.int8, isBigEndian: false) ? .number(.bool, isBigEndian: false) : base
    case 9 where bits & 15 == 1 && size == 16: self = .variableText
    case 2: self = .other(name: "time", size: size)
    case 4: self = .other(name: "bits", size: size)
    case 5: self = .other(name: "opaque", size: size)
    case 6: self = .other(name: "compound", size: size)
    case 7: self = .other(name: "reference", size: size)
    case 9: self = .other(name: "sequence", size: size)
    case 10: self = .other(name: "array", size: size)
    default: self = .other(name: "unknown", size: size)
    }
  }
}

/// An attribute's or a dataset's elements, in row-major order.
struct HDF5Value: Sendable {
  let type: HDF5Type
  let shape: [Int]
  /// The elements; those of texts of any length are in `texts`.
  let bytes: ArraySlice<UInt8>
  /// The texts, where it is made of texts.
  let texts: [String]?

  /// The only text.
  var text: String? { texts?.count == 1 ? texts?.first : nil }
}
