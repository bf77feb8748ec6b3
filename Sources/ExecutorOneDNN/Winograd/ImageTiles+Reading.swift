// From images to the matrices that are multiplied: `[place][row][channel]`, a row for each tile.
extension ImageTiles {
  /// - Parameter rows: of tiles.
  func writeInputs(
    of x: UnsafePointer<Vector>, _ rows: Range<Int>, to products: UnsafeMutablePointer<Vector>
  ) {
    algorithm.writeInputs(self, x, rows, products, nil)
  }

  /// - Parameter sums: for the gradients' sum in each row of tiles, `[row][channel]`.
  func writeOutputGradients(
    of dy: UnsafePointer<Vector>, _ rows: Range<Int>, to products: UnsafeMutablePointer<Vector>,
    sums: UnsafeMutablePointer<Vector>?
  ) {
    algorithm.writeOutputGradients(self, dy, rows, products, sums)
  }

  /// Writes what the transforms make of each tile's pixels.
  ///
  /// - Parameters:
  ///   - rows: of tiles.
  ///   - sums: for the pixels' sum in each row of tiles, `[row][channel]`, where no tile sees what
  ///     lies in another one.
  func read<Down: LineTransform, Across: LineTransform>(
    _: Down.Type, _: Across.Type, of x: UnsafePointer<Vector>, _ rows: Range<Int>,
    to products: UnsafeMutablePointer<Vector>, sums: UnsafeMutablePointer<Vector>?
  ) {
    clearSpareRows(of: products, rows)
    let (matrix, above) = (vectorsOfMatrix(rows), (Down.length - algorithm.height) / 2)
    let row = PixelRow(self, beside: (Across.length - algorithm.width) / 2)
    let between = Down.result * row.length
    forEachStrip(rows, room: between + Down.length * row.pixels) { strip, room in
      let first = strip.y - above
      let pixels = rowsOfPixels(
        first..<first + Down.length, of: x, strip, through: room + between)
      if let sums {
        writeSum(
          of: pixels, count: Down.length * width,
          to: sums + strip.row * depth + strip.block * vectors)
      }
      transformDown(Down.self, pixels, row, to: room)
      for index in 0..<Down.result {
        transformAcross(
          Across.self, room + index * row.length,
          to: products + strip.offset + index * Across.result * matrix, matrix: matrix)
      }
    }
  }

  /// Vectors of a row of pixels of one block, and of what tiles see beside it.
  private struct PixelRow {
    let pixels, margin, length: Int

    init(_ tiles: ImageTiles, beside: Int) {
      pixels = tiles.width * tiles.vectors
      margin = beside * tiles.vectors
      length = tiles.algorithm.width * tiles.columns * tiles.vectors + 2 * margin
    }
  }

  /// Transforms each column of a strip, which tiles share, and writes zeros beside the image.
  @inline(__always)
  private func transformDown<Down: LineTransform>(
    _: Down.Type, _ pixels: UnsafeMutablePointer<Vector>, _ row: PixelRow,
    to between: UnsafeMutablePointer<Vector>
  ) {
    let end = row.margin + row.pixels
    for index in 0..<Down.result {
      let line = between + index * row.length
      line.update(repeating: .zero, count: row.margin)
      (line + end).update(repeating: .zero, count: row.length - end)
    }
    for vector in 0..<row.pixels {
      Down.apply(
        to: Line(first: pixels + vector, stride: row.pixels),
        Line(first: between + row.margin + vector, stride: row.length))
    }
  }

  /// Transforms one row of all tiles of a strip, to places of as many matrices as a tile has there.
  ///
  /// Of all rows of a tile in turn there were 36 places to be written at once, which took longer.
  @inline(__always)
  private func transformAcross<Across: LineTransform>(
    _: Across.Type, _ line: UnsafeMutablePointer<Vector>,
    to places: UnsafeMutablePointer<Vector>, matrix: Int
  ) {
    let (columns, depth, vectors, tile) = (columns, depth, vectors, algorithm.width * vectors)
    for column in 0..<columns {
      for vector in 0..<vectors {
        Across.apply(
          to: Line(first: line + column * tile + vector, stride: vectors),
          Line(first: places + column * depth + vector, stride: matrix))
      }
    }
  }

  /// - Parameter count: of pixels.
  private func writeSum(
    of pixels: UnsafePointer<Vector>, count: Int, to sums: UnsafeMutablePointer<Vector>
  ) {
    for vector in 0..<vectors {
      var sum = Vector.zero
      for pixel in 0..<count { sum += pixels[pixel * vectors + vector] }
      sums[vector] = sum
    }
  }

  private func clearSpareRows(of products: UnsafeMutablePointer<Vector>, _ rows: Range<Int>) {
    for place in 1...algorithm.places {
      (products + place * vectorsOfMatrix(rows) - depth).update(repeating: .zero, count: depth)
    }
  }

  /// Some rows of a strip's pixels, copied where some are beyond the image: there are zeros.
  private func rowsOfPixels(
    _ rows: Range<Int>, of x: UnsafePointer<Vector>, _ strip: Strip,
    through room: UnsafeMutablePointer<Vector>
  ) -> UnsafeMutablePointer<Vector> {
    let (row, image) = (width * vectors, UnsafeMutablePointer(mutating: x + strip.start))
    let inside = strip.isAbsent ? 0..<0 : rows.clamped(to: 0..<height)
    if inside == rows { return image + rows.lowerBound * row }
    room.update(repeating: .zero, count: rows.count * row)
    if inside.isEmpty { return room }
    (room + (inside.lowerBound - rows.lowerBound) * row)
      .update(from: image + inside.lowerBound * row, count: inside.count * row)
    return room
  }
}
