internal import InputReading
internal import PredictiveModels

/// A safetensors file.
///
/// | part | bytes |
/// |---|---|
/// | length | 8: of the header, little-endian |
/// | header | JSON: `{"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [begin, end]}, …}`, and `__metadata__`, an object of texts |
/// | data | the tensors, little-endian, without gaps; offsets count from its beginning |
///
/// Source: safetensors' README.md and safetensors/src/tensor.rs (0.8.0).
struct SafetensorsFile {
  let tensors: [StoredTensor]
  let metadata: [(name: String, value: String)]

  static let format = ModelFormat(
    name: "safetensors",
    fits: { source, _ in isSafetensors(source.bytes) },
    read: { source, options in
      do throws(ModelFormatError) {
        return try SafetensorsFile(source.bytes, limits: options.limits).reading
      } catch {
        return ModelReading(error)
      }
    })

  /// Bytes of a header that the library itself allows.
  private static let longestHeader: UInt64 = 100_000_000

  private static func isSafetensors(_ bytes: [UInt8]) -> Bool {
    var reader = ByteReader(bytes.span)
    guard let length = try? reader.readLittleEndian(UInt64.self),
      let first = try? reader.readByte()
    else { return false }
    return first == UInt8(ascii: "{") && (2...longestHeader).contains(length)
  }

  /// Reads a file's bytes.
  ///
  /// - Throws: ``ModelFormatError`` for everything that the library refuses.
  init(_ bytes: [UInt8], limits: Limits) throws(ModelFormatError) {
    var reader = ByteReader(bytes.span)
    let header: Range<Int>
    do throws(ByteError) {
      let length = try reader.readLittleEndian(UInt64.self)
      header = try reader.readRange(Int(clamping: length))
    } catch {
      throw .damaged("the header goes beyond the end: the file is cut off", offset: 0)
    }
    let root: JSON
    do throws(InputError) {
      root = try JSONDocument(Array(bytes[header]), from: Place("header"), limits: limits).root
    } catch {
      throw .notJSON(error)
    }
    guard let members = root.object else { throw .badField("header", expected: "an object") }
    guard Set(members.map(\.key)).count == members.count else {
      throw .badField("header", expected: "an object of different names")
    }
    var found: [(begin: Int, tensor: StoredTensor)] = []
    var metadata: [(name: String, value: String)] = []
    let data = bytes[header.upperBound...]
    for member in members {
      if member.key == "__metadata__" {
        metadata = (member.value.object ?? []).compactMap { entry in
          entry.value.string.map { (entry.key, $0) }
        }
        continue
      }
      guard let name = member.value["dtype"]?.string else {
        throw .badField("\(member.key).dtype", expected: "a text")
      }
      guard let element = Self.elements[name] else {
        throw .unsupported("the element type \(name) of tensor '\(member.key)'")
      }
      let shape = try Self.lengths(member.value["shape"], "\(member.key).shape")
      let offsets = try Self.lengths(member.value["data_offsets"], "\(member.key).data_offsets")
      guard offsets.count == 2, offsets[0] <= offsets[1], offsets[1] <= data.count else {
        throw .damaged(
          "tensor '\(member.key)' stands at \(offsets) of \(data.count) bytes of data",
          offset: nil)
      }
      found.append(
        (
          offsets[0],
          try StoredTensor(
            name: member.key, element: element, shape: shape,
            bytes: data.dropFirst(offsets[0]).prefix(offsets[1] - offsets[0]))
        ))
    }
    var covered = 0
    found.sort { ($0.begin, $0.tensor.bytes.count) < ($1.begin, $1.tensor.bytes.count) }
    for (begin, tensor) in found {
      guard begin == covered else {
        throw .damaged(
          "tensor '\(tensor.name)' begins at \(begin) where \(covered) bytes are taken",
          offset: header.upperBound + begin)
      }
      covered += tensor.bytes.count
    }
    guard covered == data.count else {
      throw .damaged(
        "\(data.count - covered) bytes follow the last tensor", offset: header.upperBound + covered)
    }
    tensors = found.map(\.tensor)
    self.metadata = metadata
  }

  private static let elements: [String: TensorElement] = [
    "BOOL": .bool, "U8": .uint8, "I8": .int8, "U16": .uint16, "I16": .int16, "U32": .uint32,
    "I32": .int32, "U64": .uint64, "I64": .int64, "F16": .float16, "BF16": .bfloat16,
    "F32": .float32, "F64": .float64, "F8_E4M3": .float8E4M3, "F8_E5M2": .float8E5M2,
    "C64": .complex64,
  ]

  private static func lengths(_ json: JSON?, _ path: String) throws(ModelFormatError) -> [Int] {
    guard let numbers = json?.array, numbers.count <= 64 else {
      throw .badField(path, expected: "a list of whole numbers")
    }
    var lengths: [Int] = []
    for number in numbers {
      guard let number = number.number, let length = Int(number.text), length >= 0 else {
        throw .badField(path, expected: "a list of whole numbers that are 0 or more")
      }
      lengths.append(length)
    }
    return lengths
  }

  private static let frameworks = [
    "pt": "PyTorch", "tf": "TensorFlow", "np": "NumPy", "flax": "Flax", "jax": "JAX", "mlx": "MLX",
    "paddle": "PaddlePaddle",
  ]

  private var reading: ModelReading {
    let format = metadata.first { $0.name == "format" }?.value
    let framework = format.flatMap { Self.frameworks[$0] }
    return StateDict(
      tensors: tensors, format: "safetensors", framework: framework ?? "unknown framework",
      algorithm: "tensors", values: metadata.map { ($0.name, String($0.value.prefix(64))) }
    ).reading
  }
}
