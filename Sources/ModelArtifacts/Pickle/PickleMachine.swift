internal import InputReading

/// Reads a pickle as data: the opcodes build inert values, and nothing is ever called.
///
/// | part | bytes |
/// |---|---|
/// | stream | opcodes, each one byte and its argument, up to STOP (`.`) |
/// | joblib array | behind the BUILD of a NumpyArrayWrapper: where it has an alignment, one byte *n* and *n* bytes of padding; then the raw elements, or for an array of objects a whole stream |
///
/// Source: Python's Lib/pickletools.py; joblib's joblib/numpy_pickle.py (1.6.0).
struct PickleMachine {
  /// A class or function that the stream names.
  struct GlobalUse: Hashable, Sendable {
    let name: String
    let opcode: String
    let offset: Int
  }

  /// A name by which the stream asks for a value.
  struct PersistentID: Sendable {
    let id: NodeID
    let opcode: String
    let offset: Int
  }

  private(set) var graph = PickleGraph()
  /// Every class and function that the stream names, in order.
  var globals: [GlobalUse] {
    accessors.isEmpty ? uses : (uses + accessors.values).sorted { $0.offset < $1.offset }
  }
  private var uses: [GlobalUse] = []
  /// The names of the function that tells attributes that no harmless call has explained.
  private var accessors: [NodeID: GlobalUse] = [:]
  /// Whatever else the stream asks for that only a running Python could give, in order.
  private(set) var requests: [GlobalUse] = []
  /// The persistent ids by which the stream asks the loading program for values, in order.
  private(set) var persistentIDs: [PersistentID] = []
  /// The highest protocol that a stream declares.
  private(set) var version = 0
  /// Whether joblib's framing of arrays occurs.
  private(set) var hasJoblibArrays = false
  /// Whether a class or function is called or changed.
  private(set) var hasCalls = false
  /// What can be told of the programs that wrote the stream.
  private(set) var writers = Writers()

  /// What can be told of the programs that wrote a stream, which keeps no versions of theirs.
  struct Writers: Hashable, Sendable {
    /// numpy's major version: the module of its arrays was renamed in 2.
    var numPy: Int?
    /// Whether joblib aligned arrays, as it does since 1.2; `nil` where it wrote none.
    var joblibAligns: Bool?
  }

  private let bytes: [UInt8]
  private let limits: Limits
  private let replace: (_ id: NodeID, _ graph: PickleGraph) -> NodeID?
  /// The byte that is read next.
  private(set) var offset = 0

  /// Streams inside one another, of which joblib has two; each takes of the thread's stack.
  private static let deepestNesting = 16
  /// Bytes of a module's and a name's text together.
  private static let longestName = 4_096
  /// Attributes of joblib's wrapper, of which there are six.
  private static let wrapperAttributes = 32

  /// One stream's state; nested streams have their own.
  private struct Frame {
    var stack: [NodeID] = []
    /// Where in the stack each open mark stands.
    var marks: [Int] = []
    var memo: [Int: NodeID] = [:]
  }

  /// - Parameters:
  ///   - bytes: The bytes that the stream begins.
  ///   - limits: How much is read.
  ///   - replace: The value that a persistent id stands for, where the stream itself has it.
  init(
    _ bytes: [UInt8], limits: Limits,
    replacing replace: @escaping (_ id: NodeID, _ graph: PickleGraph) -> NodeID? = { _, _ in nil }
  ) {
    self.bytes = bytes
    self.limits = limits
    self.replace = replace
  }

  /// Reads the stream that begins at the next byte.
  mutating func readNext() throws(PickleError) -> NodeID { try readStream(depth: 0) }

  /// Reads the only stream of the bytes.
  mutating func read() throws(PickleError) -> NodeID {
    let root = try readNext()
    guard offset == bytes.count else {
      throw .trailingBytes(bytes.count - offset, offset: offset)
    }
    return root
  }

