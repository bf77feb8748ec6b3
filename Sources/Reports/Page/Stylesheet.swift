/// How a report looks: dark text on white, one column, readable on a telephone and on paper.
let stylesheet = """
  :root { color-scheme: light; }
  * { box-sizing: border-box; }
  body { margin: 0 auto; max-width: 72rem; padding: 1.5rem 1rem 4rem; background: #fff;
    color: #1a1a1a; font: 16px/1.5 system-ui, "Helvetica Neue", Arial, sans-serif; }
  h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .5rem; }
  h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; padding-top: .75rem;
    border-top: 1px solid #ddd; }
  h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
  h1, h2, h3, p, li, td, th { overflow-wrap: anywhere; }
  .headline { font-size: 1.15rem; max-width: 48rem; margin: 0 0 1rem; }
  .note, figcaption, footer { color: #555; font-size: .875rem; }
  .note { margin: .35rem 0; max-width: 60rem; }
  .fault { border-left: 3px solid #a14a00; padding-left: .75rem; }
  .table { overflow-x: auto; margin: .25rem 0; }
  table { border-collapse: collapse; font-size: .875rem; line-height: 1.35; }
  th, td { text-align: left; vertical-align: top; padding: .3rem .9rem .3rem 0;
    border-bottom: 1px solid #e5e5e5; min-width: 4rem; max-width: 26rem;
    overflow-wrap: break-word; }
  th { border-bottom: 1px solid #777; font-weight: 600; vertical-align: bottom; }
  td:not(.n):not(.s) { min-width: 14rem; }
  .s { white-space: nowrap; }
  .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
  th.n { white-space: normal; }
  .figures { display: grid; gap: 2rem 1.5rem;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 29rem), 1fr)); }
  figure { margin: 0; min-width: 0; break-inside: avoid; }
  figure.row { grid-column: 1 / -1; }
  figure.first { grid-column-start: 1; }
  .plots { display: flex; flex-wrap: wrap; gap: .75rem 1.25rem; }
  .plots > div { flex: 1 1 20rem; max-width: 36rem; min-width: 0; }
  .plots > .wide { flex-basis: 30rem; max-width: 44rem; }
  svg { display: block; width: 100%; height: auto; }
  figcaption { max-width: 60rem; margin-top: .5rem; }
  figcaption b { color: #1a1a1a; }
  .images { list-style: none; margin: 0; padding: 0; display: grid; gap: 1rem .75rem;
    grid-template-columns: repeat(auto-fill, minmax(6.5rem, 1fr)); font-size: .8125rem;
    line-height: 1.3; }
  .images li { break-inside: avoid; }
  .images img { image-rendering: pixelated; border: 1px solid #ddd; }
  footer { margin-top: 3rem; }
  @media print {
    body { max-width: none; padding: 0; font-size: 10pt; }
    .table { overflow: visible; }
    h2 { break-after: avoid; }
    a { color: inherit; text-decoration: none; }
  }
  """
