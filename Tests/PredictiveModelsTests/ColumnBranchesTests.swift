import DataTables
import PredictiveModels
import Testing

@Suite struct ColumnBranchesTests {
  private static func encoder(_ texts: [String]) throws -> CategoryEncoding {
    let codes = texts.enumerated().map { (Category.text($1), CategoryEncoding.Code.place($0)) }
    return try CategoryEncoding(
      name: "Encoder",
      columns: [
        CategoryEncoding.Column(
          width: texts.count, codes: Dictionary(codes) { first, _ in first }, unknown: .refused,
          isText: true)
      ], acceptsMissingValues: true)
  }

  private static func filling(_ text: String) throws -> Imputation {
    try Imputation(name: "Filler", fillings: [.text(text)], placeholder: .missing, indicated: [])
  }

  private static func matrix(_ values: [Double], columns: Int) -> FeatureMatrix {
    var matrix = FeatureMatrix(values: values, columnCount: columns)
    matrix.texts = ["red", "blue"]
    return matrix
  }

  @Test func outputsStandOneBesideAnother() throws {
    let branches = try ColumnBranches(
      name: "Branches",
      branches: [
        ColumnBranches.Branch(columns: [2], step: Self.encoder(["red", "blue"])),
        ColumnBranches.Branch(columns: [0], step: nil, weight: 10),
      ], columnCount: 4)
    var matrix = Self.matrix([1, 7, 0, 9, 2, 7, 1, 9], columns: 4)
    try branches.transform(&matrix)
    #expect(matrix.values == [1, 0, 10, 0, 1, 20] && matrix.columnCount == 3)
    #expect(branches.textColumns == [2] && branches.ignoredColumns == [1, 3])
  }

  @Test func columnsThatBecomeTextsAreTexts() throws {
    // The second step takes as text what the first one lets through.
    let first = try ColumnBranches(
      name: "First",
      branches: [
        ColumnBranches.Branch(columns: [1], step: nil),
        ColumnBranches.Branch(columns: [2], step: Self.filling("blue")),
      ], columnCount: 3)
    let second = try ColumnBranches(
      name: "Second", branches: [ColumnBranches.Branch(columns: [0], step: Self.encoder(["red"]))],
      columnCount: 2)
    let sequence = try StepSequence([first, second])
    #expect(sequence.textColumns == [1, 2] && sequence.texts == ["blue"])
    #expect(sequence.ignoredColumns == [0])
  }

  @Test func unknownTextsAreRefusedByName() throws {
    var matrix = Self.matrix([0, 1], columns: 1)
    #expect(
      throws: PredictionError.unknownCategory(row: 2, column: "1", value: "blue", step: "Encoder")
    ) { try Self.encoder(["red"]).transform(&matrix) }
  }

  @Test func stepsMustFitTheirColumns() {
    for columns in [[], [4], [-1], [0, 1]] {
      #expect(throws: ModelError.self) {
        try ColumnBranches(
          name: "Branches",
          branches: [ColumnBranches.Branch(columns: columns, step: Self.encoder(["red"]))],
          columnCount: 4)
      }
    }
    #expect(throws: ModelError.self) {
      try ColumnBranches(name: "Branches", branches: [], columnCount: 4)
    }
  }
}
