import DataTables
import TestSupport
import Testing

@testable import PredictiveModels

@Suite struct DenseNetworkTests {
  private func rows(_ count: Int, _ width: Int) -> FeatureMatrix {
    var random = SplitMix64(seed: UInt64(width))
    return FeatureMatrix(
      values: (0..<count * width).map { _ in Double.random(in: -3...3, using: &random) },
      columnCount: width)
  }

  /// Sums written out, in single precision.
  @Test func sumsAreThoseOfTheWeights() throws {
    let weights: [Float] = [0.5, -1, 2, 0.25, 3, -0.125]
    let network = try DenseNetwork(
      layers: [
        .dense(weights: weights, biases: [1, -1], inputCount: 3),
        .activation(.rectified()),
        .affine(means: [0.5], factors: [2, 4], offsets: [1]),
      ], featureCount: 3)
    let features = rows(5_000, 3)
    let scores = network.scores(of: features)
    #expect(network.scoreCount == 2)
    #expect(scores.count == 10_000)
    for row in 0..<features.rowCount {
      let values = features[row: row].map { Float($0) }
      for output in 0..<2 {
        var sum: Float = output == 0 ? 1 : -1
        for input in 0..<3 { sum += values[input] * weights[output * 3 + input] }
        let expected = (max(sum, 0) - 0.5) * (output == 0 ? 2 : 4) + 1
        #expect(abs(scores[row * 2 + output] - Double(expected)) < 1e-5)
      }
    }
  }

  @Test(arguments: [
    (DenseNetwork.Activation.rectified(negativeSlope: 0.5, ceiling: 2, threshold: 1), 3.0, 2.0),
    (.rectified(negativeSlope: 0.5, ceiling: 2, threshold: 1), 0, -0.5),
    (.rectified(), -.infinity, 0), (.sigmoid, 0, 0.5), (.sigmoid, -1_000, 0),
    (.hardSigmoid(slope: 0.2), 1, 0.7), (.hardSilu(slope: 0.25), 1, 0.75), (.silu, 0, 0),
    (.exponentialLinear(alpha: 2), 3, 3), (.gelu(isApproximate: false), 0, 0),
    (.gelu(isApproximate: true), 20, 20), (.softplus, 1_000, 1_000), (.softplus, -1_000, 0),
    (.softsign, -1, -0.5), (.exponential, 0, 1), (.mish, 1_000, 1_000),
  ])
  func functionsHaveTheirValues(
    activation: DenseNetwork.Activation, x: Double, expected: Double
  ) throws {
    let network = try DenseNetwork(layers: [.activation(activation)], featureCount: 1)
    let scores = network.scores(of: FeatureMatrix(values: [x], columnCount: 1))
    #expect(abs(scores[0] - expected) < 1e-7)
  }

  @Test func sharesAddUpToOne() throws {
    let network = try DenseNetwork(layers: [.activation(.softmax)], featureCount: 3)
    let logarithms = try DenseNetwork(layers: [.activation(.logSoftmax)], featureCount: 3)
    let features = FeatureMatrix(values: [1_000, 1_000, -1_000, 1, 2, 3], columnCount: 3)
    let shares = network.scores(of: features)
    #expect(shares[0] == 0.5 && shares[2] == 0)
    #expect(abs(shares[3...].reduce(0, +) - 1) < 1e-6)
    #expect(abs(logarithms.scores(of: features)[0] + 0.6931471805599453) < 1e-6)
  }

  @Test func layersThatDoNotFitAreErrors() {
    func error(_ layers: [DenseNetwork.Layer], _ count: Int = 2) -> ModelError? {
      do throws(ModelError) {
        _ = try DenseNetwork(layers: layers, featureCount: count)
        return nil
      } catch {
        return error
      }
    }
    #expect(error([], 0) == .badShape("the network has no inputs"))
    #expect(error([.dense(weights: [1, 2, 3], biases: nil, inputCount: 2)]) != nil)
    #expect(error([.dense(weights: [1, 2, 3], biases: nil, inputCount: 3)]) != nil)
    #expect(error([.dense(weights: [1, 2], biases: [1, 2], inputCount: 2)]) != nil)
    #expect(error([.affine(means: [0], factors: [1, 1, 1], offsets: [0])]) != nil)
    let nan = error([.dense(weights: [1, .nan], biases: nil, inputCount: 2)])
    #expect(nan == .badNumber("layer 1 has a weight that is not finite"))
  }
}
