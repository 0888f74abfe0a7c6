/// Something to look at: what is drawn, without a word about how.
public enum Figure: Sendable {
  /// Lines, dots and bars over two axes.
  case plot(Plot)
  /// A number for each pair of two lists.
  case matrix(MatrixPlot)

  /// What it shows.
  public var title: String {
    switch self {
    case .plot(let plot): plot.title
    case .matrix(let matrix): matrix.title
    }
  }

  /// What it says, in a sentence, for those who do not see it.
  var summary: String {
    switch self {
    case .plot(let plot): plot.summary
    case .matrix(let matrix): matrix.summary
    }
  }

  /// Some of its values as a table; `nil` where they are too many.
  var values:
    (
      columns: [(title: String, alignment: ReportDocument.Alignment)], rows: [[ReportDocument.Cell]]
    )?
  {
    switch self {
    case .plot(let plot): plot.values
    case .matrix(let matrix):
      (
        [(matrix.rowTitle, .left)] + matrix.names.map { ($0, .right) },
        zip(matrix.names, matrix.values).map { name, values in
          [ReportDocument.Cell(name)] + values.map { ReportDocument.Cell($0.short) }
        }
      )
    }
  }
}

/// Lines, dots and bars over two axes.
public struct Plot: Sendable {
  /// A place in the plot.
  struct Point: Hashable, Sendable {
    let x: Double
    let y: Double
  }

  /// How a series is drawn.
  enum Mark: Sendable {
    /// From point to point.
    case line
    /// At the height of each point up to the next one.
    case steps
    /// As dots, whose areas are as given.
    case dots(areas: [Double])
    /// As bars of one width, which stand side by side over the whole axis.
    case bars
  }

  /// Points that belong together.
  struct Series: Sendable {
    /// What they are, for the legend; empty where it goes without saying.
    let name: String
    let mark: Mark
    /// Whether the points of a line are shown, too.
    var hasDots = false
    let points: [Point]
    /// Whether it is there to compare with.
    var isReference = false
  }

  /// What is laid off along an edge.
  struct Axis: Sendable {
    let title: String
    let range: ClosedRange<Double>
  }

  /// A value of the horizontal axis that is marked.
  struct Rule: Sendable {
    let name: String
    let x: Double
  }

  let title: String
  let summary: String
  let x: Axis
  let y: Axis
  var series: [Series]
  var rules: [Rule] = []
}

/// A number for each pair of two lists, such as true and predicted labels.
public struct MatrixPlot: Sendable {
  let title: String
  let summary: String
  let rowTitle: String
  let columnTitle: String
  let names: [String]
  /// A list for each row.
  let values: [[Double]]
}

extension Plot {
  /// The heights of lines and bars at round places; `nil` where there are only dots.
  fileprivate var values:
    (
      columns: [(title: String, alignment: ReportDocument.Alignment)], rows: [[ReportDocument.Cell]]
    )?
  {
    let shown = series.filter { series in
      if case .dots = series.mark { return false }
      return !series.isReference
    }
    guard !shown.isEmpty else { return nil }
    let rows = x.ticks(20).map { place in
      [ReportDocument.Cell(place.short)]
        + shown.map { ReportDocument.Cell($0.value(at: place).map(\.short) ?? "–") }
    }
    let columns: [(title: String, alignment: ReportDocument.Alignment)] =
      [(x.title, .left)] + shown.map { ($0.name.isEmpty ? y.title : $0.name, .right) }
    return (columns, rows)
  }
}

extension Plot.Axis {
  /// Round values in the range, about `count` of them.
  func ticks(_ count: Int = 5) -> [Double] {
    let length = range.upperBound - range.lowerBound
    guard length > 0, length.isFinite else { return [range.lowerBound] }
    let step = Self.roundStep(length / Double(count))
    // Places are whole multiples of the step, so that 0.3 is not 0.30000000000000004.
    let first = (range.lowerBound / step - 1e-9).rounded(.up)
    let last = (range.upperBound / step + 1e-9).rounded(.down)
    return stride(from: first, through: last, by: 1).map { place in
      place == 0 ? 0 : step < 1 ? place / (1 / step).rounded() : place * step
    }
  }

  /// 1, 2 or 5 times a power of ten, not below `least`.
  private static func roundStep(_ least: Double) -> Double {
    var power = 1.0
    while power < least { power *= 10 }
    while power >= least && power > .leastNormalMagnitude { power /= 10 }
    for factor in [1.0, 2, 5] where factor * power >= least { return factor * power }
    return 10 * power
  }

  /// A range that holds all values, with a little room, and is not empty.
  static func range(of values: some Sequence<Double>) -> ClosedRange<Double> {
    var low = Double.infinity
    var high = -Double.infinity
    for value in values where value.isFinite {
      low = min(low, value)
      high = max(high, value)
    }
    guard low <= high else { return 0...1 }
    let length = high - low
    guard length > 0 else { return (low - 0.5)...(high + 0.5) }
    guard length.isFinite else { return low...high }
    return (low - length / 40)...(high + length / 40)
  }
}

extension Plot.Series {
  /// The height at a place of the horizontal axis; `nil` where the series has none there.
  func value(at x: Double) -> Double? {
    switch mark {
    case .dots: return nil
    case .bars:
      return points.last { $0.x <= x }?.y
    case .line, .steps:
      guard let first = points.first, let last = points.last, min(first.x, last.x) <= x,
        x <= max(first.x, last.x)
      else { return nil }
      // Of a line that rises at one place, the upper end.
      var best: Double?
      for (from, to) in zip(points, points.dropFirst())
      where min(from.x, to.x) <= x && x <= max(from.x, to.x) {
        let height: Double
        if case .steps = mark {
          height = from.x == to.x ? max(from.y, to.y) : to.y
        } else {
          height =
            from.x == to.x
            ? max(from.y, to.y) : from.y + (to.y - from.y) * (x - from.x) / (to.x - from.x)
        }
        best = max(best ?? height, height)
      }
      return best
    }
  }
}