  private mutating func readStream(depth: Int) throws(PickleError) -> NodeID {
    guard depth < min(limits.nesting, Self.deepestNesting) else {
      throw .limit("nested pickles", offset: offset)
    }
    var frame = Frame()
    let start = offset
    while true {
      let values = max(
        graph.nodes.count, frame.stack.count, frame.marks.count, frame.memo.count)
      guard values < limits.pickleValues else {
        throw .limit("\(limits.pickleValues) values", offset: offset)
      }
      let at = offset
      let code = try byte()
      guard let opcode = PickleOpcode(rawValue: code) else {
        throw .unknownOpcode(code, offset: at)
      }
      if opcode == .stop {
        guard frame.stack.count == 1, frame.marks.isEmpty, let root = frame.stack.last else {
          throw .wrongKind("one value at the end", offset: at)
        }
        return root
      }
      if opcode == .proto, at != start { throw .badProtocol(try byte(), offset: at) }
      try execute(opcode, at: at, in: &frame, depth: depth)
    }
  }

  private mutating func execute(
    _ opcode: PickleOpcode, at: Int, in frame: inout Frame, depth: Int
  ) throws(PickleError) {
    switch opcode {
    case .proto:
      let version = try byte()
      guard version <= 5 else { throw .badProtocol(version, offset: at) }
      self.version = max(self.version, Int(version))
    case .frame: _ = try integer(UInt64.self)
    case .stop: break
    case .mark: frame.marks.append(frame.stack.count)
    case .pop:
      // A mark on top is what gets popped.
      if frame.marks.last == frame.stack.count {
        frame.marks.removeLast()
      } else {
        _ = try pop(&frame, at)
      }
    case .popMark: _ = try popToMark(&frame, at)
    case .dup: frame.stack.append(try top(frame, at))

    case .none: push(.none, &frame)
    case .newTrue: push(.bool(true), &frame)
    case .newFalse: push(.bool(false), &frame)
    case .int:
      switch try line() {
      case "00": push(.bool(false), &frame)
      case "01": push(.bool(true), &frame)
      case let text: try pushInteger(text, &frame, at)
      }
    case .long:
      let text = try line()
      try pushInteger(text.hasSuffix("L") ? String(text.dropLast()) : text, &frame, at)
    case .binInt: push(.integer(Int64(try integer(Int32.self))), &frame)
    case .binInt1: push(.integer(Int64(try byte())), &frame)
    case .binInt2: push(.integer(Int64(try integer(UInt16.self))), &frame)
    case .long1: push(Self.integer(try slice(Int(byte()))), &frame)
    case .long4: push(Self.integer(try slice(length(Int32.self))), &frame)
    case .float:
      guard let value = Double(try line()) else { throw .badText(offset: at) }
      push(.float(value), &frame)
    case .binFloat:
      push(.float(Double(bitPattern: try integer(UInt64.self).byteSwapped)), &frame)

    case .string: push(.bytes(try quoted(at)), &frame)
    case .binString: push(.bytes(try slice(length(Int32.self))), &frame)
    case .shortBinString: push(.bytes(try slice(Int(byte()))), &frame)
    case .binBytes: push(.bytes(try slice(length(UInt32.self))), &frame)
    case .shortBinBytes: push(.bytes(try slice(Int(byte()))), &frame)
    case .binBytes8, .byteArray8: push(.bytes(try slice(length(UInt64.self))), &frame)
    case .nextBuffer, .readOnlyBuffer: throw .outOfBandBuffer(offset: at)
    case .unicode: push(.text(try rawUnicode(at)), &frame)
    case .shortBinUnicode: push(.text(try text(Int(byte()), at)), &frame)
    case .binUnicode: push(.text(try text(length(UInt32.self), at)), &frame)
    case .binUnicode8: push(.text(try text(length(UInt64.self), at)), &frame)

    case .emptyList: push(.list([]), &frame)
    case .emptyTuple: push(.tuple([]), &frame)
    case .emptyDict: push(.dictionary([]), &frame)
    case .emptySet: push(.set([]), &frame)
    case .list: push(.list(try popToMark(&frame, at)), &frame)
    case .tuple: push(.tuple(try popToMark(&frame, at)), &frame)
    case .dict: push(.dictionary(try entries(of: popToMark(&frame, at), at)), &frame)
    case .frozenSet: push(.set(try popToMark(&frame, at)), &frame)
    case .tuple1, .tuple2, .tuple3:
      let count = opcode == .tuple1 ? 1 : opcode == .tuple2 ? 2 : 3
      var elements: [NodeID] = []
      for _ in 0..<count { elements.append(try pop(&frame, at)) }
      push(.tuple(elements.reversed()), &frame)
    case .append: try append([pop(&frame, at)], to: top(frame, at), at)
    case .appends:
      let items = try popToMark(&frame, at)
      try append(items, to: top(frame, at), at)
    case .setItem:
      let value = try pop(&frame, at)
      let key = try pop(&frame, at)
      try set([PickleGraph.Entry(key: key, value: value)], in: top(frame, at), at)
    case .setItems:
      let entries = try entries(of: popToMark(&frame, at), at)
      try set(entries, in: top(frame, at), at)
    case .addItems:
      let items = try popToMark(&frame, at)
      let target = try top(frame, at)
      guard case .set = graph[target], case .set(var old) = graph.take(target) else {
        throw .wrongKind("a set", offset: at)
      }
      old += items
      graph[target] = .set(old)

    case .get: try pushMemo(memoIndex(at), &frame, at)
    case .binGet: try pushMemo(Int(byte()), &frame, at)
    case .longBinGet: try pushMemo(Int(integer(UInt32.self)), &frame, at)
    case .put: frame.memo[try memoIndex(at)] = try top(frame, at)
    case .binPut: frame.memo[Int(try byte())] = try top(frame, at)
    case .longBinPut: frame.memo[Int(try integer(UInt32.self))] = try top(frame, at)
    case .memoize: frame.memo[frame.memo.count] = try top(frame, at)

    case .global:
      let module = try line()
      let name = try line()
      try pushGlobal(module, name, opcode, &frame, at)
    case .stackGlobal:
      let name = try pop(&frame, at)
      let module = try pop(&frame, at)
      guard let module = graph.text(module), let name = graph.text(name) else {
        throw .wrongKind("a module and a name", offset: at)
      }
      try pushGlobal(module, name, opcode, &frame, at)
    case .inst:
      let module = try line()
      let name = try line()
      try pushGlobal(module, name, opcode, &frame, at)
      let callee = try pop(&frame, at)
      try call(callee, graph.add(.tuple(popToMark(&frame, at))), opcode, &frame, at)
    case .obj:
      let values = try popToMark(&frame, at)
      guard let callee = values.first else { throw .stackUnderflow(offset: at) }
      try call(callee, graph.add(.tuple(Array(values.dropFirst()))), opcode, &frame, at)
    case .reduce, .newObj:
      let arguments = try pop(&frame, at)
      try call(pop(&frame, at), arguments, opcode, &frame, at)
    case .newObjEx:
      _ = try pop(&frame, at)
      let arguments = try pop(&frame, at)
      try call(pop(&frame, at), arguments, opcode, &frame, at)
    case .build:
      let state = try pop(&frame, at)
      try build(top(frame, at), state, depth: depth, at)

    case .ext1: request("extension code \(try byte())", opcode, &frame, at)
    case .ext2: request("extension code \(try integer(UInt16.self))", opcode, &frame, at)
    case .ext4: request("extension code \(try integer(Int32.self))", opcode, &frame, at)
    case .persID: pushPersistent(graph.add(.text(try line())), opcode, &frame, at)
    case .binPersID: pushPersistent(try pop(&frame, at), opcode, &frame, at)
    }
  }
}

