import DataTables
import PredictiveModels
import TestSupport
import Testing

extension Model {
  /// Predicts rows, and sees to it that the same rows among many are predicted alike: to the bit where
  /// trees predict, and almost where sums of features do.
  func predictAlsoInBlocks(_ features: FeatureMatrix) throws -> ModelOutput {
    let output = try predict(features)
    guard features.rowCount > 0 else { return output }
    let copies = 600 / features.rowCount + 1
    var many = features
    many.values = (0..<copies).flatMap { _ in features.values }
    let outputs = try predict(many)
    for (few, many) in zip(output.targets, outputs.targets) {
      expectRepeated(few.codes?.map(Double.init), many.codes?.map(Double.init))
      expectRepeated(few.numbers, many.numbers)
      expectRepeated(few.probabilities, many.probabilities)
      expectRepeated(few.decisions, many.decisions)
    }
    return output
  }

  private func expectRepeated(_ few: [Double]?, _ many: [Double]?) {
    guard let few, let many else {
      #expect(few == many)
      return
    }
    #expect(many.count % max(few.count, 1) == 0)
    let isExact = predictor.treeCount != nil
    let first = many.indices.first { index in
      let expected = few[index % few.count]
      return isExact
        ? expected.bitPattern != many[index].bitPattern : !isClose(many[index], expected)
    }
    #expect(first == nil, "\(predictor.name), value \(first ?? 0)")
  }
}
