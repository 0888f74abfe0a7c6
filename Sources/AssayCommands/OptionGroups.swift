internal import ArgumentParser
internal import DataTables
internal import EvaluationMetrics
internal import InputReading
internal import TableFiles
internal import Verification

/// How an input's table is laid out.
struct LayoutOptions: ParsableArguments {
  @Option(
    help: """
      The input's format: csv, tsv, jsonl, json, npy, npz or parquet. Without it, the first bytes \
      tell.
      """,
    transform: Word.choice)
  var inputFormat: TableFormat?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What parts the fields of text: a character, or tab. Without it, the header tells.",
      valueName: "character"),
    transform: Word.separator)
  var separator: UInt8?

  @Flag(name: .customLong("no-header"), help: "The first line is data; columns are named 1, 2, ….")
  var hasNoHeader = false

  /// The layout of a file.
  func layout(of path: String) -> TableLayout {
    var layout = TableLayout(path: path)
    if let inputFormat {
      layout.format = inputFormat
      layout.separator = inputFormat == .tsv ? .tab : .found
    }
    if let separator { layout.separator = .byte(separator) }
    if hasNoHeader { layout.hasHeader = false }
    return layout
  }
}

extension LayoutOptions {
  /// The layout of a second file, which need not have the first one's format.
  func labelLayout(of path: String) -> TableLayout {
    var layout = layout(of: path)
    layout.format = nil
    return layout
  }
}

/// Which columns of a prediction file mean what.
struct ColumnOptions: ParsableArguments {
  @Option(
    parsing: .unconditional, help: ArgumentHelp("The column of true labels.", valueName: "name"))
  var labelColumn: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The column of scores of the positive class.", valueName: "name"))
  var scoreColumn: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The column of predicted labels.", valueName: "name"))
  var predictionColumn: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The column of weights.", valueName: "name"))
  var weightColumn: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The column that matches rows with those of the labels' or the holdout file.",
      valueName: "name"))
  var idColumn: String?

  /// These columns, and where they are silent those of `other`.
  func columns(before other: PredictionColumns = PredictionColumns()) -> PredictionColumns {
    var columns = other
    columns.label = labelColumn ?? other.label
    columns.score = scoreColumn ?? other.score
    columns.prediction = predictionColumn ?? other.prediction
    columns.weight = weightColumn ?? other.weight
    columns.id = idColumn ?? other.id
    return columns
  }
}

/// What rows are told apart by.
struct SliceOptions: ParsableArguments {
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      """
      Every metric for each value of this column too; repeatable. Several columns, parted by commas, \
      are taken together.
      """, valueName: "names"))
  var sliceBy: [String] = []

  func validate() throws {
    if columns.contains(where: \.isEmpty) { throw ValidationError("--slice-by names no column") }
  }

  /// The columns of each slicing.
  var columns: [[String]] { sliceBy.map { $0.split(separator: ",").map(String.init) } }
}

/// Where classes have their probabilities.
struct ProbabilityOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The columns of class probabilities, parted by commas, in the order of the classes.",
      valueName: "names"))
  var probabilityColumns: String?

  func validate() throws {
    if probabilityColumns != nil && columns.isEmpty {
      throw ValidationError("--probability-columns names a column for each class, parted by commas")
    }
  }

  /// Whether they are named.
  var areGiven: Bool { probabilityColumns != nil }

  /// The columns, in the order of the classes.
  var columns: [String] { probabilityColumns?.split(separator: ",").map(String.init) ?? [] }
}

/// What is positive, and where scores are cut.
struct CutOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The positive class. Needed unless labels are 0/1, -1/1 or false/true.", valueName: "label"),
    transform: Word.label)
  var positiveLabel: Label?

  @Option(
    parsing: .unconditional,
    help: "Predicted positive is a score above this (default: 0.5 where there are no predictions).",
    transform: Word.number)
  var threshold: Double?
}

/// What is positive, where scores are cut, and what must hold.
struct RequirementOptions: ParsableArguments {
  @OptionGroup var cut: CutOptions

  var positiveLabel: Label? { cut.positiveLabel }

  var threshold: Double? { cut.threshold }

