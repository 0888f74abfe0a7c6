@testable import ModelArtifacts

extension PickleGraph {
  /// A value in words that tell everything about it, as the maker of Fixtures/values.json writes it.
  func text(describing id: NodeID) -> String {
    func list(_ elements: [NodeID]) -> String {
      elements.map { text(describing: $0) }.joined(separator: ", ")
    }
    func entries(_ entries: [PickleGraph.Entry]) -> String {
      "{"
        + entries.map { "\(text(describing: $0.key)): \(text(describing: $0.value))" }
        .joined(separator: ", ") + "}"
    }
    func set(_ elements: [NodeID]) -> String {
      "set(" + elements.map { text(describing: $0) }.sorted().joined(separator: ", ") + ")"
    }
    switch self[id] {
    case .none: return "None"
    case .bool(let value): return value ? "True" : "False"
    case .integer(let value): return "\(value)"
    case .largeInteger(let bytes): return "big " + bytes.hex
    case .float(let value): return value.bits
    case .text(let text): return text.quoted
    case .bytes(let bytes): return "b" + bytes.hex
    case .list(let elements): return "[" + list(elements) + "]"
    case .tuple(let elements): return "(" + list(elements) + ")"
    case .dictionary(let pairs): return entries(pairs)
    case .set(let elements): return set(elements)
    case .global(let name): return "global \(name)"
    case .persistent(let id): return "persistent \(text(describing: id))"
    case .array(let array): return "array " + text(describing: array)
    case .object(let object):
      if let array = array(id) ?? scalar(id) { return "array " + text(describing: array) }
      if let bytes = bytes(id) { return "b" + bytes.hex }
      let arguments = elements(object.arguments) ?? []
      switch object.constructor {
      case "builtins.set", "builtins.frozenset":
        return set(arguments.first.flatMap { self.elements($0) } ?? [])
      case "builtins.bytearray":
        // A text with its encoding in old protocols, bytes in the others.
        guard let first = arguments.first else { return "b" }
        if case .text(let text) = self[first] {
          return "b" + text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }.hex
        }
        return text(describing: first)
      case "builtins.complex": return "complex(" + list(arguments) + ")"
      case "collections.OrderedDict": return entries(object.entries)
      default: return "\(object.constructor)(\(list(arguments)))"
      }
    }
  }

  private func text(describing array: NumPyArray) -> String {
    let shape = array.shape.map(String.init).joined(separator: "x")
    if !array.type.fields.isEmpty {
      let fields = array.type.fields.map { field in
        let values = array.doubles(ofField: field.name) ?? []
        return "\(field.name): " + values.map(\.bits).joined(separator: ",")
      }
      return shape + " {" + fields.joined(separator: ", ") + "}"
    }
    let elements: [String]? =
      switch array.type.kind {
      case "f": array.doubles?.map(\.bits)
      case "U": array.texts?.map(\.quoted)
      case "O":
        if case .objects(let objects) = array.storage {
          objects.map { text(describing: $0) }
        } else {
          nil
        }
      default: array.integers?.map(String.init)
      }
    return shape + (elements.map { " [" + $0.joined(separator: ", ") + "]" } ?? " other")
  }
}

extension Sequence<UInt8> {
  /// Two hexadecimal digits a byte.
  var hex: String { map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}

extension Array<UInt8> {
  /// The bytes that hexadecimal digits stand for.
  init(hex: String) {
    var digits = Array<UInt8>(hex.utf8)[...]
    self = []
    while !digits.isEmpty {
      append(UInt8(String(decoding: digits.prefix(2), as: UTF8.self), radix: 16) ?? 0)
      digits = digits.dropFirst(2)
    }
  }
}

extension Double {
  /// All of the number's bits.
  fileprivate var bits: String { "f" + PickleBytes.littleEndian(bitPattern).reversed().hex }
}

extension String {
  /// The text as JSON writes it, in ASCII.
  fileprivate var quoted: String {
    var text = "\""
    for unit in utf16 {
      switch unit {
      case 0x22: text += "\\\""
      case 0x5C: text += "\\\\"
      case 0x0A: text += "\\n"
      case 0x0D: text += "\\r"
      case 0x09: text += "\\t"
      case 0x20...0x7E: text.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
      default:
        let digits = String(unit, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    return text + "\""
  }
}
