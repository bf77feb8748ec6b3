import Reports
import Testing

@Suite("A report's table")
struct ReportTableTests {
  private let table = ReportTable(
    name: "sample", title: "50 % of <b> & _it_",
    columns: ["run", "updates", "accuracy %", "path"],
    rows: [
      ["AdaBatch 256–4096", .integer(15_180), .number(75.384, digits: 2), "a|b\\c"],
      ["=SUM(A1) \"x\", y", .missing, .number(-0.204, digits: 1), "{$x}^2~#\nnext"],
    ],
    notes: ["Seconds × ranks."])

  @Test("is Markdown whose cells are no markup")
  func markdown() {
    #expect(
      table.markdown == """
        **50 % of \\<b\\> \\& \\_it\\_**

        | run | updates | accuracy % | path |
        | --- | --: | --: | --- |
        | AdaBatch 256–4096 | 15,180 | 75.38 | a\\|b\\\\c |
        | =SUM(A1) "x", y | – | −0.2 | {$x}^2\\~# next |

        Seconds × ranks.

        """)
  }

  @Test("is CSV with every digit, and no formula that a spreadsheet would carry out")
  func csv() {
    #expect(
      table.csv
        == "run,updates,accuracy %,path\r\nAdaBatch 256–4096,15180,75.384,a|b\\c\r\n"
        + "\"'=SUM(A1) \"\"x\"\", y\",,-0.204,\"{$x}^2~#\nnext\"\r\n")
  }

  @Test("is LaTeX whose cells are no commands")
  func latex() {
    #expect(
      table.latex == """
        \\begin{table}
        \\centering
        \\caption{50 \\% of \\textless{}b\\textgreater{} \\& \\_it\\_}
        \\label{tab:sample}
        \\begin{tabular}{lrrl}
        \\hline
        run & updates & accuracy \\% & path \\\\
        \\hline
        AdaBatch 256--4096 & 15,180 & 75.38 & a|b\\textbackslash{}c \\\\
        =SUM(A1) "x", y & -- & $-$0.2 & \\{\\$x\\}\\textasciicircum{}2\\textasciitilde{}\\# next \\\\
        \\hline
        \\end{tabular}
        \\\\[2pt]{\\footnotesize Seconds $\\times$ ranks.}
        \\end{table}

        """)
  }

  @Test("shows numbers grouped, signed, and words for what is not finite")
  func cells() {
    func text(_ value: Double, _ digits: Int) -> String {
      ReportTable.Cell.number(value, digits: digits).text
    }
    #expect(text(1_234_567.891, 2) == "1,234,567.89" && text(-0.001, 2) == "0.00")
    #expect(text(.nan, 1) == "NaN" && text(-.infinity, 1) == "−∞")
    #expect(ReportTable.Cell.integer(-1_000).text == "−1,000")
    #expect(ReportTable.Cell(nil as Int?).text == "–")
  }
}
