// Times one job in memory: MetricTimes JOB ROWS. Prints the seconds of its fastest run of three, and
// the bytes of memory that it took beyond its input at most.
import Assay
import BenchmarkInputs
import Glibc

/// A line of `/proc/self/status`, in bytes.
func status(_ name: String) -> Int {
  guard let file = fopen("/proc/self/status", "r") else { return 0 }
  defer { fclose(file) }
  var line = [CChar](repeating: 0, count: 256)
  while fgets(&line, Int32(line.count), file) != nil {
    let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    let parts = text.split { $0 == ":" || $0 == " " || $0 == "\t" }
    if let first = parts.first, first == name, parts.count > 1 { return (Int(parts[1]) ?? 0) << 10 }
  }
  return 0
}

/// Lets the highest mark of memory begin anew at what is in use.
func forgetPeak() {
  guard let file = fopen("/proc/self/clear_refs", "w") else { return }
  fputs("5", file)
  fclose(file)
}

/// What is timed.
enum Job: String {
  case area = "roc_auc"
  case counts
  case binary
  case report
  case bootstrap

  /// One run; the number returned keeps it from being left out.
  func run(_ rows: Rows) throws -> Double {
    let classes = (0..<(self == .report ? 10 : 2)).map { Label.integer(Int64($0)) }
    switch self {
    case .area:
      return RankedScores(labels: rows.labels, positive: 1, scores: rows.scores).rocArea ?? -1
    case .counts:
      var matrix = ConfusionMatrix(classCount: 2)
      matrix.add(labels: rows.labels, predictions: rows.predictions)
      return matrix.accuracy + matrix.precision(of: 1).value + matrix.recall(of: 1).value
        + matrix.f1(of: 1).value
    case .binary:
      let table = PredictionTable(classes: classes, labels: rows.labels, scores: rows.scores)
      return try Evaluation(of: table)["average_precision"]?.number ?? -1
    case .report:
      let table = PredictionTable(
        classes: classes, labels: rows.labels, predictions: rows.predictions)
      return try Evaluation(of: table).classReports[9].f1
    case .bootstrap:
      let metrics = ["accuracy", "precision", "recall", "f1", "roc_auc"].compactMap(Metric.named)
      let table = PredictionTable(classes: classes, labels: rows.labels, scores: rows.scores)
      let replicates = try Evaluation.replicates(
        of: metrics, on: .classes(table), confidence: Confidence())
      return replicates[4][999]
    }
  }
}

let arguments = CommandLine.arguments
guard arguments.count == 3, let job = Job(rawValue: arguments[1]), let count = Int(arguments[2]),
  count > 1
else {
  print("usage: MetricTimes roc_auc|counts|binary|report|bootstrap ROWS")
  exit(64)
}
let rows = Rows(count, hasTenClasses: job == .report)
let clock = ContinuousClock()
var seconds = Double.infinity
// The program's own pages, its threads among them, are not the job's.
_ = try job.run(Rows(1 << 18, hasTenClasses: job == .report))
forgetPeak()
let before = status("VmRSS")
for _ in 0..<3 {
  var result = 0.0
  let duration = try clock.measure { result = try job.run(rows) }
  precondition(result > 0, "the job has a result")
  let (whole, part) = duration.components
  seconds = min(seconds, Double(whole) + Double(part) * 1e-18)
}
print(seconds, max(status("VmHWM") - before, 0))
