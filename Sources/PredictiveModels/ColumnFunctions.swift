internal import Glibc

/// A function of one number, by numpy's name of it.
public enum ElementaryFunction: String, Sendable, Hashable, CaseIterable {
  // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
  case log, log2, log10, log1p, exp, exp2, expm1, sqrt, cbrt, square, absolute, negative, reciprocal
  // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
  case sin, cos, tan, arcsinh, sinh, tanh

  func callAsFunction(_ x: Double) -> Double {
    switch self {
    case .log: Glibc.log(x)
    case .log2: Glibc.log2(x)
    case .log10: Glibc.log10(x)
    case .log1p: Glibc.log1p(x)
    case .exp: Glibc.exp(x)
    case .exp2: Glibc.exp2(x)
    case .expm1: Glibc.expm1(x)
    case .sqrt: x.squareRoot()
    case .cbrt: Glibc.cbrt(x)
    case .square: x * x
    case .absolute: abs(x)
    case .negative: -x
    case .reciprocal: 1 / x
    case .sin: Glibc.sin(x)
    case .cos: Glibc.cos(x)
    case .tan: Glibc.tan(x)
    case .arcsinh: Glibc.asinh(x)
    case .sinh: Glibc.sinh(x)
    case .tanh: Glibc.tanh(x)
    }
  }
}

/// The share of training values below a value, by quantiles; made normal on wish.
///
/// Source: scikit-learn's QuantileTransformer, sklearn/preprocessing/_data.py.
public struct QuantileFunction: Sendable, Hashable {
  private let quantiles: [Double]
  private let references: [Double]
  private let isNormal: Bool
  private let isFuzzyAtBounds: Bool

  /// Shares nearer to 0 and 1 than this are not told apart.
  private static let bounds = 1e-7

  /// Creates a function.
  ///
  /// - Parameters:
  ///   - name: The step's name, for errors.
  ///   - quantiles: Ascending training values.
  ///   - references: The share of each, ascending from 0 to 1.
  ///   - isNormal: Whether shares become the normal distribution's quantiles.
  ///   - isFuzzyAtBounds: Whether values within 1e-7 of the outermost quantiles are taken as these, and
  ///     shares are kept that far from 0 and 1.
  /// - Throws: ``ModelError`` if there are not as many of both, or they are not ascending.
  public init(
    name: String, quantiles: [Double], references: [Double], isNormal: Bool, isFuzzyAtBounds: Bool
  ) throws(ModelError) {
    guard !quantiles.isEmpty, quantiles.count == references.count else {
      throw .badShape("\(name) has \(quantiles.count) quantiles for \(references.count) shares")
    }
    for list in [quantiles, references] {
      guard list.allSatisfy(\.isFinite), zip(list, list.dropFirst()).allSatisfy({ $0 <= $1 }) else {
        throw .badNumber("\(name) has quantiles that are not ascending numbers")
      }
    }
    self.quantiles = quantiles
    self.references = references
    self.isNormal = isNormal
    self.isFuzzyAtBounds = isFuzzyAtBounds
  }

  func callAsFunction(_ value: Double) -> Double {
    let (first, last) = (quantiles[0], quantiles[quantiles.count - 1])
    let tolerance = isFuzzyAtBounds ? Self.bounds : 0
    var share: Double
    if isFuzzyAtBounds ? value - tolerance < first : value == first {
      share = 0
    } else if isFuzzyAtBounds ? value + tolerance > last : value == last {
      share = 1
    } else {
      // The mean of both directions, which differ where quantiles are equal.
      share =
        0.5
        * (Self.interpolated(value, quantiles, references, isUpward: true)
          + Self.interpolated(value, quantiles, references, isUpward: false))
    }
    let limit = Self.bounds - Double.ulpOfOne
    guard isNormal else { return isFuzzyAtBounds ? min(max(share, limit), 1 - limit) : share }
    share = min(max(share, 0), 1)
    return min(max(normalQuantile(share), normalQuantile(limit)), normalQuantile(1 - limit))
  }

  /// The value that has a share of training values below it: the inverse.
  func inverse(_ result: Double) -> Double {
    let share = isNormal ? 0.5 * erfc(-result / 2.0.squareRoot()) : result
    let tolerance = isFuzzyAtBounds ? Self.bounds : 0
    if isFuzzyAtBounds ? share - tolerance < 0 : share == 0 { return quantiles[0] }
    if isFuzzyAtBounds ? share + tolerance > 1 : share == 1 {
      return quantiles[quantiles.count - 1]
    }
    return Self.interpolated(share, references, quantiles, isUpward: true)
  }

