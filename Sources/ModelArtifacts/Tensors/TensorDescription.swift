internal import InputReading

/// What is told of a model's tensor.
public struct TensorDescription: Sendable, Hashable {
  /// The name, with those of what holds it before it: `layers.0.weight`.
  public let name: String
  /// Lengths, outermost first; none for a single number.
  public let shape: [Int]
  /// The type of the elements, as NumPy and PyTorch name it: `float32`.
  public let type: String
  /// Bytes of all elements.
  public let byteCount: Int
  /// Elements that are not numbers.
  public let nanCount: Int
  /// Elements that are infinite.
  public let infiniteCount: Int
}

extension TensorDescription {
  init(_ tensor: StoredTensor) {
    let counts = tensor.nonFiniteCounts
    self.init(
      name: tensor.name, shape: tensor.shape, type: tensor.element.rawValue,
      byteCount: tensor.bytes.count, nanCount: counts.nan, infiniteCount: counts.infinite)
  }
}

extension Finding {
  /// What is to be said of weights that are no numbers, or infinite.
  ///
  /// Infinite ones are a warning alone: a mask of minus infinities is a usual constant.
  static func nonFiniteWeights(_ tensors: [TensorDescription]) -> [Finding] {
    func finding(_ severity: Severity, _ what: String, _ count: KeyPath<TensorDescription, Int>)
      -> [Finding]
    {
      let affected = tensors.filter { $0[keyPath: count] > 0 }
      guard let first = affected.first else { return [] }
      let more = affected.count > 1 ? " and \(String(affected.count - 1, of: "other tensor"))" : ""
      let total = affected.reduce(0) { $0 + $1[keyPath: count] }
      return [
        Finding(
          severity, "model.non_finite_weights",
          "\(String(total, of: "weight")) of '\(first.name)'\(more) \(total == 1 ? "is" : "are") \(what)"
        )
      ]
    }
    return finding(.error, "NaN", \.nanCount) + finding(.warning, "infinite", \.infiniteCount)
  }
}
