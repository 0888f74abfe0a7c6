internal import InputReading

/// A figure as an SVG picture, which a style sheet colours.
///
/// Pictures are of one size in their own units and fit the width that they are given. Values stand
/// in the picture where the pointer is, without a script.
public struct SVGDrawing: Sendable {
  /// The size in units of the picture.
  static let size = (width: 480.0, height: 340.0)

  private let figure: Figure
  /// What tells the ids of this picture from others' in the same page.
  private let id: String

  /// Creates a picture.
  ///
  /// - Parameters:
  ///   - figure: What it shows.
  ///   - id: A word that no other picture of the same page has.
  public init(_ figure: Figure, id: String = "figure") {
    self.figure = figure
    self.id = id
  }

  /// The picture as a file of its own, in the colours of where it is looked at.
  public var file: String { svg(style: FigureStyle.file) }

  /// The picture as a file of its own, in the colours of paper.
  public var print: String { svg(style: FigureStyle.print) }

  /// The picture as a part of a page, which colours it.
  var inline: String { svg(attributes: "", style: "") }

  private func svg(style: String) -> String {
    svg(
      attributes: #" xmlns="http://www.w3.org/2000/svg" width="960" height="680""#,
      style: """
        <style>\(style)</style>
        <rect class="paper" width="480" height="340"/>

        """)
  }

  private func svg(attributes: String, style: String) -> String {
    let body =
      switch figure {
      case .plot(let plot): PlotDrawing(plot, clip: "\(id)-area").body
      case .matrix(let matrix): MatrixDrawing(matrix).body
      }
    return """
      <svg\(attributes) class="figure" viewBox="0 0 480 340" role="img" \
      aria-labelledby="\(id)-title \(id)-text">
      <title id="\(id)-title">\(figure.title.xmlEscaped)</title>
      <desc id="\(id)-text">\(figure.summary.xmlEscaped)</desc>
      \(style)\(body)</svg>

      """
  }
}

extension Double {
  /// The number to a tenth, as coordinates are written.
  fileprivate var tenths: String {
    let scaled = (self * 10).rounded()
    guard scaled.magnitude < 1e9 else { return "0" }
    let whole = Int(scaled)
    let sign = whole < 0 ? "-" : ""
    let digits = whole.magnitude
    return digits % 10 == 0 ? "\(sign)\(digits / 10)" : "\(sign)\(digits / 10).\(digits % 10)"
  }

  /// The number as it stands beside an axis or in a figure.
  var short: String {
    guard magnitude >= 1e-3 || self == 0, magnitude < 1e6 else { return significant }
    let scaled = (self * 1e4).rounded() / 1e4
    return scaled.shortest
  }

  /// Three significant digits and the power of ten.
  private var significant: String {
    guard isFinite, self != 0 else { return shortest }
    var power = 0
    var rest = magnitude
    while rest >= 10 { (rest, power) = (rest / 10, power + 1) }
    while rest < 1 { (rest, power) = (rest * 10, power - 1) }
    let rounded = (rest * 100).rounded() / 100
    return (self < 0 ? "-" : "") + rounded.shortest + (power == 0 ? "" : "e\(power)")
  }
}

/// The parts of a plot's picture.
private struct PlotDrawing {
  private let plot: Plot
  private let clip: String
  private let left = 62.0
  private let right = 466.0
  private let top: Double
  private let bottom = 286.0
  /// The rows of the legend.
  private let legend: [[(series: Int, name: String, x: Double)]]

  init(_ plot: Plot, clip: String) {
    self.plot = plot
    self.clip = clip
    var rows: [[(series: Int, name: String, x: Double)]] = []
    var x = 62.0
    for (index, series) in plot.series.enumerated() where !series.name.isEmpty {
      let name = series.name.shortened(to: 44)
      let width = 34 + 6.3 * Double(name.displayWidth)
      if rows.isEmpty || x + width > 470 {
        rows.append([])
        x = 62
      }
      rows[rows.count - 1].append((index, name, x))
      x += width
    }
    legend = rows
    top = 34 + 16 * Double(rows.count)
  }

