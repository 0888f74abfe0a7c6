public import InputReading
public import Throughput

/// What was measured of this machine's throughput, as a report.
public struct ThroughputReport: TabularReport {
  private let throughput: Throughput
  private let earlier: Throughput?

  /// Creates a report.
  ///
  /// - Parameters:
  ///   - throughput: What was measured.
  ///   - earlier: What was measured before, to be compared with.
  public init(_ throughput: Throughput, comparedWith earlier: Throughput? = nil) {
    self.throughput = throughput
    self.earlier = earlier
  }

  /// The object of the schema `assay.benchmark/1`.
  public var json: JSONText {
    .object([
      ("schema", .string("assay.benchmark/1")), ("cores", .integer(throughput.coreCount)),
      ("memory_bytes_per_second", .number(throughput.memoryBandwidth.rounded())),
      (
        "results",
        .array(
          throughput.results.map { result in
            var members: [(String, JSONText)] = [
              ("name", .string(result.name)), ("title", .string(result.title)),
              ("rows", .integer(result.rowCount)), ("bytes", .integer(result.byteCount)),
              ("seconds", .number(result.seconds)),
              ("rows_per_second", .number(result.rowsPerSecond.rounded())),
              ("bytes_per_second", .number(result.bytesPerSecond.rounded())),
              ("share_of_memory", .number(share(of: result))),
            ]
            if earlier != nil { members.append(("speedup", JSONText(speedup(of: result)))) }
            return .object(members)
          })
      ),
    ])
  }

  /// Reads what ``json`` wrote.
  ///
  /// - Throws: `InputError` if it is none.
  public static func throughput(
    of bytes: [UInt8], at place: Place
  ) throws(InputError) -> Throughput {
    let root = try JSONDocument(bytes, from: place, limits: .standard).root
    func number(_ value: JSON?) -> Double? { value?.number?.value }
    guard root["schema"]?.string == "assay.benchmark/1", let cores = number(root["cores"]),
      let bandwidth = number(root["memory_bytes_per_second"]),
      let elements = root["results"]?.array
    else { throw .notJSON(place, reason: "it is no result of 'assay benchmark --save'") }
    var results: [Throughput.Result] = []
    for element in elements {
      guard let name = element["name"]?.string, let title = element["title"]?.string,
        let rows = number(element["rows"]), let bytes = number(element["bytes"]),
        let seconds = number(element["seconds"]), seconds > 0,
        (0...0x1p53).contains(rows), (0...0x1p53).contains(bytes)
      else { throw .notJSON(place, reason: "a result of it is not complete") }
      results.append(
        Throughput.Result(
          name: name, title: title, rowCount: Int(rows), byteCount: Int(bytes), seconds: seconds))
    }
    guard (1...0x1p20).contains(cores) else {
      throw .notJSON(place, reason: "it has no number of cores")
    }
    return Throughput(
      coreCount: Int(cores), memoryBandwidth: bandwidth, results: results)
  }

  /// The report for people.
  public var document: ReportDocument {
    var document = ReportDocument()
    document.blocks.append(
      .facts([
        ("Cores", ReportDocument.Cell("\(throughput.coreCount)")),
        ("Memory", ReportDocument.Cell("\(Self.amount(throughput.memoryBandwidth))B/s read")),
      ]))
    var columns: [(title: String, alignment: ReportDocument.Alignment)] = [
      ("job", .left), ("rows", .right), ("seconds", .right), ("rows/s", .right), ("B/s", .right),
      ("of memory", .right),
    ]
    if earlier != nil { columns.append(("speed-up", .right)) }
    document.blocks.append(
      .table(
        columns: columns,
        rows: throughput.results.map { result in
          var cells: [ReportDocument.Cell] = [
            ReportDocument.Cell(result.title), ReportDocument.Cell("\(result.rowCount)"),
            ReportDocument.Cell(Self.digits(result.seconds)),
            ReportDocument.Cell(Self.amount(result.rowsPerSecond)),
            ReportDocument.Cell(Self.amount(result.bytesPerSecond)),
            ReportDocument.Cell(Self.digits(100 * share(of: result)) + " %"),
          ]
          if earlier != nil {
            let speedup = speedup(of: result)
            cells.append(
              ReportDocument.Cell(
                speedup.map { Self.digits($0) + "x" } ?? "–",
                speedup.map { $0 < 0.9 ? .bad : $0 > 1.1 ? .good : .plain } ?? .plain))
          }
          return cells
        }))
    return document
  }

  /// A row for each job.
  public var table: FlatTable {
    FlatTable(
      columns: ["name", "rows", "bytes", "seconds", "rows_per_second", "bytes_per_second"],
      rows: throughput.results.map { result in
        [
          result.name, "\(result.rowCount)", "\(result.byteCount)", result.seconds.shortest,
          result.rowsPerSecond.rounded().shortest, result.bytesPerSecond.rounded().shortest,
        ]
      })
  }

  private func share(of result: Throughput.Result) -> Double {
    result.bytesPerSecond / throughput.memoryBandwidth
  }

  /// How many times as many rows in a second as before; `nil` for what was not measured before.
  private func speedup(of result: Throughput.Result) -> Double? {
    guard let before = earlier?.results.first(where: { $0.name == result.name }) else {
      return nil
    }
    return result.rowsPerSecond / before.rowsPerSecond
  }

  /// Three digits.
  private static func digits(_ number: Double) -> String {
    var scale = 1.0
    while abs(number) * scale < 100, scale < 1e9 { scale *= 10 }
    return ((number * scale).rounded() / scale).shortest
  }

  /// Three digits and a thousand's power: `1.23 G`.
  private static func amount(_ number: Double) -> String {
    for (size, name) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")] where number >= size {
      return "\(digits(number / size)) \(name)"
    }
    return digits(number) + " "
  }
}
