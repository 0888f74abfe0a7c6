/// MXNet's arrays in a file, as `save` of its arrays, modules and Gluon's parameters writes them.
///
/// | part | bytes |
/// |---|---|
/// | head | 0x112 u64, 0 u64, the number of arrays u64 |
/// | an array | its version u32; storage i32; shape; device i32 i32; type of elements i32; elements |
/// | names | their number u64, 0 or that of the arrays; each a length u64 and bytes |
///
/// A shape is a number of dimensions u32 and each i64. Arrays of version 1, 0xF993FAC8, have no storage;
/// older ones have no version, but begin with their shape, whose dimensions are u32. In version 3 a shape
/// may be of no dimensions, which is one number; in others that array is none, and nothing follows.
/// Sparse arrays have a second shape, that of their elements, before the first, and indices behind the
/// elements.
///
/// Source: apache/mxnet 1.9.1, src/ndarray/ndarray.cc, NDArray::Save and Load; src/c_api/c_api.cc.
struct NDArrayList {
  /// An array.
  struct Array: Hashable, Sendable {
    /// The name without what tells parameters from states: `arg:` and `aux:`; `nil` where it has none.
    var name: String?
    let shape: [Int]
    /// The type of elements, as NumPy calls it.
    let type: String
    let isSparse: Bool
    /// The elements in row-major order; of a sparse array those that are there.
    let values: [Double]
    /// Bytes of the elements in the file.
    let byteCount: Int
  }

  let arrays: [Array]

  private static let magic: UInt64 = 0x112
  private static let version1: UInt32 = 0xF993_FAC8
  private static let version2: UInt32 = 0xF993_FAC9
  private static let version3: UInt32 = 0xF993_FACA
  /// Dimensions of an array, by the library's own limit.
  private static let mostDimensions = 32

  /// Whether bytes are such a file.
  static func fits(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 24 else { return false }
    var fields = BinaryFields(bytes)
    return (try? fields.integer(UInt64.self)) == magic && (try? fields.integer(UInt64.self)) == 0
  }

  /// Reads a file.
  ///
  /// - Throws: ``ModelFormatError`` with the byte, also where bytes are left over.
  init(_ bytes: [UInt8]) throws(ModelFormatError) {
    var fields = BinaryFields(bytes)
    try fields.slice(16)
    let count = try fields.count(UInt64.self, of: "arrays", bytesEach: 8)
    var arrays: [Array] = []
    for _ in 0..<count { arrays.append(try Self.array(&fields)) }
    let start = fields.offset
    let nameCount = try fields.count(UInt64.self, of: "names", bytesEach: 8)
    guard nameCount == 0 || nameCount == count else {
      throw .damaged("there are \(nameCount) names of \(count) arrays", offset: start)
    }
    for index in 0..<nameCount {
      let name = try fields.text()
      let isMarked = name.hasPrefix("arg:") || name.hasPrefix("aux:")
      arrays[index].name = isMarked ? String(name.dropFirst(4)) : name
    }
    guard fields.remaining == 0 else {
      throw .damaged("\(fields.remaining) bytes follow the names", offset: fields.offset)
    }
    self.arrays = arrays
  }

  /// The array of a name.
  subscript(name: String) -> Array? { arrays.first { $0.name == name } }

  private static func array(_ fields: inout BinaryFields) throws(ModelFormatError) -> Array {
    let start = fields.offset
    let version = try fields.integer(UInt32.self)
    guard version >= version1, version <= version3 else {
      // No version, but the number of dimensions.
      let shape = try dimensions(Int(version), UInt32.self, &fields)
      return try dense(shape, hasElements: !shape.isEmpty, &fields)
    }
    var indexCount = 0
    if version > version1 {
      let storage = try fields.integer(Int32.self)
      guard (0...2).contains(storage) else {
        throw .damaged(
          "an array is stored in the way \(storage), which does not exist", offset: start)
      }
      // Of rows their numbers, and of compressed rows where each one begins too.
      indexCount = Int(storage)
    }
    let stored = indexCount > 0 ? try shape(&fields) : nil
    let shape = try shape(&fields)
    guard let stored else {
      return try dense(shape, hasElements: version == version3 || !shape.isEmpty, &fields)
    }
    try fields.slice(8)
    let type = try elementType(&fields)
    var indices: [(type: ElementType, shape: [Int])] = []
    for _ in 0..<indexCount { indices.append((try elementType(&fields), try Self.shape(&fields))) }
    let values = try elements(type, stored, &fields)
    for index in indices { _ = try elements(index.type, index.shape, &fields) }
    return Array(
      shape: shape, type: type.name, isSparse: true, values: values,
      byteCount: type.width * values.count)
  }