  var body: String {
    var text = #"<text class="caption" x="\#(left.tenths)" y="20">\#(plot.title.xmlEscaped)</text>"#
    text += "\n"
    for (row, entries) in legend.enumerated() {
      for entry in entries {
        let y = 38 + 16 * Double(row)
        text += """
          <path class="\(style(of: entry.series))" d="M\(entry.x.tenths) \((y - 4).tenths)h20"/>\
          <text class="legend" x="\((entry.x + 25).tenths)" y="\(y.tenths)">\
          \(entry.name.xmlEscaped)</text>

          """
      }
    }
    text += axes
    text += """
      <clipPath id="\(clip)"><rect x="\(left.tenths)" y="\((top - 1).tenths)" \
      width="\((right - left).tenths)" height="\((bottom - top + 2).tenths)"/></clipPath>
      <g clip-path="url(#\(clip))">

      """
    for index in plot.series.indices { text += marks(of: index) }
    for rule in plot.rules {
      text += """
        <path class="rule" d="M\(across(rule.x).tenths) \(top.tenths)V\(bottom.tenths)"/>

        """
    }
    text += "</g>\n"
    for rule in plot.rules {
      let isRight = across(rule.x) > (left + right) / 2
      text += """
        <text class="tick" x="\((across(rule.x) + (isRight ? -4 : 4)).tenths)" \
        y="\((top + 10).tenths)" text-anchor="\(isRight ? "end" : "start")">\
        \(rule.name.xmlEscaped)</text>

        """
    }
    return text + values
  }

  // MARK: Axes

  private var axes: String {
    var text = ""
    let ticks = plot.x.ticks(6)
    for (index, tick) in ticks.enumerated() {
      let x = across(tick)
      let anchor = index == ticks.count - 1 && x > right - 12 ? "end" : "middle"
      text += """
        <path class="grid" d="M\(x.tenths) \(top.tenths)V\(bottom.tenths)"/>\
        <text class="tick" x="\((anchor == "end" ? right : x).tenths)" \
        y="\((bottom + 16).tenths)" text-anchor="\(anchor)">\(tick.short)</text>

        """
    }
    for tick in plot.y.ticks() {
      let y = up(tick)
      text += """
        <path class="grid" d="M\(left.tenths) \(y.tenths)H\(right.tenths)"/>\
        <text class="tick" x="\((left - 6).tenths)" y="\((y + 4).tenths)" text-anchor="end">\
        \(tick.short)</text>

        """
    }
    let middle = (top + bottom) / 2
    return text + """
      <path class="axis" d="M\(left.tenths) \(top.tenths)V\(bottom.tenths)H\(right.tenths)"/>
      <text class="axis-title" x="\(((left + right) / 2).tenths)" y="\((bottom + 38).tenths)" \
      text-anchor="middle">\(plot.x.title.xmlEscaped)</text>
      <text class="axis-title" transform="translate(14 \(middle.tenths)) rotate(-90)" \
      text-anchor="middle">\(plot.y.title.xmlEscaped)</text>

      """
  }

  private func across(_ x: Double) -> Double {
    left + place(x, in: plot.x.range) * (right - left)
  }

  private func up(_ y: Double) -> Double {
    bottom - place(y, in: plot.y.range) * (bottom - top)
  }

  /// Where a value lies in a range, as a fraction; what is infinite lies just outside.
  private func place(_ value: Double, in range: ClosedRange<Double>) -> Double {
    let length = range.upperBound - range.lowerBound
    guard length > 0, length.isFinite, !value.isNaN else { return 0.5 }
    return min(max((value - range.lowerBound) / length, -0.1), 1.1)
  }

  // MARK: Series

  /// The classes of a series' marks: references have a style of their own, others one a place.
  private func style(of index: Int) -> String {
    let series = plot.series[index]
    guard !series.isReference else { return "reference" }
    let place = plot.series[..<index].count { !$0.isReference } % FigureStyle.seriesCount
    if case .bars = series.mark { return "bars s\(place)" }
    if case .dots = series.mark { return "dots s\(place)" }
    return "line s\(place)"
  }

