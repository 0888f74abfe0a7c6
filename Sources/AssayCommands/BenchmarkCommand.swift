internal import ArgumentParser
internal import EvaluationMetrics
internal import Foundation
internal import InputReading
internal import ModelArtifacts
internal import DataTables
internal import OutputWriting
internal import PredictiveModels
internal import Reports
internal import TableFiles
internal import Throughput
internal import Verification

/// The command `assay benchmark`.
struct BenchmarkCommand: LimitedCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract: "Measures how many rows this machine reads, evaluates and predicts in a second.",
    discussion: """
      Without a file, rows of two classes with scores are made. Every job's fastest run counts, and \
      stands beside the rate at which this machine reads memory.

      Examples:
        assay benchmark
        assay benchmark predictions.csv --artifact model.tar.gz
        assay benchmark --save before.json
        assay benchmark --compare before.json

      Exit status: 0 done, 2 could not be measured, 64 wrong usage.
      """)

  @Argument(help: "A prediction file, as 'assay metrics' takes it.")
  var file: String?

  @Option(
    parsing: .unconditional,
    help: "Rows that are made, of predictions and of features (default: 1000000).",
    transform: Word.rowCount)
  var rows: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "An artifact whose model predicts rows of random features.", valueName: "artifact"))
  var artifact: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Keep the figures in this file, for --compare.", valueName: "file"))
  var save: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Compare with the figures of an earlier run.", valueName: "file"))
  var compare: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The positive class of the file's labels.", valueName: "label"),
    transform: Word.label)
  var positiveLabel: Label?

  @OptionGroup(title: "Model") var trees: TreeOptions
  @OptionGroup(title: "Columns") var columns: ColumnOptions
  @OptionGroup(title: "Limits") var limits: LimitOptions
  @OptionGroup(title: "Report") var report: ReportOptions<ThroughputReport>

  func validate() throws {
    if save?.isEmpty == true { throw ValidationError("--save names no file") }
  }

  func answer(on screen: Screen) throws -> Answer {
    let earlier = try compare.map { path in
      try ThroughputReport.throughput(
        of: InputFile.bytes(of: path, limit: limits.limits.textSize), at: Place(path))
    }
    let model = try artifact.map { try Artifact.model(at: $0, trees: trees, limits: limits.limits) }
    let rowCount = rows ?? 1_000_000
    var throughput = Throughput()
    if let file {
      try measure(file, &throughput)
    } else {
      let path = FileManager.default.temporaryDirectory.path + "/assay-\(getpid()).csv"
      try UnfinishedFiles.with(path) {
        defer { try? OutputFile.remove(path) }
        try OutputFile.write(toFile: path) { write in
          var sample = SamplePredictions()
          try write(SamplePredictions.header)
          for start in stride(from: 0, to: rowCount, by: 1 << 16) {
            try write(sample.rows(min(1 << 16, rowCount - start)))
          }
        }
        try measure(path, &throughput)
      }
    }
    if let model {
      do throws(PredictionError) {
        try throughput.timePredictions(of: model, rowCount: rowCount)
      } catch {
        throw VerificationError.prediction(
          error, Place("random features"), features: model.featureNames)
      }
    }
    if let save { try OutputFile.write(ThroughputReport(throughput).json.text, toFile: save) }
    let made = ThroughputReport(throughput, comparedWith: earlier)
    return report.answer(made, isNo: false, on: screen)
  }

  private func measure(_ path: String, _ throughput: inout Throughput) throws {
    let size = try InputFile.size(of: path)
    let rows: PredictionRows
    do throws(TableError) {
      rows = try throughput.timeReading(
        path, byteCount: size, columns: columns.columns(), limits: limits.limits)
    } catch { throw VerificationError.table(error) }
    do throws(EvaluationError) {
      try throughput.timeMetrics(of: rows, positiveLabel: positiveLabel)
    } catch { throw VerificationError.evaluation(error, Place(path)) }
  }
}
