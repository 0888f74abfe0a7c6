internal import InputReading

/// The type of a numpy array's elements.
struct ElementType: Hashable, Sendable {
  /// A named part of a structured type.
  struct Field: Hashable, Sendable {
    let name: String
    let type: ElementType
    let offset: Int
  }

  /// numpy's letter: `b` truth, `i` and `u` whole, `f` real, `U` text, `S` bytes, `O` objects, `V`
  /// structured.
  let kind: Character
  /// Bytes of one element.
  let size: Int
  let isBigEndian: Bool
  var fields: [Field] = []

  var hasObjects: Bool { kind == "O" || fields.contains { $0.type.hasObjects } }

  /// Bytes of an array of that shape; `nil` where that is beyond any memory.
  func byteCount(of shape: [Int]) -> Int? {
    var count = size
    for length in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard length >= 0, !overflow else { return nil }
      count = product
    }
    return count
  }
}

/// A numpy array of a pickle.
struct NumPyArray: Sendable {
  /// Where the elements are.
  enum Storage: Sendable {
    /// Their bytes.
    case bytes(ArraySlice<UInt8>)
    /// Values of the graph.
    case objects([NodeID])
  }

  let type: ElementType
  /// Lengths, outermost first; none for a single number.
  let shape: [Int]
  /// Whether the first index varies fastest.
  let isFortran: Bool
  let storage: Storage

  /// The number of elements, which the bytes bound whatever the shape says.
  var count: Int {
    switch storage {
    case .bytes(let bytes): type.size > 0 ? bytes.count / type.size : 0
    case .objects(let objects): objects.count
    }
  }

  /// The elements as doubles, in row-major order; `nil` where they are no numbers.
  var doubles: [Double]? { inRowMajorOrder(doubles(of: type, at: 0)) }

  /// The elements as whole numbers, in row-major order; `nil` where they are none.
  var integers: [Int]? { inRowMajorOrder(integers(of: type, at: 0)) }

  /// One field of a structured array; `nil` where there is none of that name or it holds no numbers.
  func doubles(ofField name: String) -> [Double]? {
    guard let field = type.fields.first(where: { $0.name == name }) else { return nil }
    return inRowMajorOrder(doubles(of: field.type, at: field.offset))
  }

  /// One field of a structured array; `nil` where there is none of that name or it holds no whole
  /// numbers.
  func integers(ofField name: String) -> [Int]? {
    guard let field = type.fields.first(where: { $0.name == name }) else { return nil }
    return inRowMajorOrder(integers(of: field.type, at: field.offset))
  }

  private func packed(_ element: ElementType, at offset: Int) -> PackedNumbers? {
    guard case .bytes(let bytes) = storage, offset >= 0, element.size > 0,
      offset + element.size <= type.size, type.byteCount(of: shape) == bytes.count
    else { return nil }
    return PackedNumbers(
      bytes, offset: offset, stride: type.size, isBigEndian: element.isBigEndian)
  }

  private func doubles(of element: ElementType, at offset: Int) -> [Double]? {
    guard let packed = packed(element, at: offset) else { return nil }
    switch (element.kind, element.size) {
    case ("f", 2): return packed.map(UInt16.self) { Double(Float16(bitPattern: $0)) }
    case ("f", 4): return packed.map(UInt32.self) { Double(Float(bitPattern: $0)) }
    case ("f", 8): return packed.map(UInt64.self) { Double(bitPattern: $0) }
    case ("u", 8): return packed.map(UInt64.self) { Double($0) }
    default: return integers(of: element, at: offset)?.map { Double($0) }
    }
  }

  private func integers(of element: ElementType, at offset: Int) -> [Int]? {
    guard let packed = packed(element, at: offset) else { return nil }
    switch (element.kind, element.size) {
    case ("b", 1), ("u", 1): return packed.map(UInt8.self) { Int($0) }
    case ("u", 2): return packed.map(UInt16.self) { Int($0) }
    case ("u", 4): return packed.map(UInt32.self) { Int($0) }
    case ("u", 8): return packed.map(UInt64.self) { Int(truncatingIfNeeded: $0) }
    case ("i", 1): return packed.map(Int8.self) { Int($0) }
    case ("i", 2): return packed.map(Int16.self) { Int($0) }
    case ("i", 4): return packed.map(Int32.self) { Int($0) }
    case ("i", 8): return packed.map(Int64.self) { Int($0) }
    default: return nil
    }
  }

  private func inRowMajorOrder<Value>(_ values: [Value]?) -> [Value]? {
    guard let values, isFortran, shape.count > 1 else { return values }
    return places.map { values[$0] }
  }

  /// Where the elements stand, in row-major order.
  private var places: [Int] {
    guard isFortran, shape.count > 1 else { return Array(0..<count) }
    return (0..<count).map { index in
      var rest = index
      var position = 0
      for axis in shape.indices.reversed() {
        let stride = shape[..<axis].reduce(1, *)
        position += rest % shape[axis] * stride
        rest /= shape[axis]
      }
      return position
    }
  }

  /// The elements of an array of fixed-width text, in row-major order; `nil` where they are none.
  var texts: [String]? {
    guard type.kind == "U", type.size % 4 == 0, case .bytes(let bytes) = storage,
      type.byteCount(of: shape) == bytes.count
    else { return nil }
    var texts: [String] = []
    for place in places {
      let start = place * type.size
      var text = String.UnicodeScalarView()
      for index in 0..<type.size / 4 {
        let first = bytes.startIndex + start + 4 * index
        let places = type.isBigEndian ? [3, 2, 1, 0] : [0, 1, 2, 3]
        let value = places.enumerated().reduce(UInt32(0)) {
          $0 | UInt32(bytes[first + $1.element]) << UInt32(8 * $1.offset)
        }
        guard let scalar = Unicode.Scalar(value) else { return nil }
        text.append(scalar)
      }
      // numpy fills the width with NUL.
      while text.last?.value == 0 { text.removeLast() }
      texts.append(String(text))
    }
    return texts
  }
}