  private func marks(of index: Int) -> String {
    let series = plot.series[index]
    let style = style(of: index)
    let places = series.points.map { (x: across($0.x), y: up($0.y)) }
    switch series.mark {
    case .line:
      let dots =
        !series.hasDots
        ? ""
        : places.map { place in
          """
          <circle class="\(style) dots" cx="\(place.x.tenths)" cy="\(place.y.tenths)" r="3.2"/>

          """
        }.joined()
      return path(simplified(places), style) + dots
    case .steps:
      var corners: [(x: Double, y: Double)] = []
      for place in places {
        if let last = corners.last { corners.append((last.x, place.y)) }
        corners.append(place)
      }
      return path(simplified(corners), style)
    case .bars:
      guard let first = places.first, places.count > 1 else { return "" }
      let width = places[1].x - first.x
      var path = "M\(first.x.tenths) \(bottom.tenths)"
      for place in places { path += "V\(place.y.tenths)H\((place.x + width).tenths)" }
      return "<path class=\"\(style)\" d=\"\(path)V\(bottom.tenths)Z\"/>\n"
    case .dots(let areas):
      let most = areas.max() ?? 1
      return places.indices.map { row in
        let radius = max(1.4, 7 * (areas[row] / most).squareRoot())
        let point = series.points[row]
        let count = areas[row] == 1 ? "" : ", \(Int(areas[row])) rows"
        return """
          <circle class="\(style)" cx="\(places[row].x.tenths)" cy="\(places[row].y.tenths)" \
          r="\(min(radius, most == 1 ? 2.4 : 7).tenths)"><title>\(point.x.short), \
          \(point.y.short)\(count)</title></circle>

          """
      }.joined()
    }
  }

  private func path(_ places: [(x: Double, y: Double)], _ style: String) -> String {
    guard let first = places.first else { return "" }
    var data = "M\(first.x.tenths) \(first.y.tenths)"
    for (from, to) in zip(places, places.dropFirst()) {
      if from.y.tenths == to.y.tenths {
        data += "H\(to.x.tenths)"
      } else if from.x.tenths == to.x.tenths {
        data += "V\(to.y.tenths)"
      } else {
        data += "L\(to.x.tenths) \(to.y.tenths)"
      }
    }
    return "<path class=\"\(style)\" d=\"\(data)\"/>\n"
  }

  /// The places without those that lie within a fifth of a unit of the line through the others.
  ///
  /// Source: Douglas and Peucker 1973, doi:10.3138/FM57-6770-U75U-7727.
  private func simplified(_ places: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    guard places.count > 2 else { return places }
    var isKept = [Bool](repeating: false, count: places.count)
    isKept[0] = true
    isKept[places.count - 1] = true
    var open = [(0, places.count - 1)]
    while let (from, to) = open.popLast() {
      guard to - from > 1 else { continue }
      let (dx, dy) = (places[to].x - places[from].x, places[to].y - places[from].y)
      let length = (dx * dx + dy * dy).squareRoot()
      var (farthest, distance) = (from, 0.2)
      for index in (from + 1)..<to {
        let (px, py) = (places[index].x - places[from].x, places[index].y - places[from].y)
        let off =
          length > 0 ? abs(dx * py - dy * px) / length : (px * px + py * py).squareRoot()
        if off > distance { (farthest, distance) = (index, off) }
      }
      guard farthest > from else { continue }
      isKept[farthest] = true
      open += [(from, farthest), (farthest, to)]
    }
    return places.indices.filter { isKept[$0] }.map { places[$0] }
  }

  // MARK: Values

