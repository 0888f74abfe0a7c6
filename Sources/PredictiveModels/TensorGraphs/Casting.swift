/// A kind of values that a tensor may have.
package enum TensorKind: Sendable, Hashable {
  case float
  case double
  /// Whole numbers of so many bits, with a sign or without.
  case integer(bits: Int, isSigned: Bool)
  case truth
  case text
}

extension Tensor {
  /// The values as another kind: numbers are rounded or cut towards 0, what is not 0 is true, texts are read.
  ///
  /// - Throws: ``TensorFault`` if a text is no number, or decimal numbers are to become texts.
  package func cast(to kind: TensorKind) throws(TensorFault) -> Tensor {
    let source = try isText ? read(as: kind) : self
    let result: Elements
    switch kind {
    case .float: result = .floats(try source.floats())
    case .double: result = .doubles(try source.doubles())
    case .integer(let bits, let isSigned):
      let values = try source.integers()
      result = .integers(bits == 64 ? values : values.map { Self.wrap($0, bits, isSigned) })
    case .truth: result = .truths(try source.truths())
    case .text:
      switch elements {
      case .texts: return self
      case .integers(let values): result = .texts(values.map(String.init))
      case .truths(let values): result = .texts(values.map { $0 ? "1" : "0" })
      case .floats, .doubles: throw .unsupported("writing decimal numbers as texts")
      }
    }
    return try Tensor(result, shape: shape)
  }

  /// The values as the kind of another tensor's.
  func cast(like other: Tensor) throws(TensorFault) -> Tensor {
    let kind: TensorKind =
      switch other.elements {
      case .floats: .float
      case .doubles: .double
      case .integers: .integer(bits: 64, isSigned: true)
      case .truths: .truth
      case .texts: .text
      }
    return try cast(to: kind)
  }

  private var isText: Bool {
    if case .texts = elements { true } else { false }
  }

  /// The numbers that texts are.
  private func read(as kind: TensorKind) throws(TensorFault) -> Tensor {
    guard case .texts(let texts) = elements else { return self }
    if case .text = kind { return self }
    if case .integer = kind {
      let values = texts.compactMap { Int64($0) }
      guard values.count == texts.count else {
        throw .value(
          "a text is no whole number", row: texts.firstIndex { Int64($0) == nil } ?? 0)
      }
      return try Tensor(.integers(values), shape: shape)
    }
    let values = texts.compactMap { Double($0) }
    guard values.count == texts.count else {
      throw .value("a text is no number", row: texts.firstIndex { Double($0) == nil } ?? 0)
    }
    return try Tensor(.doubles(values), shape: shape)
  }

  private static func wrap(_ value: Int64, _ bits: Int, _ isSigned: Bool) -> Int64 {
    let left = value << (64 - Int64(bits))
    return isSigned
      ? left >> (64 - Int64(bits))
      : Int64(truncatingIfNeeded: UInt64(bitPattern: left) >> (64 - UInt64(bits)))
  }
}

extension TensorOperation {
  /// The values as another kind.
  package static func cast(to kind: TensorKind) -> TensorOperation {
    .unary { operand throws(TensorFault) in try operand.cast(to: kind) }
  }
}
