/// The type of a tensor's elements, by the name that NumPy and PyTorch give it.
enum TensorElement: String, Sendable {
  case bool, uint8, int8, uint16, int16, uint32, int32, uint64, int64
  case float16, bfloat16, float32, float64
  case float8E4M3 = "float8_e4m3fn"
  case float8E5M2 = "float8_e5m2"
  case complex64, complex128

  /// Bytes of one element.
  var size: Int {
    switch self {
    case .bool, .uint8, .int8, .float8E4M3, .float8E5M2: 1
    case .uint16, .int16, .float16, .bfloat16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64, .complex64: 8
    case .complex128: 16
    }
  }

  /// What its numbers are, where they are in a floating-point format; a complex number is two.
  var floating: Floating? {
    switch self {
    case .float16: Floating(size: 2, infinity: 0x7C00)
    case .bfloat16: Floating(size: 2, infinity: 0x7F80)
    case .float32, .complex64: Floating(size: 4, infinity: 0x7F80_0000)
    case .float64, .complex128: Floating(size: 8, infinity: 0x7FF0_0000_0000_0000)
    case .float8E5M2: Floating(size: 1, infinity: 0x7C)
    // There is no infinity, and NaN is all ones: one above the greatest number.
    case .float8E4M3: Floating(size: 1, infinity: 0x7E)
    default: nil
    }
  }

  /// A format of floating-point numbers: without their signs, bits above `infinity` are no numbers.
  struct Floating {
    let size: Int
    let infinity: UInt64
  }
}