  /// Bands over the plot, each of which shows its values while the pointer is over it.
  private var values: String {
    let shown = plot.series.indices.filter { index in
      if case .dots = plot.series[index].mark { return false }
      return !plot.series[index].isReference
    }
    guard !shown.isEmpty else { return "" }
    var text = ""
    let bars = shown.lazy.compactMap { index -> Int? in
      if case .bars = plot.series[index].mark { plot.series[index].points.count } else { nil }
    }.first
    let count = bars ?? 40
    let width = (right - left) / Double(count)
    for band in 0..<count {
      let x = left + width * Double(band)
      let length = plot.x.range.upperBound - plot.x.range.lowerBound
      let value = plot.x.range.lowerBound + length * (Double(band) + 0.5) / Double(count)
      let lines = shown.compactMap { index -> String? in
        guard let height = plot.series[index].value(at: value) else { return nil }
        let name = plot.series[index].name
        return (name.isEmpty ? "" : name.shortened(to: 28) + ": ") + height.short
      }
      guard !lines.isEmpty else { continue }
      let isRight = band >= count / 2
      let edge = isRight ? x - 6 : x + width + 6
      let rows = ["\(plot.x.title.shortened(to: 24)): \(value.short)"] + lines
      let boxWidth = 12 + 6.2 * Double(rows.map(\.displayWidth).max() ?? 0)
      let boxHeight = 6 + 14 * Double(rows.count)
      let y = (top + bottom - boxHeight) / 2
      let boxLeft = isRight ? edge - boxWidth : edge
      text += """
        <g class="band"><rect x="\(x.tenths)" y="\(top.tenths)" width="\(width.tenths)" \
        height="\((bottom - top).tenths)"/><g class="tip"><path class="rule" \
        d="M\((x + width / 2).tenths) \(top.tenths)V\(bottom.tenths)"/><rect class="box" \
        x="\(boxLeft.tenths)" y="\(y.tenths)" width="\(boxWidth.tenths)" \
        height="\(boxHeight.tenths)"/>
        """
      for (row, line) in rows.enumerated() {
        text += """
          <text x="\((boxLeft + 6).tenths)" y="\((y + 14 + 14 * Double(row)).tenths)">\
          \(line.xmlEscaped)</text>
          """
      }
      text += "</g></g>\n"
    }
    return text
  }
}

/// The parts of a matrix's picture.
private struct MatrixDrawing {
  let matrix: MatrixPlot

  init(_ matrix: MatrixPlot) { self.matrix = matrix }

  var body: String {
    let count = Double(max(matrix.names.count, 1))
    let (left, top) = (110.0, 60.0)
    let (width, height) = ((470 - left) / count, (318 - top) / count)
    var text = """
      <text class="caption" x="12" y="20">\(matrix.title.xmlEscaped)</text>
      <text class="axis-title" x="\(((left + 470) / 2).tenths)" y="36" text-anchor="middle">\
      \(matrix.columnTitle.xmlEscaped)</text>
      <text class="axis-title" transform="translate(14 \(((top + 318) / 2).tenths)) rotate(-90)" \
      text-anchor="middle">\(matrix.rowTitle.xmlEscaped)</text>

      """
    for (index, name) in matrix.names.enumerated() {
      let middle = Double(index) + 0.5
      let short = name.shortened(to: max(2, Int(width / 6.6)))
      text += """
        <text class="tick" x="\((left + width * middle).tenths)" y="\((top - 8).tenths)" \
        text-anchor="middle">\(short.xmlEscaped)</text>\
        <text class="tick" x="\((left - 6).tenths)" y="\((top + height * middle + 4).tenths)" \
        text-anchor="end">\(name.shortened(to: 12).xmlEscaped)</text>

        """
    }
    for (row, values) in matrix.values.enumerated() {
      let total = values.reduce(0, +)
      for (column, value) in values.enumerated() {
        let share = total > 0 ? value / total : 0
        let (x, y) = (left + width * Double(column), top + height * Double(row))
        let kind = row == column ? "hit" : "miss"
        let percent = "\((share * 1_000).rounded() / 10) %"
        let names = "\(matrix.names[row]) predicted as \(matrix.names[column])"
        text += """
          <g class="cell"><title>\(names.xmlEscaped): \(value.rounded6), \(percent)</title>\
          <rect class="paper" x="\(x.tenths)" y="\(y.tenths)" width="\(width.tenths)" \
          height="\(height.tenths)"/>\
          <rect class="\(kind)" fill-opacity="\((share * 0.85 * 100).rounded() / 100)" \
          x="\(x.tenths)" y="\(y.tenths)" width="\(width.tenths)" height="\(height.tenths)"/>
          """
        if width > 26 && height > 14 {
          let style = share > 0.55 ? "count strong" : "count"
          text += """
            <text class="\(style)" x="\((x + width / 2).tenths)" \
            y="\((y + height / 2 + 4).tenths)" text-anchor="middle">\(value.short)</text>
            """
        }
        text += "</g>\n"
      }
    }
    return text
  }
}
