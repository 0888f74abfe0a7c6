/// A model's file format that Assay knows by sight and does not read.
struct ForeignFormat: Sendable {
  /// The format as people call it.
  let name: String
  private let fits: @Sendable (_ name: Substring, _ bytes: ArraySlice<UInt8>) -> Bool

  /// The format of a file, by its first bytes, or where those tell nothing by its name.
  ///
  /// - Parameters:
  ///   - path: The file's path.
  ///   - bytes: The file's beginning; more than a kilobyte is not looked at.
  /// - Returns: the format; `nil` where it is none of these.
  static func of(path: String, _ bytes: [UInt8]) -> ForeignFormat? {
    let name = path.split(separator: "/").last ?? ""
    return all.first { $0.fits(name, bytes.prefix(1_024)) }
  }

  /// Sources: the formats' own documentation; for MXNet src/ndarray/ndarray.cc, for CatBoost
  /// catboost/libs/model/model.cpp.
  private static let all: [ForeignFormat] = [
    ForeignFormat(name: "XGBoost, encoded as base64") { _, bytes in starts(bytes, "bs64") },
    ForeignFormat(name: "CatBoost in its own format (its JSON is read)") { name, bytes in
      starts(bytes, "CBM1") || name.hasSuffix(".cbm")
    },
    ForeignFormat(name: "joblib before 0.10, compressed") { _, bytes in starts(bytes, "ZF0x") },
    ForeignFormat(name: "MXNet (SageMaker's built-in algorithms)") { name, _ in
      name.hasPrefix("model_algo-") || name.hasSuffix(".params")
    },
  ]

  private static func starts(_ bytes: ArraySlice<UInt8>, _ text: String) -> Bool {
    bytes.starts(with: text.utf8)
  }
}