  /// The height of a line at a place: between the last of ascending places at most it and the next, or
  /// the first at least it and the one before.
  private static func interpolated(
    _ value: Double, _ places: [Double], _ heights: [Double], isUpward: Bool
  ) -> Double {
    let count = places.count
    // The number of places at most the value, or below it.
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if isUpward ? places[middle] <= value : places[middle] < value {
        low = middle + 1
      } else {
        high = middle
      }
    }
    guard low > 0 else { return heights[0] }
    guard low < count else { return heights[count - 1] }
    let slope = (heights[low] - heights[low - 1]) / (places[low] - places[low - 1])
    return isUpward
      ? slope * (value - places[low - 1]) + heights[low - 1]
      : heights[low] - slope * (places[low] - value)
  }
}

/// The number that a standard normal variable is below with probability `share`.
///
/// A rational approximation, made exact by two steps of Halley's method on the complementary error
/// function. Source of the approximation: P. J. Acklam 2003, relative error 1.15e-9.
func normalQuantile(_ share: Double) -> Double {
  guard share > 0 else { return -.infinity }
  guard share < 1 else { return .infinity }
  guard share <= 0.5 else { return -normalQuantile(1 - share) }
  let a = [
    -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02,
    -3.066479806614716e+01, 2.506628277459239e+00,
  ]
  let b = [
    -5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01,
    -1.328068155288572e+01, 1,
  ]
  let c = [
    -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00, -2.549732539343734e+00,
    4.374664141464968e+00, 2.938163982698783e+00,
  ]
  let d = [
    7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00, 1,
  ]
  func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
    coefficients.reduce(0) { $0 * x + $1 }
  }
  var x: Double
  if share < 0.02425 {
    let q = sqrt(-2 * log(share))
    x = polynomial(c, q) / polynomial(d, q)
  } else {
    let q = share - 0.5
    x = polynomial(a, q * q) * q / polynomial(b, q * q)
  }
  for _ in 0..<2 {
    let error = 0.5 * erfc(-x / 2.0.squareRoot()) - share
    let step = error * (2 * Double.pi).squareRoot() * exp(x * x / 2)
    x -= step / (1 + x * step / 2)
  }
  return x
}

/// A power that makes values look normally distributed, by a parameter.
///
/// Sources: Yeo and Johnson 2000, doi:10.1093/biomet/87.4.954; Box and Cox 1964.
public struct PowerFunction: Sendable, Hashable {
  /// Which powers.
  public enum Method: String, Sendable, Hashable {
    /// Of numbers of either sign.
    case yeoJohnson = "yeo-johnson"
    /// Of numbers above 0.
    case boxCox = "box-cox"
  }

  private let method: Method
  private let lambda: Double

  /// Creates a function.
  public init(method: Method, lambda: Double) {
    self.method = method
    self.lambda = lambda
  }

  func callAsFunction(_ x: Double) -> Double {
    switch method {
    case .boxCox:
      guard x > 0 else { return .nan }
      return lambda == 0 ? log(x) : expm1(lambda * log(x)) / lambda
    case .yeoJohnson:
      if x >= 0 {
        return abs(lambda) < Double.ulpOfOne ? log1p(x) : expm1(lambda * log1p(x)) / lambda
      }
      let other = 2 - lambda
      return abs(other) < Double.ulpOfOne ? -log1p(-x) : -expm1(other * log1p(-x)) / other
    }
  }

  /// The number that becomes `y`; NaN where none does.
  func inverse(_ y: Double) -> Double {
    switch method {
    case .boxCox: return lambda == 0 ? exp(y) : pow(y * lambda + 1, 1 / lambda)
    case .yeoJohnson:
      if y >= 0 {
        return abs(lambda) < Double.ulpOfOne ? exp(y) - 1 : pow(y * lambda + 1, 1 / lambda) - 1
      }
      let other = 2 - lambda
      return abs(other) <= Double.ulpOfOne ? 1 - exp(-y) : 1 - pow(1 - other * y, 1 / other)
    }
  }
}
