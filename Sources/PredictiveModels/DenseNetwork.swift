public import DataTables
internal import Glibc
internal import NumericKernels

/// Layers of weighted sums and functions of them, one behind another, in single precision.
///
/// Sums are formed in double precision and rounded once a layer, which is at least as near to the exact
/// result as the sums that TensorFlow and PyTorch form in single precision.
public struct DenseNetwork: Scorer, Hashable {
  /// What is done to a row's numbers.
  public enum Layer: Sendable, Hashable {
    /// Each of *m* outputs is a weighted sum of all *k* inputs: `weights` is row-major *m* x *k*; a bias
    /// an output, or none.
    case dense(weights: [Float], biases: [Float]?, inputCount: Int)
    /// Each number less its mean, times its factor, plus its offset; one of each for every column, or one
    /// for all.
    case affine(means: [Float], factors: [Float], offsets: [Float])
    /// A function of each number, or of the row.
    case activation(Activation)
  }

  /// The functions, as Keras and PyTorch define them.
  public enum Activation: Sendable, Hashable {
    /// `x` up to `ceiling` where it is at least `threshold`, otherwise `negativeSlope` of what it lacks of that.
    case rectified(negativeSlope: Double = 0, ceiling: Double = .infinity, threshold: Double = 0)
    /// 1 / (1 + exp(-x)).
    case sigmoid
    /// `slope`·x + 0.5, within 0 and 1.
    case hardSigmoid(slope: Double)
    /// x times that.
    case hardSilu(slope: Double)
    /// x times its sigmoid.
    case silu
    /// The hyperbolic tangent.
    case tanh
    /// `scale` times x, or below 0 times `alpha`·(exp(x) - 1).
    case exponentialLinear(alpha: Double = 1, scale: Double = 1)
    /// x times the normal distribution's function at x, or its approximation by a tangent.
    case gelu(isApproximate: Bool)
    /// log(1 + exp(x)).
    case softplus
    /// x / (1 + |x|).
    case softsign
    /// exp(x).
    case exponential
    /// x times the hyperbolic tangent of its softplus.
    case mish
    /// Exponentials in proportion.
    case softmax
    /// The logarithms of those.
    case logSoftmax
  }

  private let layers: [Layer]
  /// The number of features.
  public let featureCount: Int?
  /// The number of results of a row.
  public let scoreCount: Int
  /// Features are single-precision numbers.
  public var roundsToSinglePrecision: Bool { true }

  /// Creates a network.
  ///
  /// - Parameters:
  ///   - layers: The layers, the first one's first.
  ///   - featureCount: The number of features, *k*.
  /// - Throws: ``ModelError`` if a layer does not take what the one before it gives, or a weight is not
  ///   finite.
  public init(layers: [Layer], featureCount: Int) throws(ModelError) {
    var width = featureCount
    guard width > 0 else { throw .badShape("the network has no inputs") }
    for (index, layer) in layers.enumerated() {
      let numbers: [[Float]]
      switch layer {
      case .dense(let weights, let biases, let inputCount):
        guard inputCount == width, !weights.isEmpty, weights.count % inputCount == 0,
          biases.map({ $0.count == weights.count / inputCount }) ?? true
        else {
          throw .badShape(
            "layer \(index + 1) has \(weights.count) weights and "
              + "\(biases.map { "\($0.count)" } ?? "no") biases for \(width) inputs")
        }
        width = weights.count / inputCount
        numbers = [weights, biases ?? []]
      case .affine(let means, let factors, let offsets):
        numbers = [means, factors, offsets]
        guard numbers.allSatisfy({ $0.count == width || $0.count == 1 }) else {
          throw .badShape("layer \(index + 1) has other columns than its \(width) inputs")
        }
      case .activation: continue
      }
      guard numbers.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
        throw .badNumber("layer \(index + 1) has a weight that is not finite")
      }
    }
    self.layers = layers
    self.featureCount = featureCount
    scoreCount = width
  }

  /// The results of each row.
  public func scores(of features: FeatureMatrix) -> [Double] {
    Chunks.map(features.rowCount, size: 4_096) { rows in
      var width = features.columnCount
      var values = features.values[rows.lowerBound * width..<rows.upperBound * width].map {
        Double(Float($0))
      }
      for layer in layers {
        layer.apply(to: &values, width: &width)
        for index in values.indices { values[index] = Double(Float(values[index])) }
      }
      return values
    }.flatMap(\.self)
  }
}

extension DenseNetwork.Layer {
  /// Replaces the rows' numbers by the layer's; its outputs are not rounded yet.
  fileprivate func apply(to values: inout [Double], width: inout Int) {
    switch self {
    case .dense(let weights, let biases, let inputCount):
      let outputCount = weights.count / inputCount
      let start = biases?.map(Double.init) ?? [Double](repeating: 0, count: outputCount)
      var sums = (0..<values.count / width).flatMap { _ in start }
      let doubles = weights.map(Double.init)
      var span = sums.mutableSpan
      BLAS.multiplyAdd(
        values.span, byTransposed: doubles.span, innerCount: inputCount, into: &span)
      values = sums
      width = outputCount
    case .affine(let means, let factors, let offsets):
      func value(_ list: [Float], _ index: Int) -> Double {
        Double(list[list.count == 1 ? 0 : index % width])
      }
      for index in values.indices {
        values[index] =
          (values[index] - value(means, index)) * value(factors, index) + value(offsets, index)
      }
    case .activation(let activation): activation.apply(to: &values, width: width)
    }
  }
}

extension DenseNetwork.Activation {
  /// The scaled exponential linear unit.
  ///
  /// Source: Klambauer et al. 2017, arXiv:1706.02515; keras/src/activations/activations.py (3.15).
  public static let selu = Self.exponentialLinear(
    alpha: 1.6732632423543772, scale: 1.0507009873554805)

  fileprivate func apply(to values: inout [Double], width: Int) {
    switch self {
    case .softmax, .logSoftmax:
      for start in stride(from: 0, to: values.count, by: width) {
        let row = start..<start + width
        let greatest = values[row].reduce(-.infinity, max)
        let total = values[row].reduce(0) { $0 + exp($1 - greatest) }
        for index in row {
          values[index] =
            self == .softmax
            ? exp(values[index] - greatest) / total : values[index] - greatest - log(total)
        }
      }
    default: for index in values.indices { values[index] = value(at: values[index]) }
    }
  }

  private func value(at x: Double) -> Double {
    switch self {
    case .rectified(let slope, let ceiling, let threshold):
      x >= threshold ? min(x, ceiling) : slope == 0 ? 0 : slope * (x - threshold)
    case .sigmoid: PredictiveModels.sigmoid(x)
    case .hardSigmoid(let slope): min(max(slope * x + 0.5, 0), 1)
    case .hardSilu(let slope): x * min(max(slope * x + 0.5, 0), 1)
    case .silu: x * PredictiveModels.sigmoid(x)
    case .tanh: Glibc.tanh(x)
    case .exponentialLinear(let alpha, let scale): scale * (x > 0 ? x : alpha * expm1(x))
    case .gelu(false): x / 2 * (1 + erf(x / 2.0.squareRoot()))
    case .gelu(true):
      x / 2 * (1 + Glibc.tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    case .softplus: Self.softplus(x)
    case .softsign: x / (1 + abs(x))
    case .exponential: exp(x)
    case .mish: x * Glibc.tanh(Self.softplus(x))
    case .softmax, .logSoftmax: x
    }
  }

  /// log(1 + exp(x)), which far above 0 must not overflow.
  private static func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }
}
