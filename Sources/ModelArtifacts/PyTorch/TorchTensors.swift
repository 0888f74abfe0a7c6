internal import InputReading

/// The values of a pickle that torch.save or torch.jit.save wrote, whose tensors' numbers stand outside it.
///
/// A storage is named by the persistent id `("storage", class, key, device, count)`, and a tensor is
/// `torch._utils._rebuild_tensor_v2(storage, offset, shape, strides, …)`, offset and strides in elements.
///
/// Source: torch/serialization.py and torch/_utils.py (2.13); for TorchScript
/// torch/csrc/jit/serialization/unpickler.cpp.
struct TorchTensors {
  /// Numbers that tensors share.
  struct Storage: Sendable {
    let element: TensorElement
    let bytes: ArraySlice<UInt8>
    var isBigEndian = false
  }

  /// What a persistent id says of a storage.
  struct StorageName: Sendable {
    let key: String
    /// The type of its elements; of an untyped storage its bytes.
    let element: TensorElement
    let device: String
    /// The number of elements.
    let count: Int
    /// The part of another storage that it is, in files that are no zip archives.
    let isView: Bool
  }

  let graph: PickleGraph
  let storages: [String: Storage]

  /// Each tensor that the value holds, by the names that lead to it.
  private(set) var tensors: [StoredTensor] = []
  /// What keeps tensors from being read.
  private(set) var findings: [Finding] = []
  /// Whether modules' objects are in it, and not tensors and plain values alone.
  private(set) var hasModules = false

  private var visited: Set<NodeID> = []
  /// Bytes that may still be gone through: tensors may share a storage, but not a thousand times.
  private var room: Int

  private static let deepestNesting = 64
  /// How often the bytes of all storages may be gone through.
  private static let shares = 16

  init(graph: PickleGraph, root: NodeID, storages: [String: Storage]) {
    self.graph = graph
    self.storages = storages
    room = Self.shares * (storages.values.reduce(0) { $0 + $1.bytes.count } + 4_096)
    walk(root, path: "", depth: 0)
  }

  // MARK: Names

  /// Whether a class or function makes a tensor, a part of one or a plain value, and nothing else.
  ///
  /// Source: what torch.load allows by itself, torch/_weights_only_unpickler.py (2.13).
  static func knows(_ name: String) -> Bool {
    guard name.hasPrefix("torch.") else { return false }
    let last = name.split(separator: ".").last.map(String.init) ?? ""
    if rebuilders.contains(name) || plain.contains(name) { return true }
    // torch.float32 is a type, and so is torch.qint8.
    if name == "torch." + last, TensorElement(rawValue: last) != nil { return true }
    return storageElements[last] != nil
      && ["torch.", "torch.cuda.", "torch.storage."].contains(String(name.dropLast(last.count)))
  }

  private static let rebuilders: Set<String> = [
    "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2",
    "torch._utils._rebuild_tensor_v3",
    "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state",
  ]

  private static let plain: Set<String> = [
    "torch.Size", "torch.device", "torch.Tensor", "torch.nn.parameter.Parameter",
    "torch.serialization._get_layout",
  ]

  private static let storageElements: [String: TensorElement] = [
    "FloatStorage": .float32, "DoubleStorage": .float64, "HalfStorage": .float16,
    "BFloat16Storage": .bfloat16, "LongStorage": .int64, "IntStorage": .int32,
    "ShortStorage": .int16, "CharStorage": .int8, "ByteStorage": .uint8, "BoolStorage": .bool,
    "ComplexFloatStorage": .complex64, "ComplexDoubleStorage": .complex128,
    "UntypedStorage": .uint8,
  ]

  // MARK: Storages

  /// What a persistent id says, where it names a storage.
  static func storageName(_ id: NodeID, in graph: PickleGraph) -> StorageName? {
    guard let parts = graph.elements(id), (5...6).contains(parts.count),
      graph.text(parts[0]) == "storage",
      case .global(let name) = graph[parts[1]], knows(name),
      let element = storageElements[name.split(separator: ".").last.map(String.init) ?? ""],
      let key = graph.text(parts[2]), key.utf8.count <= 256,
      let device = graph.text(parts[3]), let count = graph.integer(parts[4]), count >= 0
    else { return nil }
    return StorageName(
      key: key, element: element, device: device, count: count,
      isView: parts.count == 6 && !graph.isNone(parts[5]))
  }

  /// The class that a persistent id `("module", class, file, source)` names, as files that are no zip
  /// archives name classes of modules; torch.load compares the source with its own alone.
  static func moduleClass(_ id: NodeID, in graph: PickleGraph) -> NodeID? {
    guard let parts = graph.elements(id), parts.count == 4, graph.text(parts[0]) == "module",
      case .global = graph[parts[1]]
    else { return nil }
    return parts[1]
  }

  // MARK: Values

  /// Names of a module's attributes that say what kind of things they hold.
  private static let moduleParts: Set<String> = ["_parameters", "_buffers", "_modules"]

