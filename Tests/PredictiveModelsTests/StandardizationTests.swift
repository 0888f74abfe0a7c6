import DataTables
import PredictiveModels
import Testing

@Suite struct StandardizationTests {
  private func scaled(
    _ values: [Double], means: [Double]?, scales: [Double]?
  ) throws -> [Double] {
    var features = FeatureMatrix(values: values, columnCount: 2)
    try Standardization(name: "Scaler", means: means, scales: scales, columnCount: 2)
      .apply(to: &features)
    return features.values
  }

  @Test func meansAreSubtractedAndScalesDivide() throws {
    let values: [Double] = [1, 20, 3, 40]
    #expect(try scaled(values, means: [1, 10], scales: [2, 5]) == [0, 2, 1, 6])
    #expect(try scaled(values, means: nil, scales: [2, 5]) == [0.5, 4, 1.5, 8])
    #expect(try scaled(values, means: [1, 10], scales: nil) == [0, 10, 2, 30])
    #expect(try scaled(values, means: nil, scales: nil) == values)
  }

  /// Dividing is not multiplying by the inverse.
  @Test func everyResultIsRoundedTwice() throws {
    #expect(
      try scaled([0.3, 1], means: [0.1, 0], scales: [0.7, 49]) == [(0.3 - 0.1) / 0.7, 1 / 49])
  }

  @Test func missingValuesStayMissing() throws {
    let values = try scaled([.nan, 1], means: [1, 1], scales: [2, 2])
    #expect(values[0].isNaN && values[1] == 0)
  }

  @Test func widthsStayWhatTheyAre() throws {
    let step = try Standardization(name: "Scaler", means: nil, scales: nil, columnCount: 7)
    #expect(step.name == "Scaler" && step.inputCount == 7 && step.outputCount == 7)
  }

  @Test func listsMustHaveANumberForEachColumn() {
    let error = ModelError.badShape("Scaler has 1 numbers for 2 columns")
    #expect(throws: error) { try scaled([1, 2], means: [1], scales: nil) }
    #expect(throws: error) { try scaled([1, 2], means: [1, 1], scales: [1]) }
  }

  @Test(arguments: [Double.nan, .infinity])
  func numbersMustBeFinite(number: Double) {
    let error = ModelError.badNumber("Scaler has a number that is not finite")
    #expect(throws: error) { try scaled([1, 2], means: [1, number], scales: nil) }
    #expect(throws: error) { try scaled([1, 2], means: nil, scales: [number, 1]) }
  }

  @Test(arguments: [0.0, -0.0])
  func zeroDividesNothing(zero: Double) {
    #expect(throws: ModelError.badNumber("Scaler divides by 0")) {
      try scaled([1, 2], means: nil, scales: [1, zero])
    }
  }
}
