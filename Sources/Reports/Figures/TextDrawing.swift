/// A figure in characters, for a terminal.
///
/// Curves are of dots, eight to a character; where several stand together and there are no colours
/// to tell them apart, of one letter each.
struct TextDrawing {
  /// The characters of a plot's area.
  private static let size = (width: 60, height: 16)

  let figure: Figure
  let hasColors: Bool

  var lines: [String] {
    switch figure {
    case .plot(let plot): Self.lines(plot, hasColors: hasColors)
    case .matrix(let matrix): Self.lines(matrix)
    }
  }

  // MARK: Plots

  /// The colours of series in order, as a terminal numbers them.
  private static let colours = [34, 33, 32, 35, 36, 31]

  private static func lines(_ plot: Plot, hasColors: Bool) -> [String] {
    let drawn = plot.series.filter { !$0.isReference }
    let hasLetters = !hasColors && drawn.count > 1
    let keys = Array("abcdefghijklmnopqrstuvwxyz").map(String.init)
    var canvas = Canvas()
    for series in plot.series where series.isReference { canvas.add(series, of: plot, as: nil) }
    for (index, series) in drawn.enumerated() { canvas.add(series, of: plot, as: index) }
    let ticks = plot.y.ticks(4)
    let labels = ticks.map(\.short)
    let margin = max(6, labels.map(\.count).max() ?? 0)
    var lines = ["  " + plot.title]
    let length = plot.y.range.upperBound - plot.y.range.lowerBound
    var labelOfRow: [Int: String] = [:]
    for (tick, label) in zip(ticks, labels) {
      let share = length > 0 ? (tick - plot.y.range.lowerBound) / length : 0
      labelOfRow[Int(((1 - share) * Double(size.height - 1)).rounded())] = label
    }
    for row in 0..<size.height {
      let label = labelOfRow[row] ?? ""
      var line = "  " + String(repeating: " ", count: margin - label.count) + label + " │"
      for column in 0..<size.width {
        guard let cell = canvas.cell(row, column) else {
          line += " "
          continue
        }
        switch cell.series {
        case let series? where hasLetters: line += keys[series % keys.count]
        case let series? where hasColors:
          line += "\u{1B}[\(colours[series % colours.count])m\(cell.dots)\u{1B}[0m"
        case nil where hasColors: line += "\u{1B}[2m\(cell.dots)\u{1B}[0m"
        default: line += String(cell.dots)
        }
      }
      while line.last == " " { line.removeLast() }
      lines.append(line)
    }
    let indent = String(repeating: " ", count: margin + 3)
    lines.append(indent + "└" + String(repeating: "─", count: size.width))
    lines.append(indent + " " + scale(plot.x))
    lines.append(indent + " \(plot.x.title), upwards \(plot.y.title)")
    for (index, series) in drawn.enumerated() where !series.name.isEmpty {
      let key =
        hasLetters
        ? keys[index % keys.count]
        : hasColors ? "\u{1B}[\(colours[index % colours.count])m━━\u{1B}[0m" : "⣀⣀"
      lines.append("\(indent) \(key) \(series.name)")
    }
    for rule in plot.rules { lines.append("\(indent) \(rule.name)") }
    return lines
  }

  /// The values below the area, those that have room.
  private static func scale(_ axis: Plot.Axis) -> String {
    let length = axis.range.upperBound - axis.range.lowerBound
    var line = ""
    for tick in axis.ticks(6) {
      let share = length > 0 ? (tick - axis.range.lowerBound) / length : 0
      let label = tick.short
      let place = Int((share * Double(size.width - 1)).rounded()) - label.count / 2
      let start = max(0, min(place, size.width - label.count))
      guard start > line.count || line.isEmpty else { continue }
      line += String(repeating: " ", count: start - line.count) + label
    }
    return line
  }

  /// Dots, two across and four down in each character.
  private struct Canvas {
    private var dots = [UInt32](repeating: 0, count: size.width * size.height)
    private var series = [Int?](repeating: nil, count: size.width * size.height)

    func cell(_ row: Int, _ column: Int) -> (dots: Character, series: Int?)? {
      let place = row * size.width + column
      guard dots[place] != 0, let scalar = Unicode.Scalar(0x2800 + dots[place]) else { return nil }
      return (Character(scalar), series[place])
    }

    mutating func add(_ added: Plot.Series, of plot: Plot, as index: Int?) {
      func place(_ value: Double, _ axis: Plot.Axis, _ count: Int) -> Double {
        let length = axis.range.upperBound - axis.range.lowerBound
        guard length > 0, length.isFinite else { return Double(count) / 2 }
        return min(max((value - axis.range.lowerBound) / length, -0.01), 1.01) * Double(count - 1)
      }
      let places = added.points.map {
        (
          x: place($0.x, plot.x, 2 * size.width),
          y: Double(4 * size.height - 1) - place($0.y, plot.y, 4 * size.height)
        )
      }
      switch added.mark {
      case .dots: for place in places { dot(place.x, place.y, index) }
      case .line: connect(places, index)
      case .steps, .bars:
        var corners: [(x: Double, y: Double)] = []
        for place in places {
          if let last = corners.last {
            if case .bars = added.mark {
              corners.append((place.x, last.y))
            } else {
              corners.append((last.x, place.y))
            }
          }
          corners.append(place)
        }
        if case .bars = added.mark, let last = corners.last {
          corners.append((Double(2 * size.width - 1), last.y))
        }
        connect(corners, index)
      }
    }

    private mutating func connect(_ places: [(x: Double, y: Double)], _ index: Int?) {
      if places.count == 1 { dot(places[0].x, places[0].y, index) }
      for (from, to) in zip(places, places.dropFirst()) {
        let steps = max(1, Int(max(abs(to.x - from.x), abs(to.y - from.y)).rounded(.up)))
        for step in 0...steps {
          // A reference is dotted.
          if index == nil && step % 4 > 0 { continue }
          let share = Double(step) / Double(steps)
          dot(from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share, index)
        }
      }
    }

    private mutating func dot(_ x: Double, _ y: Double, _ index: Int?) {
      let (column, row) = (Int(x.rounded()), Int(y.rounded()))
      guard column >= 0, column < 2 * size.width, row >= 0, row < 4 * size.height else { return }
      // The order of the dots in Unicode's braille patterns.
      let bits: [[UInt32]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
      let place = row / 4 * size.width + column / 2
      dots[place] |= bits[row % 4][column % 2]
      series[place] = index ?? series[place]
    }
  }

  // MARK: Matrices

  private static func lines(_ matrix: MatrixPlot) -> [String] {
    let names = matrix.names.map { $0.shortened(to: 16) }
    let values = matrix.values.map { $0.map(\.short) }
    let widths = names.indices.map { column in
      max(names[column].displayWidth, values.map { $0[column].count }.max() ?? 0)
    }
    let margin = names.map(\.displayWidth).max() ?? 0
    func right(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.displayWidth)) + text
    }
    var lines = ["  " + matrix.title + " (rows: \(matrix.rowTitle))"]
    lines.append(
      "  " + right("", margin)
        + names.indices.map { "  " + right(names[$0], widths[$0]) }.joined())
    for (row, name) in names.enumerated() {
      let total = matrix.values[row].reduce(0, +)
      let share = total > 0 ? matrix.values[row][row] / total : 0
      let bar = String(repeating: "█", count: Int(share * 20))
      lines.append(
        "  " + right(name, margin)
          + values[row].indices.map { "  " + right(values[row][$0], widths[$0]) }.joined()
          + "  \(bar) \((share * 1_000).rounded() / 10) %")
    }
    return lines
  }
}
