/// The labels of a table, each with the small number that stands for it in columns.
///
/// Labels are numbered as they are first seen; ``sorted()`` gives the canonical order.
public struct LabelTable: Sendable {
  /// A label's spelling in a file: its bytes, then their number and whether it is quoted.
  ///
  /// Short ones, which most are, are two words and take no memory of their own.
  private struct Spelling: Hashable {
    private static let shortLength = 14
    private var low: UInt64 = 0
    private var high: UInt64 = 0
    private var long: [UInt8] = []

    init(_ field: ArraySlice<UInt8>, isQuoted: Bool) {
      high = UInt64(min(field.count, 127)) << 57 | (isQuoted ? 1 << 56 : 0)
      guard field.count <= Self.shortLength else {
        long = Array(field)
        return
      }
      var shift: UInt64 = 0
      for byte in field.prefix(8) {
        low |= UInt64(byte) << shift
        shift += 8
      }
      shift = 0
      for byte in field.dropFirst(8) {
        high |= UInt64(byte) << shift
        shift += 8
      }
    }
  }

  /// The labels; a label's index is its code.
  public private(set) var labels: [Label] = []
  private var codes: [Label: Int32] = [:]
  private var spellings: [Spelling: Int32] = [:]
  private var latest: (spelling: Spelling, code: Int32)?

  /// Creates a table of labels whose codes are their indices.
  public init(_ labels: [Label] = []) {
    for label in labels { _ = code(of: label) }
  }

  /// The code of a label, which is added if it is new.
  public mutating func code(of label: Label) -> Int32 {
    if let code = codes[label] { return code }
    let code = Int32(labels.count)
    labels.append(label)
    codes[label] = code
    return code
  }

  /// The code of a label, if it is there.
  public func knownCode(of label: Label) -> Int32? { codes[label] }

  /// The code of the label that a field spells.
  ///
  /// - Parameters:
  ///   - field: UTF-8 text as it stands in the file.
  ///   - isQuoted: Whether it stood in quotation marks.
  /// - Returns: the code, a new one for a label not seen before.
  /// - Throws: ``Label/Fault`` for what is not a label.
  /// - Complexity: O(*k*) for a spelling seen before, *k* being its length.
  public mutating func code(
    ofField field: ArraySlice<UInt8>, isQuoted: Bool
  ) throws(Label.Fault) -> Int32 {
    let spelling = Spelling(field, isQuoted: isQuoted)
    if let latest, latest.spelling == spelling { return latest.code }
    if let code = spellings[spelling] {
      latest = (spelling, code)
      return code
    }
    let code = code(of: try Label(String(decoding: field, as: UTF8.self), isQuoted: isQuoted))
    spellings[spelling] = code
    latest = (spelling, code)
    return code
  }

  /// The labels in canonical order, and for each old code the new one.
  public func sorted() -> (table: LabelTable, newCodes: [Int32]) {
    let order = labels.indices.sorted { labels[$0] < labels[$1] }
    var newCodes = [Int32](repeating: 0, count: labels.count)
    for (new, old) in order.enumerated() { newCodes[old] = Int32(new) }
    return (LabelTable(order.map { labels[$0] }), newCodes)
  }
}
