internal import Mustache

/// The templates and the style sheet of pages.
///
/// A name that a part does not have is looked for in what it stands in; so no part has a name of one
/// that it may stand in.
enum PageTemplate {
  /// Renders a page.
  static func page(_ content: Any) -> String {
    templates.render(content, withTemplate: "page") ?? ""
  }

  private static let templates: MustacheLibrary = {
    do {
      return MustacheLibrary(templates: [
        "page": try MustacheTemplate(string: pageText),
        "table": try MustacheTemplate(string: tableText),
        "words": try MustacheTemplate(string: wordsText),
      ])
    } catch {
      preconditionFailure("a template of pages does not parse: \(error)")
    }
  }()

  private static let pageText = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="generator" content="Assay">
    <title>{{title}}</title>
    <style>{{{style}}}</style>
    </head>
    <body>
    <main>
    <h1>{{title}}</h1>
    {{#sections}}
    <section{{#heading}} aria-labelledby="{{id}}"{{/heading}}>
    {{#heading}}
    <h2 id="{{id}}">{{.}}</h2>
    {{/heading}}
    {{#parts}}
    {{#conclusion}}
    <p class="conclusion {{value.tone}}">{{name}} <strong>{{#value}}{{> words}}{{/value}}</strong></p>
    {{/conclusion}}
    {{#facts}}
    <dl>
    {{#items}}
    <dt>{{name}}</dt><dd class="{{value.tone}}">{{#value}}{{> words}}{{/value}}</dd>
    {{/items}}
    </dl>
    {{/facts}}
    {{#list}}
    <ul>
    {{#items}}
    <li class="{{tone}}">{{> words}}</li>
    {{/items}}
    </ul>
    {{/list}}
    {{#table}}
    {{> table}}
    {{/table}}
    {{#figures}}
    <div class="figures">
    {{#pictures}}
    <figure>
    {{{svg}}}<figcaption>{{summary}}</figcaption>
    {{#values}}
    <details><summary>Values of “{{caption}}”</summary>
    {{> table}}
    </details>
    {{/values}}
    </figure>
    {{/pictures}}
    </div>
    {{/figures}}
    {{/parts}}
    </section>
    {{/sections}}
    </main>
    </body>
    </html>

    """

  /// A table in a frame of its own, in which it can be moved with the keyboard where it is wide.
  private static let tableText = """
    <div class="frame" role="region" aria-label="{{label}}" tabindex="0">
    <table>
    <thead><tr>{{#columns}}<th scope="col" class="{{alignment}}">{{title}}</th>{{/columns}}</tr></thead>
    <tbody>
    {{#rows}}
    <tr>{{#first}}<th scope="row" class="{{alignment}} {{tone}}">{{> words}}</th>{{/first}}{{#others}}<td class="{{alignment}} {{tone}}">{{> words}}</td>{{/others}}</tr>
    {{/rows}}
    </tbody>
    </table>
    </div>

    """

  private static let wordsText =
    #"{{#symbol}}<span class="symbol" aria-hidden="true">{{.}}</span> {{/symbol}}{{text}}"#

  /// Everything but the figures.
  static let style = """
    :root{--paper:#fff;--text:#1c2024;--faint:#5c6570;--line:#d5dae0;--shade:#f4f6f8;\
    --good:#0b6b3a;--bad:#b3261e;--doubtful:#7a5200;\
    --good-shade:#e6f4ec;--bad-shade:#fcebe9;--doubtful-shade:#fdf3df}\
    @media screen and (prefers-color-scheme:dark){:root{--paper:#14181d;--text:#e8eaed;\
    --faint:#a0a8b2;--line:#38414b;--shade:#1c2229;--good:#6fd39b;--bad:#ff9d94;--doubtful:#f0c36a;\
    --good-shade:#12301f;--bad-shade:#3d1613;--doubtful-shade:#33270e}}\
    *{box-sizing:border-box}\
    html{background:var(--paper);color:var(--text);font:15px/1.5 system-ui,"DejaVu Sans",sans-serif;\
    -webkit-text-size-adjust:100%}\
    body{margin:0}\
    main{max-width:72rem;margin:0 auto;padding:1.5rem 1.25rem 4rem}\
    h1{font-size:1.6rem;line-height:1.25;margin:0 0 1rem;overflow-wrap:anywhere}\
    h2{font-size:1.15rem;margin:2.25rem 0 .6rem;padding-top:.6rem;border-top:1px solid var(--line)}\
    .conclusion{display:inline-block;margin:.25rem 0 .5rem;padding:.6rem 1rem;border-radius:.5rem;\
    border:1px solid currentColor;font-size:1.2rem;background:var(--shade)}\
    .conclusion strong{text-transform:uppercase;letter-spacing:.03em}\
    .conclusion.good{background:var(--good-shade)}.conclusion.bad{background:var(--bad-shade)}\
    .conclusion.doubtful{background:var(--doubtful-shade)}\
    .good{color:var(--good)}.bad{color:var(--bad)}.doubtful{color:var(--doubtful)}\
    ul{margin:.25rem 0 1rem;padding-left:1.2rem}li{margin:.15rem 0;overflow-wrap:anywhere}\
    li.good,li.bad,li.doubtful{list-style:none}\
    dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.2rem 1.1rem;\
    margin:.25rem 0 1rem}\
    dt{color:var(--faint)}dd{margin:0;overflow-wrap:anywhere}\
    .frame{overflow-x:auto;margin:.25rem 0 1.25rem;border:1px solid var(--line);border-radius:.4rem}\
    .frame:focus-visible,summary:focus-visible{outline:2px solid var(--text);outline-offset:2px}\
    table{border-collapse:collapse;width:100%;font-size:.93rem}\
    th,td{padding:.32rem .75rem;text-align:left;vertical-align:top;font-weight:400}\
    thead th{color:var(--faint);background:var(--shade);white-space:nowrap;font-weight:600}\
    tbody tr+tr>*{border-top:1px solid var(--line)}\
    .number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}\
    tbody .words{min-width:7rem;overflow-wrap:anywhere}\
    tbody th{white-space:nowrap}\
    .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));\
    gap:1.25rem;margin:.5rem 0 1.25rem}\
    figure{margin:0;padding:.6rem;border:1px solid var(--line);border-radius:.4rem;min-width:0;\
    break-inside:avoid}\
    figure svg{display:block;width:100%;height:auto;max-width:40rem;margin:0 auto}\
    figcaption{color:var(--faint);font-size:.88rem;margin:.25rem .25rem .35rem}\
    details{margin:.25rem}summary{cursor:pointer;color:var(--faint);font-size:.88rem}\
    details .frame{max-height:22rem;overflow:auto;margin-top:.4rem}\
    @media(max-width:34rem){main{padding:1rem .8rem 3rem}h1{font-size:1.3rem}\
    dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.45rem}\
    th,td{padding:.3rem .5rem}tbody th{white-space:normal}}\
    @media print{main{max-width:none;padding:0}.frame{overflow:visible}details{display:none}\
    tr,.conclusion{break-inside:avoid}h2{break-after:avoid}\
    .figures{grid-template-columns:1fr 1fr}}

    """
}