// MARK: What opcodes do

extension PickleMachine {
  private mutating func push(_ node: PickleGraph.Node, _ frame: inout Frame) {
    frame.stack.append(graph.add(node))
  }

  private func top(_ frame: Frame, _ at: Int) throws(PickleError) -> NodeID {
    guard let id = frame.stack.last, frame.stack.count > frame.marks.last ?? 0 else {
      throw .stackUnderflow(offset: at)
    }
    return id
  }

  private func pop(_ frame: inout Frame, _ at: Int) throws(PickleError) -> NodeID {
    let id = try top(frame, at)
    frame.stack.removeLast()
    return id
  }

  private func popToMark(_ frame: inout Frame, _ at: Int) throws(PickleError) -> [NodeID] {
    guard let mark = frame.marks.popLast(), mark <= frame.stack.count else {
      throw .stackUnderflow(offset: at)
    }
    let values = Array(frame.stack[mark...])
    frame.stack.removeSubrange(mark...)
    return values
  }

  private func entries(of values: [NodeID], _ at: Int) throws(PickleError) -> [PickleGraph.Entry] {
    guard values.count % 2 == 0 else { throw .wrongKind("keys with values", offset: at) }
    return stride(from: 0, to: values.count, by: 2).map {
      PickleGraph.Entry(key: values[$0], value: values[$0 + 1])
    }
  }

