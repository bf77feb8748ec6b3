import CommandLineTool
import Testing

@Suite("The line on a terminal")
struct StatusLineTests {
  private var line: StatusLine {
    var line = StatusLine(epoch: 3, epochs: 100, share: 0.5, rate: 0.0075, batchSize: 256)
    line.imagesPerSecond = 1475.4
    (line.loss, line.accuracy) = (1.23456, 54.321)
    line.next = (batchSize: 512, epoch: 41)
    line.secondsLeft = 3909
    return line
  }

  @Test("shows everything where there is room")
  func wide() {
    #expect(
      line.text(columns: 200, colour: false) == """
        epoch 3/100  [###############---------------]  1475 images/s  loss 1.2346  train 54.32 %\
          rate 0.0075  batch 256, 512 from epoch 41  1:05:09 left
        """)
  }

  @Test("keeps what matters most where there is little")
  func narrow() {
    #expect(
      line.text(columns: 80, colour: false)
        == "epoch 3/100  [####-----]  1475 images/s  loss 1.2346  batch 256  1:05:09 left")
    #expect(line.text(columns: 40, colour: false) == "epoch 3/100  batch 256  1:05:09 left")
    #expect(line.text(columns: 12, colour: false) == "epoch 3/1")
  }

  @Test("fits into a window of any width, with numbers of any size")
  func fits() {
    var huge = line
    (huge.epoch, huge.epochs, huge.batchSize) = (99_999, 100_000, 1_000_000_000)
    (huge.loss, huge.rate, huge.imagesPerSecond) = (.infinity, 1e-300, 1e18)
    (huge.secondsLeft, huge.activity) = (1e300, "evaluating 100000 s")
    for columns in 0...200 {
      #expect(line.text(columns: columns, colour: false).count <= max(0, columns - 3))
      #expect(huge.text(columns: columns, colour: false).count <= max(0, columns - 3))
    }
  }

  @Test("has the same text in colour, with escapes around the bar's part alone")
  func colour() {
    let coloured = line.text(columns: 80, colour: true)
    #expect(coloured.contains("[\u{1B}[32m####\u{1B}[39m-----]"))
    #expect(
      coloured.replacing("\u{1B}[32m", with: "").replacing("\u{1B}[39m", with: "")
        == line.text(columns: 80, colour: false))
  }
}
