internal import CONNXRuntime
internal import Glibc
internal import InputReading
internal import PredictiveModels

/// ONNX Runtime's library, opened at run time where one is found.
///
/// It is native code that reads a model's graph: it is looked for only where somebody put it for that,
/// no library of further operators is ever loaded into it, and what it computes is said.
@safe
struct ONNXRuntime: @unchecked Sendable {
  // Safety: the library is opened once, never closed, and may be used by many threads at once.
  fileprivate let handle: OpaquePointer

  /// The command that brings a library that is found.
  static let installation =
    "python3 -m pip install --no-deps --target ~/.local/share/assay onnxruntime"

  /// The library, opened when it is first wanted; `nil` where there is none.
  static let shared: ONNXRuntime? = {
    for path in ["libonnxruntime.so"] + FilePattern.matches(pattern).sorted().reversed() {
      var message: UnsafeMutablePointer<CChar>?
      let handle = unsafe cort_library_open(path, &message)
      unsafe cort_free(message)
      if let handle = unsafe handle { return unsafe ONNXRuntime(handle: handle) }
    }
    return nil
  }()

  /// Where the package for Python has it.
  private static var pattern: String {
    let home = unsafe getenv("HOME").map { unsafe String(cString: $0) } ?? ""
    return home + "/.local/share/assay/onnxruntime/capi/libonnxruntime.so*"
  }

  /// Its version.
  var version: String {
    unsafe cort_library_version(handle).map { unsafe String(cString: $0) } ?? ""
  }
}

/// A graph that ONNX Runtime computes.
@safe
final class ONNXRuntimeGraph: TensorComputation, @unchecked Sendable {
  // Safety: a session is made once, freed once, and may run on several threads at once.
  private let session: OpaquePointer
  /// The numbers of the inputs' kinds, by their names.
  private let inputTypes: [String: Int32]
  private let outputs: [String]

  /// What it is made of is not known.
  var treeCount: Int? { nil }

  /// Reads a model.
  ///
  /// - Parameters:
  ///   - bytes: The model's message, with nothing in files beside it.
  ///   - inputTypes: The numbers of its inputs' kinds, by their names.
  ///   - outputs: The names of its outputs, which are tensors.
  ///   - library: The library.
  /// - Throws: `TensorFault/shape(_:)` with the library's reason.
  init(
    _ bytes: [UInt8], inputTypes: [String: Int32], outputs: [String], library: ONNXRuntime
  ) throws(TensorFault) {
    var message: UnsafeMutablePointer<CChar>?
    let session = unsafe bytes.withUnsafeBytes { bytes in
      unsafe cort_session_open(library.handle, bytes.baseAddress, bytes.count, 1, &message)
    }
    guard let session = unsafe session else {
      throw .shape(unsafe Self.take(message))
    }
    unsafe self.session = unsafe session
    self.inputTypes = inputTypes
    self.outputs = outputs
  }

  deinit { unsafe cort_session_free(session) }

  private static func take(_ message: UnsafeMutablePointer<CChar>?) -> String {
    guard let message = unsafe message else { return "there is not enough memory" }
    defer { unsafe cort_free(message) }
    return unsafe String(cString: message).split(whereSeparator: \.isNewline).joined(separator: " ")
  }