  private mutating func append(
    _ items: [NodeID], to target: NodeID, _ at: Int
  ) throws(PickleError) {
    // Not a switch, which would hold a second reference and so copy what is there for each opcode.
    if case .list = graph[target], case .list(var old) = graph.take(target) {
      old += items
      graph[target] = .list(old)
    } else if case .object = graph[target], case .object(var object) = graph.take(target) {
      object.items += items
      graph[target] = .object(object)
    } else {
      throw .wrongKind("a list", offset: at)
    }
  }

  private mutating func set(
    _ entries: [PickleGraph.Entry], in target: NodeID, _ at: Int
  ) throws(PickleError) {
    if case .dictionary = graph[target], case .dictionary(var old) = graph.take(target) {
      old += entries
      graph[target] = .dictionary(old)
    } else if case .object = graph[target], case .object(var object) = graph.take(target) {
      object.entries += entries
      graph[target] = .object(object)
    } else {
      throw .wrongKind("a dictionary", offset: at)
    }
  }

  private mutating func pushMemo(
    _ index: Int, _ frame: inout Frame, _ at: Int
  ) throws(PickleError) {
    guard let id = frame.memo[index] else { throw .noSuchMemo(index, offset: at) }
    frame.stack.append(id)
  }

  private mutating func pushGlobal(
    _ module: String, _ name: String, _ opcode: PickleOpcode, _ frame: inout Frame, _ at: Int
  ) throws(PickleError) {
    guard module.utf8.count + name.utf8.count <= Self.longestName else {
      throw .limit("\(Self.longestName) bytes of a name", offset: at)
    }
    if module.hasPrefix("numpy._core") {
      writers.numPy = 2
    } else if module.hasPrefix("numpy.core") {
      writers.numPy = 1
    }
    let dotted = PickleGlobals.canonical("\(module).\(name)")
    let use = GlobalUse(name: dotted, opcode: opcode.name, offset: at)
    let id = graph.add(.global(dotted))
    if dotted == PickleCalls.accessor { accessors[id] = use } else { uses.append(use) }
    frame.stack.append(id)
  }

  /// Notes a call and stands its inert result in for it.
  private mutating func call(
    _ callee: NodeID, _ arguments: NodeID, _ opcode: PickleOpcode, _ frame: inout Frame, _ at: Int
  ) throws(PickleError) {
    guard let values = graph.elements(arguments) else {
      throw .wrongKind("a tuple of arguments", offset: at)
    }
    if case .global(let name) = graph[callee] {
      hasCalls = true
      let objection = PickleCalls.objection(to: name, values, opcode, in: graph)
      if name == PickleCalls.accessor {
        let use = accessors.removeValue(forKey: callee)
        if objection != nil {
          uses.append(use ?? GlobalUse(name: name, opcode: opcode.name, offset: at))
        }
      } else if let objection {
        requests.append(GlobalUse(name: objection, opcode: opcode.name, offset: at))
      }
      push(
        .object(PickleGraph.Object(constructor: name, arguments: arguments, offset: at)), &frame)
    } else {
      request("a call of a value that is not a class or function", opcode, &frame, at)
    }
  }

