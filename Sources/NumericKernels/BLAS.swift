internal import COpenBLAS

/// The face of OpenBLAS that the project uses: dense double-precision vectors and row-major matrices.
///
/// OpenBLAS runs on the calling thread alone: work is divided by ``Chunks``, whose fixed partition
/// makes results the same on any number of cores. Its rounding still varies with the processor, so
/// only results with a stated tolerance come from here.
public enum BLAS {
  private static let isReady: Bool = {
    openblas_set_num_threads(1)
    return true
  }()

  /// OpenBLAS's version, such as `0.3.21`.
  public static var libraryVersion: String {
    // The configuration begins with the name and the version.
    let configuration = unsafe openblas_get_config().map { unsafe String(cString: $0) } ?? ""
    return configuration.split(separator: " ").dropFirst().first.map(String.init) ?? ""
  }

  /// The sum of the products of two vectors' elements (`ddot`).
  ///
  /// - Complexity: O(*n*).
  public static func dot(_ x: Span<Double>, _ y: Span<Double>) -> Double {
    precondition(x.count == y.count && isReady, "vectors must have one length")
    return unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeBufferPointer { y in
        unsafe cblas_ddot(size(x.count), x.baseAddress, 1, y.baseAddress, 1)
      }
    }
  }

  /// The sum of the absolute values of a vector's elements (`dasum`).
  ///
  /// - Complexity: O(*n*).
  public static func absoluteSum(_ x: Span<Double>) -> Double {
    precondition(isReady)
    return unsafe x.withUnsafeBufferPointer { x in
      var sum = 0.0
      for start in stride(from: 0, to: x.count, by: 1 << 30) {
        let count = min(1 << 30, x.count - start)
        unsafe sum += cblas_dasum(size(count), x.baseAddress.map { unsafe $0 + start }, 1)
      }
      return sum
    }
  }

  /// Adds to `result` the product of a matrix and a matrix's transpose: `result += rows · weightsᵀ`.
  ///
  /// One output is a matrix-vector product (`dgemv`), several a matrix product (`dgemm`).
  ///
  /// - Parameters:
  ///   - rows: Row-major, *n* x *k*.
  ///   - weights: Row-major, *m* x *k*.
  ///   - innerCount: *k*, at least 1.
  ///   - result: Row-major, *n* x *m*.
  /// - Complexity: O(*n·k·m*).
  public static func multiplyAdd(
    _ rows: Span<Double>, byTransposed weights: Span<Double>, innerCount: Int,
    into result: inout MutableSpan<Double>
  ) {
    precondition(innerCount > 0 && isReady, "matrices must have columns")
    let rowCount = rows.count / innerCount
    let outputCount = weights.count / innerCount
    precondition(
      rows.count == rowCount * innerCount && weights.count == outputCount * innerCount
        && result.count == rowCount * outputCount, "matrices must fit one another")
    guard rowCount > 0 && outputCount > 0 else { return }
    unsafe rows.withUnsafeBufferPointer { rows in
      unsafe weights.withUnsafeBufferPointer { weights in
        unsafe result.withUnsafeMutableBufferPointer { result in
          if outputCount == 1 {
            unsafe cblas_dgemv(
              CblasRowMajor, CblasNoTrans, size(rowCount), size(innerCount), 1, rows.baseAddress,
              size(innerCount), weights.baseAddress, 1, 1, result.baseAddress, 1)
          } else {
            unsafe cblas_dgemm(
              CblasRowMajor, CblasNoTrans, CblasTrans, size(rowCount), size(outputCount),
              size(innerCount), 1, rows.baseAddress, size(innerCount), weights.baseAddress,
              size(innerCount), 1, result.baseAddress, size(outputCount))
          }
        }
      }
    }
  }

  /// A length as OpenBLAS takes it.
  private static func size(_ count: Int) -> Int32 {
    precondition(count <= Int(Int32.max), "OpenBLAS counts in 32 bits; divide the work")
    return Int32(count)
  }
}
