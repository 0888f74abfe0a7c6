import InputReading
import Testing

@testable import TableFiles

@Suite struct ColumnRoleTests {
  private let place = Place("p.csv")

  @Test func usualNamesAreFoundInAnyCase() throws {
    for role in [ColumnRole.label, .score, .prediction, .id] {
      for name in role.usualNames {
        #expect(try role.index(in: ["a", name, "b"], named: nil, at: place) == 1, "\(name)")
        #expect(try role.index(in: [name.uppercased()], named: nil, at: place) == 0, "\(name)")
      }
      #expect(try role.index(in: ["a", "b"], named: nil, at: place) == nil)
    }
  }

  @Test func probabilitiesAndWeightsAreNeverGuessed() throws {
    let columns = ["weight", "sample_weight", "p0", "probability_0", "proba"]
    #expect(try ColumnRole.weight.index(in: columns, named: nil, at: place) == nil)
    #expect(try ColumnRole.probability.index(in: columns, named: nil, at: place) == nil)
  }

  @Test func namedColumnsAreFoundAsTheyAreWritten() throws {
    let columns = ["a", "A", "label", "b", "b"]
    #expect(try ColumnRole.label.index(in: columns, named: "A", at: place) == 1)
    #expect(throws: TableError.noSuchColumn(place, name: "Label", columns: columns)) {
      try ColumnRole.label.index(in: columns, named: "Label", at: place)
    }
    #expect(throws: TableError.columnNameTwice(place, name: "b")) {
      try ColumnRole.label.index(in: columns, named: "b", at: place)
    }
  }

  @Test func severalUsualNamesAreAmbiguous() {
    let columns = ["Label", "x", "y_true"]
    #expect(
      throws: TableError.ambiguousColumn(
        place, option: "--label-column", candidates: ["Label", "y_true"])
    ) {
      try ColumnRole.label.index(in: columns, named: nil, at: place)
    }
  }

  @Test func noNameIsUsualForTwoRoles() {
    let names = [ColumnRole.label, .score, .prediction, .id].flatMap(\.usualNames)
    #expect(Set(names).count == names.count)
  }

  @Test func sharedColumnsAreThoseOfBothFiles() {
    #expect(ColumnRole.id.index(sharedBy: ["a", "id"], ["id", "label"]) == "id")
    #expect(ColumnRole.id.index(sharedBy: ["a", "id"], ["label"]) == nil)
    #expect(ColumnRole.id.index(sharedBy: ["a"], ["id"]) == nil)
  }
}