  private static func dense(
    _ shape: [Int], hasElements: Bool, _ fields: inout BinaryFields
  ) throws(ModelFormatError) -> Array {
    guard hasElements else {
      return Array(shape: [], type: "none", isSparse: false, values: [], byteCount: 0)
    }
    // The device that it was on.
    try fields.slice(8)
    let type = try elementType(&fields)
    let values = try elements(type, shape, &fields)
    return Array(
      shape: shape, type: type.name, isSparse: false, values: values,
      byteCount: type.width * values.count)
  }

  private static func shape(_ fields: inout BinaryFields) throws(ModelFormatError) -> [Int] {
    try dimensions(Int(fields.integer(UInt32.self)), Int64.self, &fields)
  }

  private static func dimensions<T: FixedWidthInteger>(
    _ count: Int, _ type: T.Type, _ fields: inout BinaryFields
  ) throws(ModelFormatError) -> [Int] {
    guard count <= mostDimensions else {
      throw .damaged("an array has \(count) dimensions", offset: fields.offset - 4)
    }
    var shape: [Int] = []
    for _ in 0..<count {
      let size = try fields.integer(type)
      guard size >= 0, let size = Int(exactly: size) else {
        throw .damaged("a dimension is \(size)", offset: fields.offset)
      }
      shape.append(size)
    }
    return shape
  }

  // MARK: Elements

  private struct ElementType {
    let name: String
    let width: Int
    let read: (inout BinaryFields) throws(ModelFormatError) -> Double
  }

  private static func elementType(
    _ fields: inout BinaryFields
  ) throws(ModelFormatError) -> ElementType {
    let start = fields.offset
    func integer<T: FixedWidthInteger>(_ name: String, _ type: T.Type) -> ElementType {
      ElementType(name: name, width: T.bitWidth / 8) { fields throws(ModelFormatError) in
        Double(try fields.integer(type))
      }
    }
    switch try fields.integer(Int32.self) {
    case 0:
      return ElementType(name: "float32", width: 4) { fields throws(ModelFormatError) in
        Double(try fields.float())
      }
    case 1:
      return ElementType(name: "float64", width: 8) { fields throws(ModelFormatError) in
        try fields.double()
      }
    case 2:
      return ElementType(name: "float16", width: 2) { fields throws(ModelFormatError) in
        Double(Float16(bitPattern: try fields.integer(UInt16.self)))
      }
    case 3: return integer("uint8", UInt8.self)
    case 4: return integer("int32", Int32.self)
    case 5: return integer("int8", Int8.self)
    case 6: return integer("int64", Int64.self)
    case 7: return integer("bool", UInt8.self)
    case 8: return integer("int16", Int16.self)
    case 9: return integer("uint16", UInt16.self)
    case 10: return integer("uint32", UInt32.self)
    case 11: return integer("uint64", UInt64.self)
    case 12:
      return ElementType(name: "bfloat16", width: 2) { fields throws(ModelFormatError) in
        Double(Float(bitPattern: UInt32(try fields.integer(UInt16.self)) << 16))
      }
    case let type: throw .damaged("the type of elements \(type) does not exist", offset: start)
    }
  }

  private static func elements(
    _ type: ElementType, _ shape: [Int], _ fields: inout BinaryFields
  ) throws(ModelFormatError) -> [Double] {
    var count = 1
    for size in shape {
      let (product, overflows) = count.multipliedReportingOverflow(by: size)
      guard !overflows else {
        throw .damaged("an array of the shape \(shape) is too large", offset: fields.offset)
      }
      count = product
    }
    guard count <= fields.remaining / type.width else {
      throw .damaged("there is no room for \(count) elements", offset: fields.offset)
    }
    var values: [Double] = []
    values.reserveCapacity(count)
    for _ in 0..<count { values.append(try type.read(&fields)) }
    return values
  }
}
