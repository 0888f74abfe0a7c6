internal import FoundationEssentials
internal import ONNXMessages
internal import PredictiveModels

/// Tensors as ONNX's files have them.
///
/// Numbers stand in `raw_data`, little-endian, or in a list of their own kind; of large models also in
/// a file beside the model.
enum ONNXTensor {
  /// The kinds of values by their numbers.
  ///
  /// Source: TensorProto.DataType.
  static let kinds: [Int32: TensorKind] = [
    1: .float, 2: .integer(bits: 8, isSigned: false), 3: .integer(bits: 8, isSigned: true),
    4: .integer(bits: 16, isSigned: false), 5: .integer(bits: 16, isSigned: true),
    6: .integer(bits: 32, isSigned: true), 7: .integer(bits: 64, isSigned: true), 8: .text,
    9: .truth, 11: .double, 12: .integer(bits: 32, isSigned: false),
    13: .integer(bits: 64, isSigned: false),
  ]

  /// The names of kinds by their numbers, for people.
  static let kindNames: [Int32: String] = [
    1: "float", 2: "uint8", 3: "int8", 4: "uint16", 5: "int16", 6: "int32", 7: "int64",
    8: "string", 9: "bool", 10: "float16", 11: "double", 12: "uint32", 13: "uint64",
    14: "complex64",
    15: "complex128", 16: "bfloat16",
  ]

  /// Reads a tensor.
  ///
  /// - Throws: ``ModelFormatError`` if values and sizes do not fit, or the kind is not read.
  static func read(
    _ message: ONNXTensorProto, source: ModelSource
  ) throws(ModelFormatError) -> Tensor {
    let name = message.name.isEmpty ? "a tensor" : "the tensor '\(message.name)'"
    guard let kind = kinds[message.dataType] else {
      let word = kindNames[message.dataType] ?? "type \(message.dataType)"
      throw .unsupported("\(name) of \(word)")
    }
    let elements = try elements(message, kind, name: name, source: source)
    do throws(TensorFault) {
      return try Tensor(elements, shape: message.dims.map { Int($0) })
    } catch { throw .badField(name, expected: "whole: \(error.message)") }
  }

  private static func elements(
    _ message: ONNXTensorProto, _ kind: TensorKind, name: String, source: ModelSource
  ) throws(ModelFormatError) -> Tensor.Elements {
    if message.dataLocation == 1 {
      return try elements(
        Array(try externalBytes(message, name: name, source: source)), kind, name: name)
    }
    if message.hasRawData { return try elements(Array(message.rawData), kind, name: name) }
    switch kind {
    case .float: return .floats(message.floatData)
    case .double: return .doubles(message.doubleData)
    case .truth: return .truths(message.int32Data.map { $0 != 0 })
    case .integer(64, true): return .integers(message.int64Data)
    case .integer(32, false), .integer(64, false):
      return .integers(message.uint64Data.map { Int64(truncatingIfNeeded: $0) })
    case .integer: return .integers(message.int32Data.map(Int64.init))
    case .text:
      let texts = message.stringData.compactMap { String(validating: $0, as: UTF8.self) }
      guard texts.count == message.stringData.count else {
        throw .badField(name, expected: "a list of texts")
      }
      return .texts(texts)
    }
  }

  /// Numbers, little-endian.
  private static func elements(
    _ bytes: [UInt8], _ kind: TensorKind, name: String
  ) throws(ModelFormatError) -> Tensor.Elements {
    func numbers<Number: FixedWidthInteger>(
      _ type: Number.Type
    ) throws(ModelFormatError) -> [Number] {
      let width = Number.bitWidth / 8
      guard bytes.count % width == 0 else {
        throw .badField(name, expected: "whole: \(bytes.count) bytes are no numbers of \(width)")
      }
      return stride(from: 0, to: bytes.count, by: width).map { start in
        var number: Number = 0
        for index in (start..<start + width).reversed() {
          number =
            width == 1
            ? Number(truncatingIfNeeded: bytes[index])
            : number << 8 | Number(truncatingIfNeeded: bytes[index])
        }
        return number
      }
    }
    switch kind {
    case .float: return .floats(try numbers(UInt32.self).map(Float.init(bitPattern:)))
    case .double: return .doubles(try numbers(UInt64.self).map(Double.init(bitPattern:)))
    case .truth: return .truths(bytes.map { $0 != 0 })
    case .integer(8, false): return .integers(bytes.map(Int64.init))
    case .integer(8, _): return .integers(try numbers(Int8.self).map(Int64.init))
    case .integer(16, false): return .integers(try numbers(UInt16.self).map(Int64.init))
    case .integer(16, _): return .integers(try numbers(Int16.self).map(Int64.init))
    case .integer(32, false): return .integers(try numbers(UInt32.self).map(Int64.init))
    case .integer(32, _): return .integers(try numbers(Int32.self).map(Int64.init))
    case .integer: return .integers(try numbers(Int64.self))
    case .text: throw .badField(name, expected: "a list of texts")
    }
  }

  // MARK: Files beside the model

  /// The file that a tensor stands in; `nil` where it stands in the model.
  static func location(_ message: ONNXTensorProto) -> String? {
    guard message.dataLocation == 1 else { return nil }
    return message.externalData.last { $0.key == "location" }?.value ?? ""
  }

  /// Whether a path leads out of the folder that it is given from.
  static func leadsOut(_ path: String) -> Bool {
    path.hasPrefix("/") || path.split(separator: "/").contains("..") || path.contains("\\")
  }

  /// What a file beside the model holds of a tensor.
  static func externalData(
    _ message: ONNXTensorProto, source: ModelSource
  ) throws(ModelFormatError) -> Data {
    Data(try externalBytes(message, name: "the tensor '\(message.name)'", source: source))
  }

  private static func externalBytes(
    _ message: ONNXTensorProto, name: String, source: ModelSource
  ) throws(ModelFormatError) -> ArraySlice<UInt8> {
    let path = location(message) ?? ""
    guard !leadsOut(path), let file = source.sibling(path) else {
      throw .badField(
        name, expected: "there: the file '\(path)', which holds it, is not beside the model")
    }
    func number(_ key: String) -> Int? {
      message.externalData.last { $0.key == key }.flatMap { Int($0.value) }
    }
    let start = number("offset") ?? 0
    guard (0...file.bytes.count).contains(start) else {
      throw .badField(name, expected: "whole: '\(path)' ends before it")
    }
    let count = number("length") ?? file.bytes.count - start
    guard count >= 0, count <= file.bytes.count - start else {
      throw .badField(name, expected: "whole: '\(path)' ends before it")
    }
    return file.bytes[start..<start + count]
  }
}