  private mutating func walk(_ id: NodeID, path: String, depth: Int) {
    guard depth < Self.deepestNesting else {
      if visited.insert(id).inserted {
        findings.append(
          Finding(.error, "model.broken", "'\(path)' is nested too deep"))
      }
      return
    }
    do throws(ModelFormatError) {
      if let tensor = try tensor(id, name: path, depth: 0) {
        tensors.append(tensor)
        return
      }
    } catch {
      findings.append(Finding(error))
      return
    }
    guard visited.insert(id).inserted else { return }
    switch graph[id] {
    case .dictionary(let entries): walk(entries, path: path, depth: depth)
    case .object(let object):
      if object.constructor != "collections.OrderedDict", object.state != nil { hasModules = true }
      walk(object.entries, path: path, depth: depth)
      if object.constructor != "collections.OrderedDict", let state = object.state {
        walk(state, path: path, depth: depth + 1)
      }
    case .list(let elements), .tuple(let elements):
      for (index, element) in elements.enumerated() {
        walk(element, path: Self.join(path, "\(index)"), depth: depth + 1)
      }
    default: break
    }
  }

  private mutating func walk(_ entries: [PickleGraph.Entry], path: String, depth: Int) {
    for entry in entries {
      guard let key = graph.text(entry.key) ?? graph.integer(entry.key).map({ "\($0)" }),
        path.utf8.count + key.utf8.count <= 4_096
      else { continue }
      walk(
        entry.value, path: Self.moduleParts.contains(key) ? path : Self.join(path, key),
        depth: depth + 1)
    }
  }

  private static func join(_ path: String, _ name: String) -> String {
    path.isEmpty ? name : "\(path).\(name)"
  }

  // MARK: Tensors

  private mutating func tensor(
    _ id: NodeID, name: String, depth: Int
  ) throws(ModelFormatError) -> StoredTensor? {
    guard case .object(let object) = graph[id], Self.rebuilders.contains(object.constructor),
      let arguments = graph.elements(object.arguments)
    else { return nil }
    if object.constructor.hasPrefix("torch._utils._rebuild_parameter") {
      guard depth < 4, let first = arguments.first else { return nil }
      return try tensor(first, name: name, depth: depth + 1)
    }
    guard arguments.count >= 4, case .persistent(let key) = graph[arguments[0]],
      let storageName = Self.storageName(key, in: graph), let offset = graph.integer(arguments[1]),
      let shape = lengths(arguments[2]), let strides = lengths(arguments[3]),
      shape.count == strides.count, offset >= 0
    else {
      throw .damaged("tensor '\(name)' is not as torch writes one", offset: object.offset)
    }
    guard let storage = storages[storageName.key] else {
      throw .damaged(
        "the storage '\(storageName.key)' of tensor '\(name)' is not in the file",
        offset: object.offset)
    }
    var element = storageName.element
    if object.constructor.hasSuffix("_v3") {
      guard arguments.count >= 7, case .global(let type) = graph[arguments[6]],
        let own = TensorElement(rawValue: String(type.split(separator: ".").last ?? ""))
      else { throw .unsupported("the element type of tensor '\(name)'") }
      element = own
    }
    return try StoredTensor(
      name: name, element: element, shape: shape,
      bytes: elements(
        of: storage, size: element.size, at: offset, shape, strides, name, object.offset),
      isBigEndian: storage.isBigEndian)
  }

  private func lengths(_ id: NodeID) -> [Int]? {
    if case .object(let object) = graph[id], object.constructor == "torch.Size" {
      return graph.elements(object.arguments)?.first.flatMap { graph.shape($0) }
    }
    return graph.elements(id) == nil ? nil : graph.shape(id)
  }

  /// A tensor's bytes in row-major order.
  private mutating func elements(
    of storage: Storage, size: Int, at offset: Int, _ shape: [Int], _ strides: [Int],
    _ name: String, _ place: Int
  ) throws(ModelFormatError) -> ArraySlice<UInt8> {
    guard let count = StoredTensor.count(of: shape) else {
      throw .damaged("tensor '\(name)' is too large", offset: place)
    }
    guard count > 0 else { return [] }
    // Of a single element the distance to the next one may be anything.
    let strides = zip(shape, strides).map { $0 == 1 ? 0 : $1 }
    let available = storage.bytes.count / size
    // The last element has the highest place of all.
    var last = offset
    for (length, stride) in zip(shape, strides) {
      let (step, overflow) = stride.multipliedReportingOverflow(by: length - 1)
      let (sum, beyond) = last.addingReportingOverflow(step)
      guard !overflow, !beyond else {
        throw .damaged("tensor '\(name)' is too large", offset: place)
      }
      last = sum
    }
    guard last < available else {
      throw .damaged(
        "tensor '\(name)' goes to element \(last) of a storage of \(available)", offset: place)
    }
    guard count * size <= room else {
      throw .unsupported(
        "a file whose tensors share their numbers more than \(Self.shares) times over")
    }
    room -= count * size
    let start = storage.bytes.startIndex + offset * size
    if Self.isContiguous(shape, strides) { return storage.bytes[start..<start + count * size] }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * size)
    var index = [Int](repeating: 0, count: shape.count)
    var place = start
    for _ in 0..<count {
      bytes += storage.bytes[place..<place + size]
      for axis in shape.indices.reversed() {
        index[axis] += 1
        place += strides[axis] * size
        if index[axis] < shape[axis] { break }
        place -= strides[axis] * shape[axis] * size
        index[axis] = 0
      }
    }
    return bytes[...]
  }

  private static func isContiguous(_ shape: [Int], _ strides: [Int]) -> Bool {
    var expected = 1
    for (length, stride) in zip(shape, strides).reversed() where length != 1 {
      guard stride == expected else { return false }
      expected *= length
    }
    return true
  }
}
