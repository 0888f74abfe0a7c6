public import InputReading
public import PredictiveModels
internal import TableFiles

/// The held-out rows that were among those that the model was trained on.
///
/// Rows are the same where all their features are: numbers by value, whatever their digits, missing
/// values among them, and texts by their characters. Labels do not count.
public struct TrainingOverlap: Hashable, Sendable {
  /// A held-out row and the first row of the training data that equals it, both from 1.
  public struct SeenRow: Hashable, Sendable {
    /// The held-out row.
    public let row: Int
    /// The row of the training data.
    public let trainingRow: Int
  }

  /// The held-out rows.
  public let rowCount: Int
  /// The rows of the training data.
  public let trainingRowCount: Int
  /// The held-out rows that were seen, in order.
  public let seenRows: [SeenRow]
  /// The training data.
  public let place: Place

  /// Looks for the rows of one file in another one.
  ///
  /// - Parameters:
  ///   - holdout: The held-out rows.
  ///   - training: The rows of training; it has columns of the same names.
  ///   - model: Tells which columns are features and which of them are texts; without it, all are
  ///     that are not left out, and each cell tells for itself.
  ///   - label: The label's column; one that the held-out rows lack is found by its usual names.
  ///   - others: Other columns of the held-out rows that are no features.
  ///   - limits: The longest record and the most columns.
  /// - Throws: ``VerificationError``.
  /// - Complexity: O(*n* + *m*) for *n* held-out and *m* training rows, in memory for *n*.
  public init(
    of holdout: String, in training: String, model: Model?, label: String? = nil,
    others: [String] = [], limits: Limits = .standard
  ) throws(VerificationError) {
    let file = try FeatureFile.opened(
      path: holdout, layout: TableLayout(path: holdout), limits: limits)
    let data = try FeatureFile.opened(
      path: training, layout: TableLayout(path: training), limits: limits)
    place = data.place
    do throws(TableError) {
      let isNamed = label.map(file.columns.contains) ?? false
      let labelIndex = isNamed ? nil : try file.usualLabelIndex()
      let labels = labelIndex.map { [file.columns[$0]] } ?? [label].compactMap(\.self)
      let names = file.columns.filter { !(labels + others).contains($0) }
      let features = Features(names, of: model)
      let heldOut = HeldOutRows()
      let columns = try features.indices(in: file)
      rowCount = try file.read(
        FeatureFile.Passed(features: columns.numbers, texts: columns.texts), fewestRows: 4_096,
        take: heldOut.add
      ).rowCount
      let trainingColumns = try features.indices(in: data)
      trainingRowCount = try data.read(
        FeatureFile.Passed(features: trainingColumns.numbers, texts: trainingColumns.texts),
        fewestRows: 4_096, take: heldOut.look
      ).rowCount
      seenRows = heldOut.firstSeen.sorted { $0.key < $1.key }
        .map { SeenRow(row: $0.key + 1, trainingRow: $0.value) }
    } catch { throw .table(error) }
  }

  /// The names of features.
  private struct Features {
    var numbers: [String] = []
    var texts: [String] = []

    /// Takes those of the columns that are a model's features, or all of them, as texts.
    init(_ names: [String], of model: Model?) {
      guard let model, let order = try? model.featureColumns(in: names) else {
        texts = names
        return
      }
      for (feature, column) in order.enumerated() {
        if model.textColumns.contains(feature) {
          texts.append(names[column])
        } else {
          numbers.append(names[column])
        }
      }
    }

    func indices(
      in file: borrowing FeatureFile
    ) throws(TableError) -> (numbers: [Int], texts: [Int]) {
      var indices: (numbers: [Int], texts: [Int]) = ([], [])
      for name in numbers {
        indices.numbers.append(try file.index(of: name, option: "--training-data"))
      }
      for name in texts {
        indices.texts.append(try file.index(of: name, option: "--training-data"))
      }
      return indices
    }
  }
}

/// Rows by a digest of their features, and which of them have been seen elsewhere.
private final class HeldOutRows {
  private var numbers: [[UInt64]] = []
  private var texts: [[Cell]] = []
  private var count = 0
  private var rows: [UInt64: [Int]] = [:]
  /// For each row that was seen, from 0, the number of the first row that equals it.
  private(set) var firstSeen: [Int: Int] = [:]

  /// A cell of text: a number counts as one.
  private enum Cell: Hashable {
    case number(UInt64)
    case text(String)

    init(_ text: String) {
      let trimmed = text.trimmingWhitespace
      if trimmed.isEmpty || trimmed.lowercased() == "nan" {
        self = .number(Double.nan.canonicalBits)
      } else {
        self = Double(decimal: trimmed).map { .number($0.canonicalBits) } ?? .text(trimmed)
      }
    }

    var digest: UInt64 {
      switch self {
      case .number(let bits): bits
      // Source: FNV-1a, Fowler, Noll and Vo 1991.
      case .text(let text):
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
      }
    }
  }

  /// Takes rows, and wants more.
  func add(_ batch: FeatureFile.Block) -> Bool {
    let (ownNumbers, ownTexts) = Self.cells(of: batch)
    for (row, digest) in Self.digests(ownNumbers, ownTexts, batch.rowCount).enumerated() {
      rows[digest, default: []].append(count + row)
    }
    if numbers.isEmpty && texts.isEmpty {
      (numbers, texts) = (ownNumbers, ownTexts)
    } else {
      for index in numbers.indices { numbers[index] += ownNumbers[index] }
      for index in texts.indices { texts[index] += ownTexts[index] }
    }
    count += batch.rowCount
    return true
  }

  /// Looks for rows among those taken, and wants more.
  func look(at batch: FeatureFile.Block) -> Bool {
    let (others, otherTexts) = Self.cells(of: batch)
    for (row, digest) in Self.digests(others, otherTexts, batch.rowCount).enumerated() {
      for own in rows[digest] ?? [] where firstSeen[own] == nil {
        let isEqual =
          numbers.indices.allSatisfy { numbers[$0][own] == others[$0][row] }
          && texts.indices.allSatisfy { texts[$0][own] == otherTexts[$0][row] }
        if isEqual { firstSeen[own] = batch.firstRow + row }
      }
    }
    return true
  }

  private static func cells(of batch: FeatureFile.Block) -> ([[UInt64]], [[Cell]]) {
    (batch.numbers.map { $0.map(\.canonicalBits) }, batch.texts.map { $0.map(Cell.init) })
  }

  private static func digests(
    _ numbers: [[UInt64]], _ texts: [[Cell]], _ rowCount: Int
  ) -> [UInt64] {
    var digests = [UInt64](repeating: 0, count: rowCount)
    func mix(_ row: Int, _ bits: UInt64) {
      // Source: the finalizer of SplitMix64, Steele, Lea and Flood 2014, doi:10.1145/2660193.2660195.
      var value = digests[row] &+ 0x9E37_79B9_7F4A_7C15 ^ bits
      value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
      value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
      digests[row] = value ^ value >> 31
    }
    for column in numbers { for row in 0..<rowCount { mix(row, column[row]) } }
    for column in texts { for row in 0..<rowCount { mix(row, column[row].digest) } }
    return digests
  }
}

extension Double {
  /// The bits of the number, the same for both zeros and for every NaN.
  fileprivate var canonicalBits: UInt64 {
    isNaN ? Double.nan.bitPattern : self == 0 ? 0 : bitPattern
  }
}