extension PickleGraph {
  /// The lengths, where the value is a tuple of them; numpy itself allows 64.
  func shape(_ id: NodeID) -> [Int]? {
    guard let lengths = elements(id) else { return integer(id).map { [$0] } }
    guard lengths.count <= 64 else { return nil }
    var shape: [Int] = []
    for length in lengths {
      guard let length = integer(length), length >= 0 else { return nil }
      shape.append(length)
    }
    return shape
  }

  /// The element type, where the value is numpy's dtype.
  ///
  /// `dtype('f8', …)` with the state `(3, byte order, …, names, fields, size, …)`. A type may be the
  /// type of its own fields or of many, so that both their depth and their number are bounded.
  func elementType(_ id: NodeID) -> ElementType? {
    var room = 64
    return elementType(id, depth: 0, room: &room)
  }

  private func elementType(_ id: NodeID, depth: Int, room: inout Int) -> ElementType? {
    room -= 1
    guard depth < 8, room >= 0, case .object(let object) = self[id],
      object.constructor == "numpy.dtype",
      let code = elements(object.arguments)?.first.flatMap({ text($0) }), code.utf8.count <= 16,
      let kind = code.first
    else { return nil }
    let digits = String(code.dropFirst())
    guard let width = kind == "O" ? 8 : digits.isEmpty ? defaultSize(kind) : Int(digits),
      (0...Int(Int32.max)).contains(width)
    else { return nil }
    let state = object.state.flatMap { elements($0) } ?? []
    let isBigEndian = state.count > 1 && text(state[1]) == ">"
    var type = ElementType(
      kind: kind == "?" ? "b" : kind, size: kind == "U" ? 4 * width : width,
      isBigEndian: isBigEndian)
    guard kind == "V" else { return type }
    // A field with a title has a second entry.
    guard state.count > 4, let names = elements(state[3]), names.count <= room,
      names.allSatisfy({ text($0).map { $0.utf8.count <= 256 } ?? false }),
      case .dictionary(let entries) = self[state[4]], entries.count <= 2 * names.count
    else { return nil }
    let places = Dictionary(
      entries.compactMap { entry in
        text(entry.key).flatMap { $0.utf8.count <= 256 ? ($0, entry.value) : nil }
      }
    ) { _, last in last }
    for name in names {
      // An offset is a plain number: numpy's would need a type to be read, perhaps this one.
      guard let name = text(name), let entry = places[name], let parts = elements(entry),
        parts.count >= 2, let field = elementType(parts[0], depth: depth + 1, room: &room),
        case .integer(let start) = self[parts[1]], let offset = Int(exactly: start),
        (0...width).contains(offset), field.size <= width - offset
      else { return nil }
      type.fields.append(ElementType.Field(name: name, type: field, offset: offset))
    }
    return type
  }

  private func defaultSize(_ kind: Character) -> Int? { kind == "?" ? 1 : nil }

  /// The array, where the value is one.
  func array(_ id: NodeID) -> NumPyArray? {
    switch self[id] {
    case .array(let array): return array
    case .object(let object):
      switch object.constructor {
      case "numpy._core.multiarray._reconstruct":
        // The state is (version, shape, type, whether Fortran, bytes or a list of objects).
        guard let state = object.state.flatMap({ elements($0) }), state.count == 5,
          let shape = shape(state[1]), let type = elementType(state[2])
        else { return nil }
        return array(type, shape, isFortran: bool(state[3]) ?? false, data: state[4])
      case "numpy._core.numeric._frombuffer":
        // The arguments are (bytes, type, shape, order).
        guard let arguments = elements(object.arguments), arguments.count == 4,
          let type = elementType(arguments[1]), let shape = shape(arguments[2])
        else { return nil }
        return array(type, shape, isFortran: text(arguments[3]) == "F", data: arguments[0])
      // The arguments are (class, {"data": an array, "name": …}).
      case "pandas.core.indexes.base._new_Index":
        guard let arguments = elements(object.arguments), arguments.count == 2,
          let data = value("data", in: arguments[1])
        else { return nil }
        // An index of an index is none.
        if case .object(let inner) = self[data], inner.constructor == object.constructor {
          return nil
        }
        return array(data)
      default: return nil
      }
    default: return nil
    }
  }

  private func array(
    _ type: ElementType, _ shape: [Int], isFortran: Bool, data: NodeID
  ) -> NumPyArray? {
    guard let byteCount = type.byteCount(of: shape) else { return nil }
    if type.kind == "O" {
      guard let objects = elements(data), objects.count == byteCount / type.size else { return nil }
      return NumPyArray(type: type, shape: shape, isFortran: isFortran, storage: .objects(objects))
    }
    guard let bytes = bytes(data), bytes.count == byteCount else { return nil }
    return NumPyArray(type: type, shape: shape, isFortran: isFortran, storage: .bytes(bytes))
  }

  /// The single element, where the value is a numpy scalar: `scalar(type, bytes)`.
  func scalar(_ id: NodeID) -> NumPyArray? {
    guard case .object(let object) = self[id],
      object.constructor == "numpy._core.multiarray.scalar",
      let arguments = elements(object.arguments), arguments.count == 2,
      let type = elementType(arguments[0])
    else { return nil }
    return array(type, [], isFortran: false, data: arguments[1])
  }
}
