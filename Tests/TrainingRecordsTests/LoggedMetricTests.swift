import InputReading
import Testing

@testable import TrainingRecords

@Suite struct LoggedMetricTests {
  // MARK: Printed numbers

  @Test(arguments: [
    ("0.905", 0.905, 1e-3), ("0.9", 0.9, 0.1), ("1.0", 1, 0.1), ("1", 1, 1), ("0", 0, 1),
    ("0.90", 0.9, 1e-2), ("-0.25", -0.25, 1e-2), ("+0.5", 0.5, 0.1), (".912", 0.912, 1e-3),
    ("9.12e-01", 0.912, 1e-3), ("9.12E-1", 0.912, 1e-3), ("1e-05", 1e-5, 1e-5), ("1.5e2", 150, 10),
    ("90", 90, 1), ("0.936289500509684", 0.936289500509684, 1e-15), ("5.", 5, 1),
  ])
  func resolutionIsTheUnitOfTheLastDigit(text: String, value: Double, resolution: Double) throws {
    let number = try #require(PrintedNumber(text))
    #expect(number.value == value && number.resolution == resolution)
  }

  @Test(arguments: [
    ("90.5", 0.905, 1e-3), ("91", 0.91, 1e-2), ("100", 1, 1e-2), ("0", 0, 1e-2),
    ("98.60", 0.986, 1e-4), ("9.05e1", 0.905, 1e-3),
  ])
  func percentagesAreHundredths(text: String, value: Double, resolution: Double) throws {
    let number = try #require(PrintedNumber(text, isPercentage: true))
    #expect(number.value == value && number.resolution == resolution)
  }

  @Test(arguments: [
    "", "-", "+", ".", "e", "1e", "e5", "1.2.3", "--1", "nan", "inf", "Infinity", "1e999", "abc",
    "1 2", " 1", "1_0",
  ])
  func otherTextsAreNoNumbers(text: String) {
    #expect(PrintedNumber(text) == nil)
  }

  @Test(arguments: [
    "0e9223372036854775807", "0e-9223372036854775808", "0.000e-9223372036854775807",
    "0e99999999999999999999", "0e-99999999999999999999", "1e-9223372036854775808", "1e-400",
  ])
  func hugeExponentsAreNumbersOrNone(text: String) {
    for isPercentage in [false, true] {
      let number = PrintedNumber(text, isPercentage: isPercentage)
      #expect(number == nil || number?.value == 0)
    }
  }

  // MARK: Shared resolution

  private func shared(_ numbers: [(Double, Double)]) -> [Double] {
    let metrics = numbers.compactMap { value, resolution in
      MetricName("accuracy").map {
        LoggedMetric(
          name: "accuracy", metric: $0, value: value, resolution: resolution,
          place: Place("metrics.json"))
      }
    }
    return metrics.withSharedResolution.map(\.resolution)
  }

  @Test func coarseNumbersAreAsFineAsTheFinestBesideThem() {
    #expect(shared([(0.905, 1e-3), (1, 0.1), (0.9, 0.1)]) == [1e-3, 1e-3, 1e-3])
    #expect(shared([(0.905, 1e-3), (0.12345, 1e-5), (1, 1)]) == [1e-3, 1e-5, 1e-5])
    #expect(shared([(1, 0), (0.95, 1e-2)]) == [1e-2, 1e-2])
  }

  @Test func withoutAFinerOneWholeNumbersAreExact() {
    #expect(shared([(1, 0.1)]) == [0])
    #expect(shared([(1, 1), (0, 1)]) == [0, 0])
    #expect(shared([(1, 0)]) == [0])
    #expect(shared([(0.9, 0.1)]) == [0.1])
    #expect(shared([(0.9, 0.1), (1, 0.1)]) == [0.1, 0])
    #expect(shared([]) == [])
  }

  @Test func linesAreThoseOfThePlace() throws {
    let metric = try #require(MetricName("f1"))
    func line(_ place: Place) -> Int? {
      LoggedMetric(name: "f1", metric: metric, value: 1, resolution: 0, place: place).line
    }
    #expect(line(Place("a", .line(7))) == 7)
    #expect(line(Place("a")) == nil && line(Place("a", .byte(7))) == nil)
  }
}
