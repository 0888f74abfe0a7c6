import DataTables
import InputReading
import TableFiles
import TestSupport
import Testing

@Suite struct PredictionFileTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private var predictions: String { folder.path + "/predictions.csv" }
  private var labels: String { folder.path + "/labels.csv" }

  /// Reads a file of predictions, and of labels where there is one.
  private func read(
    _ text: String, labels labelText: String? = nil, hasHeader: Bool = true,
    limits: Limits = .standard, _ choose: (inout PredictionColumns) -> Void = { _ in }
  ) throws -> PredictionFile {
    let path = try folder.write(text, to: "predictions.csv")
    let labelPath = try labelText.map { try folder.write($0, to: "labels.csv") }
    var columns = PredictionColumns()
    choose(&columns)
    var layout = TableLayout()
    layout.hasHeader = hasHeader
    return try PredictionFile(
      path: path, layout: layout, columns: columns, labelPath: labelPath, limits: limits)
  }

  private func uses(_ file: PredictionFile) -> [String] {
    file.usedColumns.map { "\($0.role) \($0.name)" }
  }

  // MARK: Columns

  @Test func usualNamesAreTried() throws {
    let file = try read("y_true,Score,y_pred,other\n1,0.75,0,x\n0,0.25,0,y\n")
    #expect(file.rows.classTable?.classes == [.integer(0), .integer(1)])
    #expect(file.rows.classTable?.labels == [1, 0])
    #expect(file.rows.classTable?.predictions == [0, 0])
    #expect(file.rows.classTable?.scores == [0.75, 0.25])
    #expect(file.rows.classTable?.weights == nil && file.rows.classTable?.probabilities == nil)
    #expect(uses(file) == ["label y_true", "score Score", "prediction y_pred"])
    #expect(file.warnings.isEmpty)
  }

  @Test func namedColumnsWin() throws {
    let file = try read("label,truth,score,s2,w\n0,1,0.5,0.75,2\n1,0,0.5,0.25,0\n") { columns in
      columns.label = "truth"
      columns.score = "s2"
      columns.weight = "w"
    }
    #expect(file.rows.classTable?.labels == [1, 0])
    #expect(file.rows.classTable?.scores == [0.75, 0.25])
    #expect(file.rows.classTable?.weights == [2, 0])
    #expect(uses(file) == ["label truth", "score s2", "weight w"])
  }

  @Test func columnsWithoutAHeaderGoByNumber() throws {
    let file = try read("1,0.75\n0,0.25\n", hasHeader: false) { columns in
      columns.label = "1"
      columns.score = "2"
    }
    #expect(file.rows.classTable?.labels == [1, 0])
    #expect(file.rows.classTable?.scores == [0.75, 0.25])
  }

  @Test func columnsThatAreNotThereAreNamed() {
    let place = Place(predictions)
    #expect(throws: TableError.noLabelColumn(place, columns: ["a", "score"])) {
      try read("a,score\n1,0.5\n")
    }
    #expect(throws: TableError.nothingToEvaluate(place, columns: ["label", "a"])) {
      try read("label,a\n1,0.5\n")
    }
    #expect(throws: TableError.noSuchColumn(place, name: "w", columns: ["label", "score"])) {
      try read("label,score\n1,0.5\n") { $0.weight = "w" }
    }
    #expect(throws: TableError.noSuchColumn(place, name: "b", columns: ["label", "a"])) {
      try read("label,a\n1,0.5\n") { $0.probabilities = ["a", "b"] }
    }
    #expect(throws: TableError.columnNameTwice(place, name: "score")) {
      try read("label,score,score\n1,0.5,0.5\n") { $0.score = "score" }
    }
  }

  @Test func ambiguousColumnsAreListed() {
    let place = Place(predictions)
    #expect(
      throws: TableError.ambiguousColumn(
        place, option: "--label-column", candidates: ["label", "target"])
    ) {
      try read("label,target,score\n1,1,0.5\n")
    }
    #expect(
      throws: TableError.ambiguousColumn(
        place, option: "--score-column", candidates: ["score", "prob"])
    ) {
      try read("label,score,prob\n1,0.5,0.5\n")
    }
    #expect(
      throws: TableError.ambiguousColumn(
        place, option: "--prediction-column", candidates: ["prediction", "predicted"])
    ) {
      try read("label,prediction,predicted\n1,1,1\n")
    }
  }

  @Test func oneColumnMayServeTwice() throws {
    let file = try read("label,p\n1,0\n0,1\n") { columns in
      columns.prediction = "p"
      columns.score = "p"
    }
    #expect(file.rows.classTable?.scores == [0, 1])
    #expect(file.rows.classTable?.predictions == [0, 1])
  }

  @Test func filesWithoutRowsAreRefused() {
    #expect(throws: TableError.noRows(Place(predictions))) { try read("label,score\n") }
    #expect(throws: TableError.empty(Place(predictions))) { try read("") }
  }

  // MARK: Values

  @Test func negativeWeightsAreRefused() {
    let place = Place(predictions, .row(2, column: "w"))
    #expect(throws: TableError.negativeWeight(place, found: "-0.5", count: 2)) {
      try read("label,score,w\n1,0.5,1\n0,0.5,-0.5\n0,0.5,-1\n") { $0.weight = "w" }
    }
    #expect(throws: TableError.notANumber(place, found: "", .empty, count: 1)) {
      try read("label,score,w\n1,0.5,1\n0,0.5,\n") { $0.weight = "w" }
    }
    #expect(throws: TableError.notANumber(place, found: "inf", .notFinite, count: 1)) {
      try read("label,score,w\n1,0.5,1\n0,0.5,inf\n") { $0.weight = "w" }
    }
  }

  @Test func weightsOfZeroAreWeights() throws {
    let file = try read("label,score,w\n1,0.5,0\n0,0.5,-0\n") { $0.weight = "w" }
    #expect(file.rows.classTable?.weights == [0, 0])
  }

  @Test func scoresTakenForPredictionsAreRecognised() {
    let place = Place(predictions, .row(2, column: "prediction"))
    #expect(throws: TableError.predictionsAreScores(place, found: "0.75")) {
      try read("label,prediction\n1,1.0\n0,0.75\n")
    }
    #expect(
      throws: TableError.notALabel(
        Place(predictions, .row(1, column: "label")), found: "0.5", .fractional, count: 1)
    ) {
      try read("label,prediction\n0.5,1\n0,1\n")
    }
  }

  @Test func labelsAndPredictionsOfDifferentKindsAreRefused() {
    #expect(
      throws: TableError.differentKinds(
        Place(predictions), label: .text("cat"), prediction: .integer(0))
    ) {
      try read("label,prediction\ncat,0\ndog,1\n")
    }
  }

  @Test func labelsOfMixedKindsGoTogether() throws {
    let file = try read("label,prediction\n1,other\nother,1\n")
    #expect(file.rows.classTable?.classes == [.integer(1), .text("other")])
  }

  @Test func classesAreThoseOfLabelsAndPredictions() throws {
    let file = try read("label,prediction\nb,c\na,b\n")
    #expect(file.rows.classTable?.classes == [.text("a"), .text("b"), .text("c")])
    #expect(file.rows.classTable?.labels == [1, 0])
    #expect(file.rows.classTable?.predictions == [2, 1])
  }

  @Test func guessedScoresOfManyClassesAreLeftOut() throws {
    let text = "label,prediction,score\na,a,0.5\nb,b,0.5\nc,a,0.5\n"
    let file = try read(text)
    #expect(file.rows.classTable?.scores == nil)
    #expect(uses(file) == ["label label", "prediction prediction"])
    #expect(
      file.warnings == [
        "column 'score' is left out: a score tells two classes apart, and there are 3"
      ])
    #expect(try read(text) { $0.score = "score" }.rows.classTable?.scores?.count == 3)
  }

  // MARK: Probabilities

  @Test func probabilityColumnsFollowTheClasses() throws {
    let file = try read("label,pa,pb,pc\nb,0.5,0.25,0.25\na,1,0,0\nc,0,0,1\n") { columns in
      columns.probabilities = ["pc", "pb", "pa"]
    }
    #expect(file.rows.classTable?.classes == [.text("a"), .text("b"), .text("c")])
    #expect(file.rows.classTable?.probabilities == [0.25, 0.25, 0.5, 0, 0, 1, 1, 0, 0])
    #expect(file.rows.classTable?.scores == nil)
    #expect(
      uses(file) == ["label label", "probability pc", "probability pb", "probability pa"])
  }

  @Test func wholeNumberClassesMayLackRows() throws {
    let file = try read("label,p0,p1,p2\n2,0,0,1\n0,1,0,0\n") { columns in
      columns.probabilities = ["p0", "p1", "p2"]
    }
    #expect(file.rows.classTable?.classes == [.integer(0), .integer(1), .integer(2)])
    #expect(file.rows.classTable?.labels == [2, 0])
  }

  @Test func probabilityColumnsThatFitNoClassesAreRefused() {
    let place = Place(predictions)
    #expect(throws: TableError.probabilityColumnCount(place, columns: 2, labels: 3)) {
      try read("label,p0,p1\n0,1,0\n1,0,1\n2,1,0\n") { $0.probabilities = ["p0", "p1"] }
    }
    #expect(throws: TableError.probabilityColumnCount(place, columns: 3, labels: 2)) {
      try read("label,p0,p1,p2\na,1,0,0\nb,0,1,0\n") { $0.probabilities = ["p0", "p1", "p2"] }
    }
    #expect(throws: TableError.probabilityColumnCount(place, columns: 3, labels: 2)) {
      try read("label,p0,p1,p2\n1,1,0,0\n3,0,1,0\n") { $0.probabilities = ["p0", "p1", "p2"] }
    }
  }

  // MARK: A file of labels

  @Test func labelsInASecondFileMatchByRow() throws {
    let file = try read("score,label\n0.25,9\n0.75,9\n", labels: "truth\n0\n1\n")
    #expect(file.rows.classTable?.labels == [0, 1])
    #expect(file.rows.classTable?.classes == [.integer(0), .integer(1)])
    #expect(uses(file) == ["label truth of \(labels)", "score score"])
  }

  @Test func labelsInASecondFileMatchByID() throws {
    let file = try read("id,score\na,0.25\nb,0.75\n", labels: "label,id\n1,b\n0,a\n1,unused\n") {
      columns in
      columns.id = "id"
    }
    #expect(file.rows.classTable?.labels == [0, 1])
    #expect(file.rows.classTable?.scores == [0.25, 0.75])
  }

  @Test func labelsOfUnusedRowsCreateNoClass() throws {
    let file = try read(
      "id,prediction\na,no\nb,yes\n", labels: "id,label\nc,maybe\nb,yes\na,no\n"
    ) { columns in
      columns.id = "id"
    }
    #expect(file.rows.classTable?.classes == [.text("no"), .text("yes")])
    #expect(file.rows.classTable?.labels == [0, 1])
    #expect(file.rows.classTable?.predictions == [0, 1])
  }

  @Test func filesOfDifferentLengthsAreRefused() {
    #expect(
      throws: TableError.differentLengths(
        Place(predictions), rows: 2, other: labels, otherRows: 3)
    ) {
      try read("score\n0.25\n0.75\n", labels: "label\n0\n1\n1\n")
    }
  }

  @Test func idsThatAreThereMustBeUsed() {
    #expect(throws: TableError.unusedIDs(Place(predictions), column: "id")) {
      try read("id,score\na,0.25\nb,0.75\n", labels: "id,label\nb,1\na,0\n")
    }
  }

  @Test func idsStandOnceAndHaveLabels() {
    let id: (inout PredictionColumns) -> Void = { $0.id = "id" }
    #expect(
      throws: TableError.duplicateID(Place(predictions, .row(2, column: "id")), id: "a", count: 2)
    ) {
      try read("id,score\na,0.25\na,0.75\na,1\n", labels: "id,label\na,1\nb,0\n", id)
    }
    #expect(
      throws: TableError.duplicateID(Place(labels, .row(3, column: "id")), id: "a", count: 1)
    ) {
      try read("id,score\na,0.25\nb,0.75\n", labels: "id,label\na,1\nb,0\na,1\n", id)
    }
    #expect(
      throws: TableError.unknownID(
        Place(predictions, .row(2, column: "id")), id: "c", other: labels, count: 2)
    ) {
      try read("id,score\na,0.25\nc,0.75\nd,0\n", labels: "id,label\na,1\nb,0\n", id)
    }
    #expect(
      throws: TableError.noSuchColumn(Place(labels), name: "id", columns: ["label", "x"])
    ) {
      try read("id,score\na,0.25\n", labels: "label,x\n1,a\n", id)
    }
  }

  /// Reads predictions and labels that are matched by ids, of which some may be left out.
  private func match(
    _ text: String, _ labelText: String, _ matching: LabelMatching, slice: String? = nil
  ) throws -> PredictionFile {
    var columns = PredictionColumns()
    columns.id = "id"
    columns.slices = slice.map { [[$0]] } ?? []
    return try PredictionFile(
      TableInput(path: try folder.write(text, to: "predictions.csv")), columns: columns,
      labels: TableInput(path: try folder.write(labelText, to: "labels.csv")), matching: matching)
  }

  @Test func rowsWithoutLabelsAreLeftOutWhereThatIsAllowed() throws {
    let file = try match(
      "id,prediction,region\nx,only,eu\na,no,eu\nb,yes,us\ny,yes,as\n",
      "id,label\nb,no\nc,maybe\na,no\n", LabelMatching(allowsUnmatched: true), slice: "region")
    #expect(file.rows.classTable?.classes == [.text("no"), .text("yes")])
    #expect(file.rows.classTable?.labels == [0, 0])
    #expect(file.rows.classTable?.predictions == [0, 1])
    #expect(file.slicings.first?.values == [["eu"], ["us"]])
    #expect(
      file.warnings == [
        "2 of 4 rows in \(predictions) are left out: their ids have no label in \(labels)",
        "1 of 3 labels in \(labels) have no prediction",
      ])
    #expect(
      throws: TableError.unknownID(
        Place(predictions, .row(1, column: "id")), id: "x", other: labels, count: 1)
    ) {
      try match("id,score\nx,1\n", "id,label\na,1\n", LabelMatching(allowsUnmatched: true))
    }
  }

  @Test func theFirstOfEqualIDsCountsWhereThatIsAllowed() throws {
    let file = try match(
      "id,score\na,0.25\nb,0.75\na,0.5\na,1\n", "id,label\nb,1\na,0\nb,0\n",
      LabelMatching(allowsDuplicates: true))
    #expect(file.rows.classTable?.labels == [0, 1])
    #expect(file.rows.classTable?.scores == [0.25, 0.75])
    #expect(
      file.warnings == [
        "2 of 4 rows in \(predictions) are left out: an earlier row has the same id",
        "1 of 3 labels in \(labels) are left out: an earlier row has the same id",
      ])
  }

  /// Matching against a twin that looks for each id in turn.
  @Test(arguments: 0..<20 as Range<UInt64>)
  func idsAreMatchedAsBySearching(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    func rows(_ count: Int) -> [(id: Int, label: Int)] {
      (0..<count).map { _ in
        (Int.random(in: 0...15, using: &random), Int.random(in: 0...1, using: &random))
      }
    }
    let (scores, truths) = (rows(12), [(id: 1, label: 1)] + rows(12))
    let first = scores.enumerated().filter { row, own in
      !scores.prefix(row).contains { $0.id == own.id }
    }.map(\.element)
    let expected = first.compactMap { own in
      truths.first { $0.id == own.id }.map { (own.label, $0.label) }
    }
    guard !expected.isEmpty else { return }
    let file = try match(
      "id,prediction\n" + scores.map { "\($0.id),\($0.label)\n" }.joined(),
      "id,label\n" + truths.map { "\($0.id),\($0.label)\n" }.joined(),
      LabelMatching(allowsUnmatched: true, allowsDuplicates: true))
    let table = try #require(file.rows.classTable)
    let names = table.classes.map(\.description)
    #expect(table.predictions?.map { names[Int($0)] } == expected.map { "\($0.0)" })
    #expect(table.labels.map { names[Int($0)] } == expected.map { "\($0.1)" })
  }

  @Test func labelsOfRowsLeftOutCreateNoClass() throws {
    let path = try folder.write("label,score\nspam,0.5\nham,0.25\neggs,x\n")
    let file = try PredictionFile(TableInput(path: path), dropsInvalidRows: true)
    #expect(file.rows.classTable?.classes == [.text("ham"), .text("spam")])
    #expect(file.rows.classTable?.labels == [1, 0])
  }

  @Test func theColumnOfLabelsMustBeKnown() {
    #expect(throws: TableError.noLabelColumn(Place(labels), columns: ["a", "b"])) {
      try read("score\n0.25\n", labels: "a,b\n0,1\n")
    }
    #expect(throws: TableError.input(.notFound(folder.path + "/missing"))) {
      try PredictionFile(path: predictions, labelPath: folder.path + "/missing")
    }
  }

  // MARK: Whole files

  @Test func sampleFilesAreRead() throws {
    for (name, classes) in [("breast-cancer", 2), ("iris-tree", 3)] {
      let file = try PredictionFile(path: dataset("\(name)/predictions.csv"))
      #expect(file.rows.classTable?.classes.count == classes, "\(name)")
      #expect(file.rows.classTable?.predictions?.count == file.rows.classTable?.rowCount, "\(name)")
    }
  }

  @Test func everyTruncationIsReadOrRefused() throws {
    let text = "label,prediction,score,w\r\n1,\"1\",0.75,1\r\n0,true,.25,2e0\r\n"
    for count in 0..<text.utf8.count {
      let path = try folder.write(text.utf8.prefix(count), to: "predictions.csv")
      do throws(TableError) {
        var columns = PredictionColumns()
        columns.weight = "w"
        let table = try PredictionFile(path: path, columns: columns).rows
        #expect(table.rowCount <= 2 && table.classTable?.classes.count ?? 0 <= 2, "\(count) bytes")
      } catch {
        #expect(!error.diagnostic.description.isEmpty)
      }
    }
  }

  @Test func largeFilesAreReadWhole() throws {
    var random = SplitMix64(seed: 11)
    var (labels, scores): ([Int32], [Double]) = ([], [])
    var text = "score,label\n"
    for _ in 0..<60_000 {
      labels.append(labels.isEmpty ? 0 : Int32.random(in: 0...1, using: &random))
      scores.append(Double.random(in: 0...1, using: &random))
      text += "\(scores[scores.count - 1]),\(labels[labels.count - 1])\n"
    }
    let table = try #require(read(text).rows.classTable)
    #expect(table.labels == labels)
    #expect(table.scores == scores)
  }
}
