internal import Foundation
internal import TestSupport
internal import Testing

/// Debian's browser.
private let chromium = "/usr/bin/chromium"

/// Pages as a real browser lays them out: Debian's Chromium, which `Scripts/setup --with-chromium`
/// installs.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: chromium)))
struct BrowserTests {
  /// What the browser found in a page of some width.
  private struct Layout: Decodable {
    let page: String
    let width: Double
    /// How wide the page is laid out.
    let contentWidth: Double
    /// Texts of figures that reach beyond their picture.
    let cutTexts: [String]
    /// Texts whose colour is less than 4.5 times as light or dark as what is behind them.
    let faintTexts: [String]
    let headings: Int
    let figures: Int
    /// Figures without a title, tables without headers, regions that the keyboard does not reach.
    let unnamed: Int
    let isDark: Bool
  }

  private static let pages: [(name: String, arguments: [String])] = [
    ("approved", ["verify", "Datasets/breast-cancer"]),
    ("rejected", ["verify", "Datasets/breast-cancer-overstated"]),
    (
      "metrics",
      [
        "metrics", "Datasets/breast-cancer/predictions.csv", "--confidence", "0.95", "--gate",
        "f1 > 1",
      ]
    ),
    ("artifact", ["inspect", "Datasets/breast-cancer/model.tar.gz"]),
  ]

  /// Measures the page in its own document.
  private static let script = """
    const luminance = c => { const v = c.map(x => { x /= 255; return x <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4 });
      return .2126 * v[0] + .7152 * v[1] + .0722 * v[2] };
    const channels = s => (s.match(/[\\d.]+/g) || []).map(Number);
    const behind = (e, w) => { for (; e; e = e.parentElement) { const c = channels(w.getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c.slice(0, 3) } return [255, 255, 255] };
    const measure = frame => { const w = frame.contentWindow, d = w.document, e = d.documentElement;
      const cut = [], faint = [];
      for (const svg of d.querySelectorAll('figure svg')) { const box = svg.getBoundingClientRect();
        for (const t of svg.querySelectorAll('text')) { if (t.closest('.tip')) continue; const b = t.getBoundingClientRect();
          if (b.left < box.left - 1 || b.right > box.right + 1 || b.top < box.top - 1 || b.bottom > box.bottom + 1) cut.push(t.textContent) } }
      for (const t of d.querySelectorAll('main *')) { if (t.closest('svg') && (t.closest('.tip') || t.closest('.cell') || t.tagName !== 'text')) continue;
        if (![...t.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
        const s = w.getComputedStyle(t); const own = channels(t.tagName === 'text' ? s.fill : s.color).slice(0, 3);
        const [a, b] = [luminance(own), luminance(behind(t.closest('figure') || t, w))]; const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
        if (ratio < 4.5) faint.push(t.textContent.slice(0, 40) + ' ' + ratio.toFixed(2)) }
      const unnamed = [...d.querySelectorAll('figure svg')].filter(s => !s.querySelector('title').textContent || s.getAttribute('role') !== 'img').length
        + [...d.querySelectorAll('table')].filter(t => !t.querySelector('thead th[scope=col]')).length
        + [...d.querySelectorAll('.frame')].filter(f => f.tabIndex !== 0 || !f.getAttribute('aria-label')).length;
      return {page: frame.dataset.page, width: w.innerWidth, contentWidth: e.scrollWidth, cutTexts: cut, faintTexts: faint, unnamed,
        headings: d.querySelectorAll('h1').length, figures: d.querySelectorAll('figure svg').length, isDark: w.matchMedia('(prefers-color-scheme: dark)').matches} };
    onload = () => { document.getElementById('result').textContent = JSON.stringify([...document.querySelectorAll('iframe')].map(measure)) };
    """

  @Test(arguments: [false, true])
  func pagesFitAndCanBeRead(isDark: Bool) throws {
    let folder = try TemporaryFolder()
    var frames = ""
    for page in Self.pages {
      let made = try ProgramRun(ProgramRun.assay, page.arguments + ["--format", "html"])
      #expect(made.standardOutput.hasPrefix("<!DOCTYPE html>"))
      #expect(made.standardOutput.utf8.count < 1_000_000)
      let text = made.standardOutput.replacing("&", with: "&amp;").replacing("\"", with: "&quot;")
      for width in [360, 1_280] {
        frames += """
          <iframe data-page="\(page.name)" width="\(width)" height="900" \
          style="border:0" srcdoc="\(text)"></iframe>

          """
      }
    }
    let file = try folder.write(
      "<!DOCTYPE html><meta charset=utf-8><body>\(frames)<pre id=result></pre><script>\(Self.script)</script>",
      to: "frames.html")
    let browser = try ProgramRun(
      chromium,
      [
        "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
        "--hide-scrollbars", "--user-data-dir=\(folder.path)/profile",
        "--blink-settings=preferredColorScheme=\(isDark ? 0 : 1)", "--dump-dom", "file://\(file)",
      ])
    #expect(!browser.standardError.contains("CONSOLE"), "\(browser.standardError)")
    let marked = browser.standardOutput.split(separator: "<pre id=\"result\">").last ?? ""
    let json = String(marked.split(separator: "</pre>").first ?? "")
      .replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
    let layouts = try JSONDecoder().decode([Layout].self, from: Data(json.utf8))
    #expect(layouts.count == 2 * Self.pages.count)
    for layout in layouts {
      let what: Comment = "\(layout.page) at \(layout.width)"
      #expect(layout.contentWidth <= layout.width, what)
      #expect(layout.cutTexts.isEmpty, what)
      #expect(layout.faintTexts.isEmpty, what)
      #expect(layout.headings == 1 && layout.unnamed == 0, what)
      #expect(layout.figures == (layout.page == "artifact" ? 0 : 6), what)
      #expect(layout.isDark == isDark, what)
    }
  }
}
