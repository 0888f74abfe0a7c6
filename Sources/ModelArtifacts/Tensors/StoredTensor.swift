internal import InputReading

/// Numbers of a model, in row-major order.
struct StoredTensor: Sendable {
  let name: String
  let element: TensorElement
  /// Lengths, outermost first; none for a single number.
  let shape: [Int]
  /// The elements: as many as the shape says.
  let bytes: ArraySlice<UInt8>
  let isBigEndian: Bool

  /// Creates a tensor.
  ///
  /// - Throws: ``ModelFormatError`` if there are more or fewer bytes than the shape says.
  init(
    name: String, element: TensorElement, shape: [Int], bytes: ArraySlice<UInt8>,
    isBigEndian: Bool = false
  ) throws(ModelFormatError) {
    guard let count = Self.count(of: shape), count <= bytes.count,
      count * element.size == bytes.count
    else {
      throw .damaged(
        "tensor '\(name)' has \(bytes.count) bytes, which \(shape) of \(element.rawValue) are not",
        offset: nil)
    }
    self.name = name
    self.element = element
    self.shape = shape
    self.bytes = bytes
    self.isBigEndian = isBigEndian
  }

  /// The number of elements of a shape; `nil` where that is beyond any memory.
  static func count(of shape: [Int]) -> Int? {
    var count = 1
    for length in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard length >= 0, !overflow, product < 1 << 56 else { return nil }
      count = product
    }
    return count
  }

  /// The elements as single-precision numbers, where they are of that precision or a lower one.
  var floats: [Float]? {
    switch element {
    case .float16, .bfloat16, .float32: doubles?.map { Float($0) }
    default: nil
    }
  }

  /// The elements as double-precision numbers; `nil` where they are complex or of 8 bits.
  var doubles: [Double]? {
    let packed = PackedNumbers(bytes, offset: 0, stride: element.size, isBigEndian: isBigEndian)
    switch element {
    case .bool, .uint8: return packed.map(UInt8.self) { Double($0) }
    case .int8: return packed.map(Int8.self) { Double($0) }
    case .uint16: return packed.map(UInt16.self) { Double($0) }
    case .int16: return packed.map(Int16.self) { Double($0) }
    case .uint32: return packed.map(UInt32.self) { Double($0) }
    case .int32: return packed.map(Int32.self) { Double($0) }
    case .uint64: return packed.map(UInt64.self) { Double($0) }
    case .int64: return packed.map(Int64.self) { Double($0) }
    case .float16: return packed.map(UInt16.self) { Double(Float16(bitPattern: $0)) }
    case .bfloat16:
      return packed.map(UInt16.self) { Double(Float(bitPattern: UInt32($0) << 16)) }
    case .float32: return packed.map(UInt32.self) { Double(Float(bitPattern: $0)) }
    case .float64: return packed.map(UInt64.self) { Double(bitPattern: $0) }
    case .float8E4M3, .float8E5M2, .complex64, .complex128: return nil
    }
  }

  /// How many of the elements are not numbers, and how many are infinite.
  var nonFiniteCounts: (nan: Int, infinite: Int) {
    guard let floating = element.floating else { return (0, 0) }
    let packed = PackedNumbers(bytes, offset: 0, stride: floating.size, isBigEndian: isBigEndian)
    let infinity = floating.infinity
    func counts<Bits: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
      _ type: Bits.Type
    ) -> (Int, Int) {
      let infinity = Bits(truncatingIfNeeded: infinity)
      let magnitude = Bits.max >> 1
      let beyond = packed.count(type) { $0 & magnitude >= infinity }
      guard beyond > 0 else { return (0, 0) }
      let nan = packed.count(type) { $0 & magnitude > infinity }
      return (nan, element == .float8E4M3 ? 0 : beyond - nan)
    }
    switch floating.size {
    case 1: return counts(UInt8.self)
    case 2: return counts(UInt16.self)
    case 4: return counts(UInt32.self)
    default: return counts(UInt64.self)
    }
  }
}
