internal import ONNXMessages
internal import PredictiveModels

/// A node of a graph, with its attributes by name.
///
/// An attribute of the wrong kind or length is an error that names node and attribute.
struct ONNXNode {
  /// The domain of the operators for classic machine learning.
  static let machineLearning = "ai.onnx.ml"

  private let message: ONNXNodeProto
  private let attributes: [String: ONNXAttributeProto]
  /// The version of the operators of its domain.
  let version: Int
  /// The files that tensors may stand in.
  private let source: ModelSource

  /// The operator's name, with its domain where that is not ONNX's own: `ai.onnx.ml.Scaler`.
  let operatorName: String
  /// The node for people.
  let name: String
  /// The names of its operands; `nil` for one that is left out.
  var operands: [String?] { message.input.map { $0.isEmpty ? nil : $0 } }
  /// The names of its results; `nil` for one that nobody wants.
  var results: [String?] { message.output.map { $0.isEmpty ? nil : $0 } }

  init(_ message: ONNXNodeProto, versions: [String: Int], source: ModelSource) {
    self.message = message
    self.source = source
    attributes = Dictionary(message.attribute.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    let domain = message.domain == "ai.onnx" ? "" : message.domain
    version = versions[domain] ?? 1
    operatorName = domain.isEmpty ? message.opType : "\(domain).\(message.opType)"
    name =
      message.name.isEmpty ? message.opType : "the node '\(message.name)' (\(message.opType))"
  }

  /// Whether the node has an attribute.
  func has(_ attribute: String) -> Bool { attributes[attribute] != nil }

  /// An attribute that is not what it has to be.
  func error(_ attribute: String, expected: String) -> ModelFormatError {
    .badField("\(name), \(attribute)", expected: expected)
  }

  // MARK: Attributes

  /// A whole number.
  func integer(_ attribute: String) throws(ModelFormatError) -> Int? {
    guard let value = attributes[attribute] else { return nil }
    guard value.hasI else { throw error(attribute, expected: "a whole number") }
    return Int(value.i)
  }

  /// A whole number that is a truth.
  func truth(_ attribute: String) throws(ModelFormatError) -> Bool? {
    try integer(attribute).map { $0 != 0 }
  }

  /// A number.
  func number(_ attribute: String) throws(ModelFormatError) -> Double? {
    guard let value = attributes[attribute] else { return nil }
    guard value.hasF else { throw error(attribute, expected: "a number") }
    return Double(value.f)
  }

  /// A text.
  func text(_ attribute: String) throws(ModelFormatError) -> String? {
    guard let value = attributes[attribute] else { return nil }
    guard value.hasS, let text = String(validating: value.s, as: UTF8.self) else {
      throw error(attribute, expected: "a text")
    }
    return text
  }

  /// A choice that is written as a word.
  func choice<Choice: RawRepresentable>(
    _ attribute: String, _ type: Choice.Type
  ) throws(ModelFormatError) -> Choice? where Choice.RawValue == String {
    guard let text = try text(attribute) else { return nil }
    guard let choice = Choice(rawValue: text) else {
      throw .unsupported("\(name) with \(attribute) '\(text)'")
    }
    return choice
  }

  /// Numbers in single precision; none where the attribute is not there.
  func numbers(_ attribute: String) -> [Float] { attributes[attribute]?.floats ?? [] }

  /// Whole numbers; none where the attribute is not there.
  func integers(_ attribute: String) -> [Int64] { attributes[attribute]?.ints ?? [] }

  /// Sizes, places or counts; `nil` where the attribute is not there.
  func places(_ attribute: String) -> [Int]? {
    attributes[attribute].map { $0.ints.map { Int($0) } }
  }

  /// Texts; none where the attribute is not there.
  func texts(_ attribute: String) throws(ModelFormatError) -> [String] {
    var texts: [String] = []
    for bytes in attributes[attribute]?.strings ?? [] {
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw error(attribute, expected: "a list of texts")
      }
      texts.append(text)
    }
    return texts
  }

  /// A tensor.
  func tensor(_ attribute: String) throws(ModelFormatError) -> Tensor? {
    guard let value = attributes[attribute] else { return nil }
    guard value.hasT else { throw error(attribute, expected: "a tensor") }
    return try ONNXTensor.read(value.t, source: source)
  }

  /// Numbers that newer writers put into a tensor, and older ones into a list.
  func doubles(_ attribute: String) throws(ModelFormatError) -> [Double] {
    guard let tensor = try tensor(attribute + "_as_tensor") else {
      return numbers(attribute).map(Double.init)
    }
    do throws(TensorFault) { return try tensor.doubles() } catch {
      throw self.error(attribute + "_as_tensor", expected: "a tensor of numbers")
    }
  }

  /// The first of two lists that is there: texts, or whole numbers.
  func classes(texts: String, integers: String) throws(ModelFormatError) -> ClassNames? {
    if has(texts), !(try self.texts(texts)).isEmpty { return .texts(try self.texts(texts)) }
    return has(integers) ? .integers(self.integers(integers)) : nil
  }

  /// What becomes of scores at the end.
  func transform() throws(ModelFormatError) -> ScoreTransform {
    try choice("post_transform", ScoreTransform.self) ?? .none
  }
}
