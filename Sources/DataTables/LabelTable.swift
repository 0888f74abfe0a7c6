/// The labels of a table, each with the small number that stands for it in columns.
///
/// Labels are numbered as they are first seen; ``sorted()`` gives the canonical order.
public struct LabelTable: Sendable {
  /// A label's spelling in a file.
  private struct Spelling: Hashable {
    let bytes: [UInt8]
    let isQuoted: Bool
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
    if let latest, latest.spelling.isQuoted == isQuoted, latest.spelling.bytes.elementsEqual(field)
    {
      return latest.code
    }
    let spelling = Spelling(bytes: Array(field), isQuoted: isQuoted)
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
