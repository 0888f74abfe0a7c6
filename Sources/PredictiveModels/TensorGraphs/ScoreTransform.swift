internal import Glibc

/// What becomes of a row's scores at the end, as ONNX names it.
///
/// Source: ONNX Runtime 1.32, onnxruntime/core/providers/cpu/ml/ml_common.h.
package enum ScoreTransform: String, Sendable {
  case none = "NONE"
  case softmax = "SOFTMAX"
  case logistic = "LOGISTIC"
  /// A softmax that leaves zeros zero.
  case softmaxZero = "SOFTMAX_ZERO"
  case probit = "PROBIT"

  /// The transform of rows of *m* scores.
  func applied(to scores: [Float], width: Int) -> [Float] {
    switch self {
    case .none: scores
    case .logistic: scores.map(Self.logistic)
    case .probit: scores.map(Self.probit)
    case .softmax, .softmaxZero: softmax(scores, width: width)
    }
  }

  /// The transform of a regressor's rows: one number is transformed by a probit alone.
  func appliedToNumbers(_ scores: [Float], width: Int) -> [Float] {
    width > 1 || self == .probit ? applied(to: scores, width: width) : scores
  }

  /// Both classes' scores where there is one, of the second class; those of the others are its share.
  func pairs(of scores: [Float]) -> [Float] {
    scores.flatMap { score -> [Float] in
      let share =
        switch self {
        case .logistic: Self.logistic(score)
        case .probit: Self.probit(score)
        case .none, .softmax, .softmaxZero: score
        }
      return [1 - share, share]
    }
  }

  static func logistic(_ value: Float) -> Float { NumberFunction.logistic.single(value) }

  /// The normal distribution's quantile, by Winitzki's approximation of the inverse error function.
  static func probit(_ value: Float) -> Float {
    let x = 2 * value - 1
    let logarithm = logf((1 - x) * (1 + x))
    let first = 2 / (3.14159 * 0.147) + 0.5 * logarithm
    let root = (first * first - 1 / 0.147 * logarithm).squareRoot()
    return 1.41421356 * (x < 0 ? -1 : 1) * (root - first).squareRoot()
  }

  private func softmax(_ scores: [Float], width: Int) -> [Float] {
    var shares = scores
    for start in stride(from: 0, to: scores.count, by: max(width, 1)) {
      let row = start..<start + width
      let greatest = scores[row].reduce(-.infinity, max)
      var sum: Float = 0
      for index in row {
        // What lies this close to 0 counts as 0.
        let isZero = self == .softmaxZero && abs(scores[index]) <= 1e-7
        shares[index] = isZero ? 0 : expf(scores[index] - greatest)
        sum += shares[index]
      }
      if sum != 0 { for index in row { shares[index] /= sum } }
    }
    return shares
  }
}

/// The classes of a classifier in a graph, as its labels are written.
package enum ClassNames: Sendable, Hashable {
  case integers([Int64])
  case texts([String])

  /// The number of classes.
  package var count: Int {
    switch self {
    case .integers(let names): names.count
    case .texts(let names): names.count
    }
  }

  /// The names of classes.
  ///
  /// - Precondition: There are such classes.
  func tensor(of codes: [Int]) -> Tensor {
    switch self {
    case .integers(let names): Tensor(.integers(codes.map { names[$0] }))
    case .texts(let names): Tensor(.texts(codes.map { names[$0] }))
    }
  }
}