  /// Computes a tensor for each output.
  func evaluate(_ given: [String: Tensor]) throws(TensorGraph.Failure) -> [Tensor] {
    var inputs: [cort_tensor] = unsafe []
    // Safety: what is allocated for the inputs lives until they have been used.
    var buffers: [UnsafeMutableRawPointer] = unsafe []
    defer { for index in unsafe buffers.indices { unsafe free(buffers[index]) } }
    func copy<Value>(_ values: [Value]) -> UnsafeMutableRawPointer? {
      let size = values.count * MemoryLayout<Value>.stride
      guard let buffer = unsafe malloc(max(size, 1)) else { return nil }
      unsafe buffers.append(buffer)
      unsafe values.withUnsafeBytes { bytes in
        if let start = bytes.baseAddress { unsafe memcpy(buffer, start, size) }
      }
      return unsafe buffer
    }
    for (name, tensor) in given {
      var input = unsafe cort_tensor()
      let sizes = tensor.shape.map(Int64.init)
      unsafe input.rank = sizes.count
      unsafe input.sizes = unsafe UnsafePointer(
        copy(sizes)?.assumingMemoryBound(to: Int64.self))
      unsafe input.name = unsafe UnsafePointer(
        copy(Array(name.utf8CString))?.assumingMemoryBound(to: CChar.self))
      switch tensor.elements {
      case .floats(let values):
        unsafe input.type = Int32(CORT_FLOAT)
        unsafe input.byte_count = values.count * 4
        unsafe input.data = unsafe copy(values)
      case .doubles(let values):
        unsafe input.type = Int32(CORT_DOUBLE)
        unsafe input.byte_count = values.count * 8
        unsafe input.data = unsafe copy(values)
      case .integers(let values) where inputTypes[name] == Int32(CORT_INT32):
        unsafe input.type = Int32(CORT_INT32)
        unsafe input.byte_count = values.count * 4
        unsafe input.data = unsafe copy(values.map { Int32(truncatingIfNeeded: $0) })
      case .integers(let values):
        unsafe input.type = Int32(CORT_INT64)
        unsafe input.byte_count = values.count * 8
        unsafe input.data = unsafe copy(values)
      case .truths(let values):
        unsafe input.type = Int32(CORT_BOOL)
        unsafe input.byte_count = values.count
        unsafe input.data = unsafe copy(values.map { $0 ? UInt8(1) : 0 })
      case .texts(let values):
        unsafe input.type = Int32(CORT_STRING)
        unsafe input.byte_count = values.count * MemoryLayout<UnsafeRawPointer>.size
        unsafe input.data = unsafe copy(values.map { unsafe copy(Array($0.utf8CString)) })
      }
      unsafe inputs.append(input)
    }
    var names: [UnsafePointer<CChar>?] = unsafe []
    for output in outputs {
      unsafe names.append(
        UnsafePointer(copy(Array(output.utf8CString))?.assumingMemoryBound(to: CChar.self)))
    }
    var message: UnsafeMutablePointer<CChar>?
    let results = unsafe inputs.withUnsafeBufferPointer { inputs in
      unsafe names.withUnsafeBufferPointer { names in
        unsafe cort_session_run(
          session, inputs.baseAddress, inputs.count, names.baseAddress, names.count, &message)
      }
    }
    guard let results = unsafe results else {
      throw TensorGraph.Failure(
        node: "ONNX Runtime", fault: .shape(unsafe Self.take(message)))
    }
    defer { unsafe cort_outputs_free(results) }
    do throws(TensorFault) {
      var tensors: [Tensor] = []
      for index in outputs.indices {
        tensors.append(unsafe try Self.tensor(results, index))
      }
      return tensors
    } catch { throw TensorGraph.Failure(node: "ONNX Runtime", fault: error) }
  }

  private static func tensor(
    _ results: OpaquePointer, _ index: Int
  ) throws(TensorFault) -> Tensor {
    let type = unsafe cort_output_type(results, index)
    guard type != 0 else { throw .unsupported("an output that is no tensor") }
    let shape = (0..<(unsafe cort_output_rank(results, index))).map {
      Int(unsafe cort_output_size(results, index, $0))
    }
    let count = unsafe cort_output_count(results, index)
    let data = unsafe cort_output_data(results, index)
    // Safety: the library keeps so many values of the type until the results are freed.
    func values<Value>(_ type: Value.Type) -> [Value] {
      guard count > 0, let data = unsafe data else { return [] }
      return unsafe Array(
        UnsafeBufferPointer(start: data.assumingMemoryBound(to: Value.self), count: count))
    }
    let elements: Tensor.Elements
    switch Int(type) {
    case Int(CORT_FLOAT): elements = .floats(values(Float.self))
    case Int(CORT_DOUBLE): elements = .doubles(values(Double.self))
    case Int(CORT_INT64): elements = .integers(values(Int64.self))
    case Int(CORT_INT32): elements = .integers(values(Int32.self).map(Int64.init))
    case Int(CORT_BOOL): elements = .truths(values(UInt8.self).map { $0 != 0 })
    case Int(CORT_STRING):
      elements = .texts(
        (0..<count).map { place in
          var length = 0
          let start = unsafe cort_output_text(results, index, place, &length)
          return unsafe start.map { start in
            unsafe String(
              decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self)
          } ?? ""
        })
    default: throw .unsupported("an output of type \(type)")
    }
    return try Tensor(elements, shape: shape)
  }
}
