import RunRecords

/// The test images that a run's weights were most wrong about, as part of a page.
struct WorstImages {
  let run: ReportRun
  let predictions: TestPredictions

  /// As many as a page shows.
  private static let most = 24

  var html: String {
    let shape = predictions.imageShape
    guard shape.count == 3 else { return "" }
    let size = shape.reduce(1, *)
    let figures = predictions.worst.prefix(Self.most).enumerated().compactMap { place, image in
      PNGImage(
        pixels: predictions.worstImages[place * size..<(place + 1) * size], channels: shape[0],
        height: shape[1], width: shape[2]
      ).map { figure(of: image, $0) }
    }
    guard !figures.isEmpty else { return "" }
    return """
      <h3>\(escapedHTML(run.label))</h3>
      <ul class="images">
      \(figures.joined(separator: "\n"))
      </ul>
      """
  }

  private func figure(of image: Int, _ png: PNGImage) -> String {
    let names = predictions.classNames
    let (label, guess) = (names[predictions.labels[image]], names[predictions.predictions[image]])
    let loss = rounded(Double(predictions.losses[image]), 2)
    let (height, width) = (predictions.imageShape[1], predictions.imageShape[2])
    let longer = max(height, width)
    return """
      <li><img src="\(png.dataURI)" width="\(96 * width / longer)" height="\(96 * height / longer)" \
      alt="test image \(image)"><br><b>\(escapedHTML(label))</b><br>taken for \
      \(escapedHTML(guess))<br><span class="note">no. \(image), loss \(loss)</span></li>
      """
  }
}