  private mutating func request(
    _ what: String, _ opcode: PickleOpcode, _ frame: inout Frame, _ at: Int
  ) {
    requests.append(GlobalUse(name: what, opcode: opcode.name, offset: at))
    push(.none, &frame)
  }

  private mutating func pushPersistent(
    _ id: NodeID, _ opcode: PickleOpcode, _ frame: inout Frame, _ at: Int
  ) {
    if let own = replace(id, graph) {
      frame.stack.append(own)
      return
    }
    persistentIDs.append(PersistentID(id: id, opcode: opcode.name, offset: at))
    push(.persistent(id), &frame)
  }

  private mutating func build(
    _ target: NodeID, _ state: NodeID, depth: Int, _ at: Int
  ) throws(PickleError) {
    switch graph[target] {
    case .object(var object) where object.state == nil:
      if let objection = PickleCalls.objection(toState: state, of: object, in: graph) {
        requests.append(GlobalUse(name: objection, opcode: "BUILD", offset: at))
      }
      object.state = state
      graph[target] = .object(object)
      if object.constructor == "joblib.numpy_pickle.NumpyArrayWrapper" {
        try readJoblibArray(into: target, state, depth: depth, at)
      }
    // The state would become attributes of the class itself.
    case .global(let name):
      hasCalls = true
      requests.append(GlobalUse(name: "a change of \(name)", opcode: "BUILD", offset: at))
    // A value that a request stands for.
    case .none, .persistent: break
    default: throw .wrongKind("an object", offset: at)
    }
  }

  private mutating func readJoblibArray(
    into target: NodeID, _ state: NodeID, depth: Int, _ at: Int
  ) throws(PickleError) {
    hasJoblibArrays = true
    guard case .dictionary(let entries) = graph[state], entries.count <= Self.wrapperAttributes,
      let shapeNode = graph.value("shape", in: state),
      let shape = graph.shape(shapeNode),
      let dtypeNode = graph.value("dtype", in: state), let type = graph.elementType(dtypeNode)
    else { throw .badArray("joblib's array has no shape or element type", offset: at) }
    if type.hasObjects {
      let nested = try readStream(depth: depth + 1)
      graph[target] = graph[nested]
      return
    }
    let alignment = graph.value("numpy_array_alignment_bytes", in: state)
    writers.joblibAligns = alignment != nil
    if let alignment, !graph.isNone(alignment) {
      let padding = Int(try byte())
      guard padding > 0 else {
        throw .badArray("joblib's padding is at least one byte", offset: offset - 1)
      }
      _ = try slice(padding)
    }
    guard let size = type.byteCount(of: shape) else {
      throw .badArray("joblib's array is too large", offset: at)
    }
    let order = graph.value("order", in: state).flatMap { graph.text($0) }
    graph[target] = .array(
      NumPyArray(
        type: type, shape: shape, isFortran: order == "F", storage: .bytes(try slice(size))))
  }
}

// MARK: What arguments are

extension PickleMachine {
  private mutating func byte() throws(PickleError) -> UInt8 {
    guard offset < bytes.count else { throw .truncated(offset: bytes.count) }
    defer { offset += 1 }
    return bytes[offset]
  }

  private mutating func integer<T: FixedWidthInteger>(_ type: T.Type) throws(PickleError) -> T {
    let slice = try slice(T.bitWidth / 8)
    return slice.reversed().reduce(0) { $0 << 8 | T(truncatingIfNeeded: $1) }
  }

  private mutating func length<T: FixedWidthInteger>(_ type: T.Type) throws(PickleError) -> Int {
    let at = offset
    guard let length = Int(exactly: try integer(type)), length >= 0 else {
      throw .truncated(offset: at)
    }
    return length
  }