  @Option(
    name: .customLong("gate"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      """
      A condition that must hold, such as 'accuracy > 0.90'; repeatable. With 'at 95%' behind it the \
      metric's interval must lie there; 'where region = eu and sex = f' takes the rows with these \
      values alone; 'baseline', 'baseline - 0.01' stand for the value of --baseline.
      """, valueName: "condition"),
    transform: Word.gate)
  var gates: [Gate] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      The metrics of an earlier model: what 'assay verify' or 'assay metrics' printed as JSON, or an \
      evaluation.json.
      """, valueName: "file"))
  var baseline: String?

  @Flag(
    help: """
      There may be no baseline yet: gates relative to it are then not judged, and said to be so. \
      Without this they fail.
      """)
  var firstRun = false

  /// Gates of another source and these, each once, in order.
  func gates(after others: [Gate] = []) -> [Gate] {
    var distinct = others
    for gate in gates where !distinct.contains(gate) { distinct.append(gate) }
    return distinct
  }
}

/// How rows are evaluated.
struct JudgingOptions: ParsableArguments {
  @Option(
    help:
      "The kind of problem: binary, multiclass or regression. Without it, the labels tell.",
    transform: Word.choice)
  var task: Task?

  @Flag(help: "A score exactly at the threshold is predicted positive too.")
  var thresholdInclusive = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Gives every metric an interval of this level, such as 0.95.", valueName: "level"),
    transform: Word.level)
  var confidence: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The resamplings of an interval that no formula gives, at least 2 (default: 1000).",
      valueName: "count"),
    transform: Word.replicateCount)
  var replicates: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What resamplings are drawn from, 0 or more (default: 0): one seed, one result.",
      valueName: "number"))
  var seed: UInt64?

  @OptionGroup var requirement: RequirementOptions

  func validate() throws {
    if confidence == nil && (replicates != nil || seed != nil) {
      throw ValidationError("--replicates and --seed belong to --confidence, which is missing")
    }
  }

  /// The options of an evaluation.
  var evaluation: EvaluationOptions {
    var cut: Threshold?
    if requirement.threshold != nil || thresholdInclusive {
      cut = Threshold(requirement.threshold ?? 0.5, isInclusive: thresholdInclusive)
    }
    return EvaluationOptions(
      task: task, positiveLabel: requirement.positiveLabel, threshold: cut,
      confidence: confidence.map {
        Confidence(level: $0, replicateCount: replicates ?? 1_000, seed: seed ?? 0)
      })
  }

  /// What the labels are.
  var kind: PredictionFile.Kind {
    switch task {
    case nil: .found
    case .binary, .multiclass: .classes
    case .regression: .numbers
    }
  }
}

/// How much is read before a command gives up.
struct LimitOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The most bytes of one unpacked member of an archive, such as 500M (default: 2G).",
      valueName: "size"), transform: Word.byteCount)
  var maxMemberSize: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      The most memory that the command takes, and bytes of a file or archive that is held as a whole \
      (default: all there is, and 4G).
      """, valueName: "size"), transform: Word.byteCount)
  var maxMemory: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The most seconds that the command takes (default: any number).", valueName: "seconds"),
    transform: Word.seconds)
  var timeout: Double?

  /// The limits.
  var limits: Limits {
    var limits = Limits.standard
    if let maxMemory { limits.setMemory(maxMemory) }
    if let maxMemberSize { limits.memberSize = maxMemberSize }
    limits.seconds = timeout
    return limits
  }
}

/// How words of the command line become values; what is thrown says what is wrong with a word.
enum Word {
  /// A condition such as `accuracy > 0.90`.
  static func gate(_ text: String) throws -> Gate {
    do throws(GateError) {
      return try Gate(text)
    } catch { throw ValidationError("\(error.message); \(error.hint)") }
  }

  /// A class label as a file has it.
  static func label(_ text: String) throws -> Label {
    guard let label = try? Label(text) else {
      throw ValidationError("a label is a whole number or a text")
    }
    return label
  }

  /// The byte that parts fields: one that no number and no quoting has.
  static func separator(_ text: String) throws -> UInt8 {
    if text == "tab" { return UInt8(ascii: "\t") }
    let bytes = Array(text.utf8)
    guard bytes.count == 1, bytes[0] < 0x7F, bytes[0] >= 0x20 || bytes[0] == 0x09,
      !"\"+-.".utf8.contains(bytes[0]),
      !text.contains(where: { $0.isLetter || $0.isNumber })
    else {
      throw ValidationError(
        "it is 'tab' or one ASCII character other than +, -, ., letters and digits")
    }
    return bytes[0]
  }

  /// A decimal number that is finite.
  static func number(_ text: String) throws -> Double {
    guard let value = Double(decimal: text) else {
      throw ValidationError("a decimal number belongs here")
    }
    return value
  }

  /// A level of confidence.
  static func level(_ text: String) throws -> Double {
    guard let level = Double(decimal: text), level > 0, level < 1 else {
      throw ValidationError("a number between 0 and 1 belongs here, such as 0.95")
    }
    return level
  }

  /// A number of resamplings.
  static func replicateCount(_ text: String) throws -> Int {
    guard let count = Int(text), (2...1_000_000).contains(count) else {
      throw ValidationError("a whole number from 2 to 1000000 belongs here")
    }
    return count
  }

  /// A number of rows.
  static func rowCount(_ text: String) throws -> Int {
    guard let count = Int(text), (2...1_000_000_000).contains(count) else {
      throw ValidationError("a whole number from 2 to 1000000000 belongs here")
    }
    return count
  }

  /// A number of bytes; K, M and G behind it stand for powers of 1024.
  static func byteCount(_ text: String) throws -> Int {
    let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    let unit = text.last.flatMap { units[$0] }
    let digits = unit == nil ? text[...] : text.dropLast()
    guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits),
      case (let count, let isOverflown) = number.multipliedReportingOverflow(by: unit ?? 1),
      count > 0, !isOverflown
    else {
      throw ValidationError("a number of bytes belongs here, such as 1000000, 500M or 2G")
    }
    return count
  }

  /// A number of seconds.
  static func seconds(_ text: String) throws -> Double {
    guard let seconds = Double(decimal: text), seconds > 0, seconds <= 1e9 else {
      throw ValidationError("a number of seconds above 0 belongs here, such as 30 or 0.5")
    }
    return seconds
  }

  /// A number of bytes that rows may take, which has a least.
  static func workingMemory(_ text: String) throws -> Int {
    let count = try? byteCount(text)
    guard let count, count >= 16 << 20 else {
      throw ValidationError("a size of at least 16M belongs here, such as 512M or 2G")
    }
    return count
  }

  /// One of a list of words.
  static func choice<Choice: RawRepresentable & CaseIterable>(
    _ text: String
  ) throws -> Choice where Choice.RawValue == String {
    guard let choice = Choice(rawValue: text) else {
      let words = Choice.allCases.map { "'\($0.rawValue)'" }.joined(separator: " or ")
      throw ValidationError("it is \(words)")
    }
    return choice
  }
}
