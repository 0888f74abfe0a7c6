// Times a model's predictions in memory: EngineTimes ARTIFACT FEATURES.npy [TURNS]. Prints the seconds
// of the fastest turn for all rows, and those of one row predicted by itself.
import Assay
import Glibc

let arguments = CommandLine.arguments
guard arguments.count == 3 || arguments.count == 4 else {
  print("usage: EngineTimes ARTIFACT FEATURES.npy [TURNS]")
  exit(64)
}
let artifact = try Artifact(path: arguments[1])
guard let model = artifact.model else {
  print(artifact.fault?.message ?? "there is no model")
  exit(2)
}

func readFeatures(of model: Model, at path: String) throws -> FeatureMatrix {
  let file = try FeatureFile(path: path)
  let columns = try model.featureColumns(in: file.columns)
  return try file.read(features: columns).features
}
let features = try readFeatures(of: model, at: arguments[2])
let clock = ContinuousClock()

/// The fastest of some turns, in seconds.
func fastest(of turns: Int, _ body: () throws -> Void) rethrows -> Double {
  var seconds = Double.infinity
  for _ in 0..<turns {
    let duration = try clock.measure(body)
    seconds = min(seconds, duration / .seconds(1))
  }
  return seconds
}

var rowCount = 0
let all = try fastest(of: arguments.count == 4 ? Int(arguments[3]) ?? 3 : 3) {
  rowCount = try model.predict(features).rowCount
}
precondition(rowCount == features.rowCount, "a prediction a row")
let rows = (0..<min(1_000, rowCount)).map { row in
  FeatureMatrix(
    names: features.names, values: Array(features[row: row]), columnCount: features.columnCount)
}
let one = try fastest(of: 5) {
  for row in rows { rowCount = try model.predict(row).rowCount }
}
print(all, one / Double(rows.count))