  private mutating func slice(_ count: Int) throws(PickleError) -> ArraySlice<UInt8> {
    guard count <= bytes.count - offset else { throw .truncated(offset: bytes.count) }
    defer { offset += count }
    return bytes[offset..<offset + count]
  }

  private mutating func text(_ count: Int, _ at: Int) throws(PickleError) -> String {
    guard let text = String(validating: try slice(count), as: UTF8.self) else {
      throw .badText(offset: at)
    }
    return text
  }

  /// The rest of the line, without its end.
  private mutating func lineBytes() throws(PickleError) -> ArraySlice<UInt8> {
    guard let end = bytes[offset...].firstIndex(of: 0x0A) else {
      throw .truncated(offset: bytes.count)
    }
    defer { offset = end + 1 }
    return bytes[offset..<end]
  }

  private mutating func line() throws(PickleError) -> String {
    let at = offset
    guard let text = String(validating: try lineBytes(), as: UTF8.self) else {
      throw .badText(offset: at)
    }
    return text
  }

  private mutating func memoIndex(_ at: Int) throws(PickleError) -> Int {
    guard let index = Int(try line()), index >= 0 else { throw .badText(offset: at) }
    return index
  }

  private mutating func pushInteger(
    _ text: String, _ frame: inout Frame, _ at: Int
  ) throws(PickleError) {
    if let value = Int64(text) {
      push(.integer(value), &frame)
    } else if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2D }) {
      push(.largeInteger(Array(text.utf8)[...]), &frame)
    } else {
      throw .badText(offset: at)
    }
  }

  /// A two's-complement number of any width, little-endian.
  private static func integer(_ bytes: ArraySlice<UInt8>) -> PickleGraph.Node {
    guard bytes.count <= 8 else { return .largeInteger(bytes) }
    let isNegative = (bytes.last ?? 0) & 0x80 != 0
    return .integer(bytes.reversed().reduce(isNegative ? -1 : 0) { $0 << 8 | Int64($1) })
  }

  /// Python 2's text in quotation marks, with its escapes.
  private mutating func quoted(_ at: Int) throws(PickleError) -> ArraySlice<UInt8> {
    let line = try lineBytes()
    guard line.count >= 2, let quote = line.first, quote == line.last,
      quote == 0x22 || quote == 0x27
    else { throw .badText(offset: at) }
    var result: [UInt8] = []
    var rest = line.dropFirst().dropLast()
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\") else {
        result.append(byte)
        continue
      }
      guard let escape = rest.popFirst() else { throw .badText(offset: at) }
      switch escape {
      case UInt8(ascii: "n"): result.append(0x0A)
      case UInt8(ascii: "r"): result.append(0x0D)
      case UInt8(ascii: "t"): result.append(0x09)
      case UInt8(ascii: "x"):
        let digits = String(decoding: rest.prefix(2), as: UTF8.self)
        guard digits.count == 2, let value = UInt8(digits, radix: 16) else {
          throw .badText(offset: at)
        }
        rest = rest.dropFirst(2)
        result.append(value)
      default: result.append(escape)
      }
    }
    return result[...]
  }

  /// A line of text in Python's raw-unicode-escape: latin-1 with `\u` and `\U`.
  private mutating func rawUnicode(_ at: Int) throws(PickleError) -> String {
    var text = ""
    var rest = try lineBytes()
    while let byte = rest.popFirst() {
      var scalar = Unicode.Scalar(byte)
      if byte == UInt8(ascii: "\\"), let kind = rest.first,
        kind == UInt8(ascii: "u") || kind == UInt8(ascii: "U")
      {
        let width = kind == UInt8(ascii: "u") ? 4 : 8
        let digits = String(decoding: rest.dropFirst().prefix(width), as: UTF8.self)
        guard digits.count == width, let value = UInt32(digits, radix: 16),
          let escaped = Unicode.Scalar(value)
        else { throw .badText(offset: at) }
        rest = rest.dropFirst(1 + width)
        scalar = escaped
      }
      text.unicodeScalars.append(scalar)
    }
    return text
  }
}
