/// A sum that keeps what rounding takes off.
///
/// Its error does not grow with the number of terms.
///
/// Source: Neumaier 1974, doi:10.1002/zamm.19740540106.
struct CompensatedSum: Hashable, Sendable {
  private var sum = 0.0
  private var rest = 0.0

  /// The sum.
  var value: Double { sum + rest }

  /// Adds a number.
  static func += (total: inout CompensatedSum, term: Double) {
    let sum = total.sum + term
    total.rest +=
      abs(total.sum) >= abs(term) ? (total.sum - sum) + term : (term - sum) + total.sum
    total.sum = sum
  }

  /// Adds another sum.
  static func += (total: inout CompensatedSum, other: CompensatedSum) {
    total += other.sum
    total += other.rest
  }
}
