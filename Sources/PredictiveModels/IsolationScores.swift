public import DataTables
internal import Glibc

/// How easily rows are told from all others, by the mean depth at which they fall into trees' leaves:
/// what an isolation forest scores by.
///
/// The score is `-offset` - 2^(-depth / *c*), where *c* is the depth to expect; below 0 for outliers.
///
/// Source: F. Liu, K. Ting, Z. Zhou 2008, doi:10.1109/ICDM.2008.17.
public struct IsolationScores: Scorer, Hashable {
  private let depths: TreeScores
  private let expectedDepth: Double
  private let offset: Double

  /// The number of features.
  public var featureCount: Int? { depths.featureCount }
  /// One score.
  public var scoreCount: Int { 1 }
  /// Whether features may be missing.
  public var acceptsMissingValues: Bool { depths.acceptsMissingValues }
  /// Whether features are rounded to single precision first.
  public var roundsToSinglePrecision: Bool { depths.roundsToSinglePrecision }
  /// The number of trees.
  public var treeCount: Int? { depths.treeCount }

  /// How deep the rows of a leaf would have fallen.
  public enum DepthRule: Sendable, Hashable {
    /// A lone row no deeper, two rows by 1.
    case exact
    /// A lone row by 1, two rows by the formula for many: scikit-learn's before 0.21.
    case early

    /// The depth at which a row falls out of a random tree of so many rows, on average.
    public func averageDepth(_ count: Double) -> Double {
      switch self {
      case .exact where count <= 2: return count == 2 ? 1 : 0
      case .early where count <= 1: return 1
      default:
        let eulersConstant = 0.577215664901532860606512090082402431
        return 2 * (log(count - 1) + eulersConstant) - 2 * (count - 1) / count
      }
    }
  }

  /// Creates scores.
  ///
  /// - Parameters:
  ///   - depths: Trees whose leaves hold depths.
  ///   - expectedDepth: The average depth for the rows that each tree was grown from.
  ///   - offset: The score of an outlier, before it is made 0.
  public init(depths: TreeScores, expectedDepth: Double, offset: Double) {
    self.depths = depths
    self.expectedDepth = expectedDepth
    self.offset = offset
  }

  /// The scores of each row.
  public func scores(of features: FeatureMatrix) -> [Double] {
    depths.scores(of: features).map { depth in
      // Trees of one row have no depth, and every row is as far as any.
      -exp2(expectedDepth > 0 ? -depth / expectedDepth : -1) - offset
    }
  }
}
