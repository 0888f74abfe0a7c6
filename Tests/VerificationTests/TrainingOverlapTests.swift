internal import ModelArtifacts
internal import PredictiveModels
internal import TestSupport
internal import Testing

@testable internal import Verification

@Suite struct TrainingOverlapTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func overlap(
    _ holdout: String, _ training: String, model: Model? = nil, label: String? = nil,
    others: [String] = []
  ) throws -> TrainingOverlap {
    try TrainingOverlap(
      of: folder.write(holdout, to: "holdout.csv"),
      in: folder.write(training, to: "training.csv"), model: model, label: label, others: others)
  }

  private func rows(_ overlap: TrainingOverlap) -> [[Int]] {
    overlap.seenRows.map { [$0.row, $0.trainingRow] }
  }

  @Test func numbersAreEqualByValue() throws {
    let found = try overlap(
      "a,b,label\n1,2,0\n0.50,-0.0,1\n,3,0\n4,4,0\n",
      "label,b,a\n0,0,0.5\n1,2.0,1e0\n1,3,nan\n0,4,5\n0,2,1\n")
    #expect(rows(found) == [[1, 2], [2, 1], [3, 3]])
    #expect(found.rowCount == 4)
    #expect(found.trainingRowCount == 5)
  }

  @Test func textsAreEqualByTheirCharacters() throws {
    let found = try overlap("a,b,y\nx,1,0\nX,1,0\n\"x\",2,1\n", "a,b\nx,1.0\nx,2\n")
    #expect(rows(found) == [[1, 1], [3, 2]])
  }

  @Test func repeatedHoldoutRowsAreAllSeen() throws {
    let found = try overlap("a,label\n1,0\n2,0\n1,1\n", "a\n1\n1\n")
    #expect(rows(found) == [[1, 1], [3, 1]])
  }

  /// What is no feature does not keep rows apart; a named label that is not there is a usual one.
  @Test func labelsWeightsAndIDsDoNotCount() throws {
    let found = try overlap(
      "id,a,w,target\n9,1,2,0\n", "a\n1\n", label: "score", others: ["id", "w"])
    #expect(rows(found) == [[1, 1]])
    #expect(throws: VerificationError.self) { try overlap("id,a,label\n9,1,0\n", "a\n1\n") }
  }

  @Test func theModelSaysWhichColumnsAreFeatures() throws {
    let artifact = try Artifact(path: dataset("iris-tree/model.tar.gz"))
    let model = try #require(artifact.model)
    let header = "sepal_length,sepal_width,petal_length,petal_width"
    let found = try overlap(
      "garden,\(header),label\nold,5.1,3.5,1.4,0.2,setosa\n", "\(header)\n5.10,3.5,1.4,0.2\n",
      model: model)
    #expect(rows(found) == [[1, 1]])
    #expect(throws: VerificationError.self) {
      try overlap(
        "\(header),label\n5.1,3.5,1.4,0.2,setosa\n", "\(header)\n5.1,x,1.4,0.2\n", model: model)
    }
  }

  /// Many batches tell the same as a search of every pair.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func agreesWithASearchOfEveryPair(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    func table(_ count: Int) -> [[Int]] {
      (0..<count).map { _ in
        [Int.random(in: 0..<40, using: &random), Int.random(in: 0..<40, using: &random)]
      }
    }
    let heldOut = table(300)
    let training = table(3_000)
    func text(_ rows: [[Int]]) -> String {
      "a,b\n" + rows.map { "\($0[0]),\($0[1])\n" }.joined()
    }
    // A long column that is not asked for makes the file one of several batches.
    let padding = String(repeating: "x", count: 2_000)
    let wide = "a,pad,b\n" + training.map { "\($0[0]),\(padding),\($0[1])\n" }.joined()
    let found = try overlap(text(heldOut), wide)
    let expected = heldOut.enumerated().compactMap { index, row in
      training.firstIndex(of: row).map { [index + 1, $0 + 1] }
    }
    #expect(rows(found) == expected)
    #expect(found.trainingRowCount == 3_000)
  }
}
