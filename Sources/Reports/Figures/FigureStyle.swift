/// How figures are coloured: a style sheet of light and dark colours.
enum FigureStyle {
  /// The colours of one appearance.
  private struct Colours {
    let paper: String
    let text: String
    let faint: String
    let grid: String
    let series: [String]
    let strong: String
  }

  /// Told apart also by those who see few colours, and 4.5 times as dark as the paper or more.
  ///
  /// Source of the hues: Okabe and Ito 2008, "Color Universal Design".
  private static let light = Colours(
    paper: "#ffffff", text: "#1c2024", faint: "#5c6570", grid: "#e3e6ea",
    series: ["#0060a8", "#b34700", "#00735a", "#8a3b8f", "#6b5a00", "#44505c"],
    strong: "#ffffff")

  private static let dark = Colours(
    paper: "#14181d", text: "#e8eaed", faint: "#a0a8b2", grid: "#2b323a",
    series: ["#6db8f2", "#f2a15c", "#4fc9a4", "#d69adb", "#d9c45a", "#b4bec9"],
    strong: "#14181d")

  /// The series that look different; later ones begin again.
  static let seriesCount = 12

  /// The style sheet of a picture that is a file of its own.
  static var file: String {
    shapes + sheet(light) + "@media (prefers-color-scheme:dark){\(sheet(dark))}"
  }

  /// The style sheet of a picture that is always light, as on paper.
  static var print: String { shapes + sheet(light) }

  /// The style sheet of pictures in a page, which prints light.
  static var page: String {
    shapes + sheet(light) + "@media screen and (prefers-color-scheme:dark){\(sheet(dark))}"
  }

  /// What is the same in light and dark.
  private static let shapes = """
    .figure{font-family:system-ui,"DejaVu Sans",sans-serif;font-size:11px}\
    .caption{font-size:13px;font-weight:600}\
    .line,.reference,.rule,.grid,.axis{fill:none}\
    .line{stroke-width:2;stroke-linejoin:round}\
    .reference{stroke-width:1.2;stroke-dasharray:2 4}\
    .rule{stroke-width:1;stroke-dasharray:5 3}\
    .bars{fill-opacity:.35;stroke-width:1.4}\
    .dots{fill-opacity:.6;stroke:none}\
    .s6,.s7,.s8,.s9,.s10,.s11{stroke-dasharray:7 3}\
    .band rect{fill-opacity:0}\
    .tip{visibility:hidden;pointer-events:none}\
    .band:hover .tip{visibility:visible}\
    .tip .box{fill-opacity:.94;stroke-width:1}\
    .count{font-weight:600}
    """

  private static func sheet(_ colours: Colours) -> String {
    var text = """
      .figure text{fill:\(colours.text)}\
      .figure .tick,.figure .legend,.figure .axis-title{fill:\(colours.faint)}\
      .paper{fill:\(colours.paper)}\
      .grid{stroke:\(colours.grid)}\
      .axis,.rule,.reference{stroke:\(colours.faint)}\
      .tip .box{fill:\(colours.paper);stroke:\(colours.faint)}\
      .hit{fill:\(colours.series[0])}.miss{fill:\(colours.series[1])}\
      .cell .paper{stroke:\(colours.grid)}\
      .figure .strong{fill:\(colours.strong)}
      """
    for place in 0..<seriesCount {
      let colour = colours.series[place % colours.series.count]
      text += ".s\(place){stroke:\(colour)}.bars.s\(place),.dots.s\(place){fill:\(colour)}"
    }
    return text
  }
}
