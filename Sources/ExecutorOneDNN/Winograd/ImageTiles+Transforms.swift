// Between images and the 16 matrices that are multiplied: `[16][row][channel]`, a row for each tile.
//
// Tiles are taken in strips: a row of tiles in one block of channels.
extension ImageTiles {
  /// Writes Bᵀ·d·B of the 4×4 pixels around each tile.
  ///
  /// - Parameter rows: of tiles.
  func writeInputs(
    of x: UnsafePointer<Vector>, _ rows: Range<Int>, to products: UnsafeMutablePointer<Vector>
  ) {
    let (matrix, depth, vectors) = (matrix(rows), depth, vectors)
    let line = paddedLine
    clearSpareRows(of: products, rows)
    forEachShare(rows) { share in
      // Zeros around the strip, so that no tile has to ask where the image ends.
      withUnsafeTemporaryAllocation(of: Vector.self, capacity: 4 * line) { padded in
        padded.initialize(repeating: .zero)
        guard let pixels = padded.baseAddress else { return }
        for index in share {
          let strip = strip(index, of: rows)
          copy(x, strip, to: pixels)
          for column in 0..<columns {
            for vector in 0..<vectors {
              let source = pixels + 2 * column * vectors + vector
              let target = products + strip.offset + column * depth + vector
              Tile { source[$0 / 4 * line + $0 % 4 * vectors] }
                .map { $0.input }.transposed.map { $0.input }.transposed
                .forEach { target[$0 * matrix] = $1 }
            }
          }
        }
      }
    }
  }

  /// Writes A·dy·Aᵀ of each tile.
  func writeOutputGradients(
    of dy: UnsafePointer<Vector>, _ rows: Range<Int>, to products: UnsafeMutablePointer<Vector>
  ) {
    let (matrix, vectors) = (matrix(rows), vectors)
    clearSpareRows(of: products, rows)
    forEachTile(rows) { tile in
      for vector in 0..<vectors {
        let target = products + tile.offset + vector
        guard !tile.isAbsent else {
          for place in 0..<Winograd.places { target[place * matrix] = .zero }
          continue
        }
        let upper = dy + tile.start + vector
        let lower = upper + width * vectors
        let first = Four(outputGradient: upper[0], tile.isRight ? upper[vectors] : .zero)
        let second =
          tile.isLower
          ? Four(outputGradient: lower[0], tile.isRight ? lower[vectors] : .zero)
          : Four(outputGradient: .zero, .zero)
        Tile(
          Four(outputGradient: first.a, second.a), Four(outputGradient: first.b, second.b),
          Four(outputGradient: first.c, second.c), Four(outputGradient: first.d, second.d)
        )
        .transposed.forEach { target[$0 * matrix] = $1 }
      }
    }
  }

  /// Writes Aᵀ·m·A, the pixels of each tile.
  func writeOutputs(
    of products: UnsafePointer<Vector>, _ rows: Range<Int>, to y: UnsafeMutablePointer<Vector>,
    _ ending: Ending
  ) {
    let (matrix, vectors) = (matrix(rows), vectors)
    forEachTile(rows) { tile in
      if tile.isAbsent { return }
      let firstChannel = tile.block * vectors * Vector.scalarCount
      for vector in 0..<vectors {
        let source = products + tile.offset + vector
        let m = Tile { source[$0 * matrix] }
        let (a, b, c, d) = (m.first.output, m.second.output, m.third.output, m.fourth.output)
        let (left, right) = (Four(a.0, b.0, c.0, d.0).output, Four(a.1, b.1, c.1, d.1).output)
        let addend = ending.bias(of: firstChannel + vector * Vector.scalarCount)
        let upper = y + tile.start + vector
        let lower = upper + width * vectors
        ending.write(left.0 + addend, to: upper)
        if tile.isRight { ending.write(right.0 + addend, to: upper + vectors) }
        if tile.isLower { ending.write(left.1 + addend, to: lower) }
        if tile.isLower, tile.isRight { ending.write(right.1 + addend, to: lower + vectors) }
      }
    }
  }

  /// Adds up the gradients of each channel, of which place (1, 1) of A·dy·Aᵀ has each tile's sum.
  ///
  /// - Parameter adding: whether to what is there.
  func writeSums(
    of products: UnsafePointer<Vector>, _ rows: Range<Int>, to sums: UnsafeMutablePointer<Float>,
    adding: Bool
  ) {
    sumColumns(
      of: products + 5 * matrix(rows), rows: rowsOfMatrix(rows.count), width: channels, .f32,
      to: sums, adding: adding)
  }

  /// What is done to outputs on their way.
  struct Ending {
    /// One number for each channel, anywhere among other parameters.
    let bias: UnsafePointer<Float>?
    /// Whether they are added to what is there.
    let adds: Bool
    let relu: Bool

    /// That of a channel and the three after it.
    @inline(__always)
    fileprivate func bias(of channel: Int) -> Vector {
      guard let bias else { return .zero }
      return UnsafeRawPointer(bias + channel).loadUnaligned(as: Vector.self)
    }

    @inline(__always)
    fileprivate func write(_ output: Vector, to target: UnsafeMutablePointer<Vector>) {
      let sum = adds ? target.pointee + output : output
      target.pointee = relu ? sum.replacing(with: Vector.zero, where: sum .< Vector.zero) : sum
    }
  }
}

extension ImageTiles {
  private struct Strip {
    let block: Int
    /// The block's first pixel in memory, in vectors.
    let start: Int
    /// Of the upper pixels.
    let y: Int
    /// The first tile's vectors in a matrix.
    let offset: Int
    /// Beyond the last image.
    let isAbsent: Bool
  }

  private struct TilePosition {
    let block: Int
    /// The upper left pixel, in vectors.
    let start: Int
    /// The tile's vectors in a matrix.
    let offset: Int
    /// Whether the image has its lower and its right pixels.
    let isLower, isRight: Bool
    let isAbsent: Bool
  }

  private func strip(_ index: Int, of rows: Range<Int>) -> Strip {
    let (row, block) = (rows.lowerBound + index / blocks, index % blocks)
    return Strip(
      block: block, start: (row / rowsOfImage * blocks + block) * height * width * vectors,
      y: 2 * (row % rowsOfImage),
      offset: index / blocks * columns * depth + block * vectors, isAbsent: row >= self.rows)
  }

  /// Hands each thread its share of the strips of some rows of tiles.
  private func forEachShare(_ rows: Range<Int>, _ body: (Range<Int>) -> Void) {
    OpenMP.parallel(rows.count * blocks, atLeast: 16, body)
  }

  @inline(__always)
  private func forEachTile(_ rows: Range<Int>, _ body: (TilePosition) -> Void) {
    let (height, width, columns, depth, vectors) = (height, width, columns, depth, vectors)
    forEachShare(rows) { share in
      for index in share {
        let strip = strip(index, of: rows)
        for column in 0..<columns {
          body(
            TilePosition(
              block: strip.block,
              start: strip.start + (strip.y * width + 2 * column) * vectors,
              offset: strip.offset + column * depth, isLower: strip.y + 1 < height,
              isRight: 2 * column + 1 < width, isAbsent: strip.isAbsent))
        }
      }
    }
  }

  /// Vectors of a matrix, its spare row counted.
  private func matrix(_ rows: Range<Int>) -> Int { rowsOfMatrix(rows.count) * depth }

  /// Vectors of a row of pixels, zeros around it counted.
  private var paddedLine: Int { (2 * columns + 2) * vectors }

  private func clearSpareRows(of products: UnsafeMutablePointer<Vector>, _ rows: Range<Int>) {
    for place in 1...Winograd.places {
      (products + place * matrix(rows) - depth).update(repeating: .zero, count: depth)
    }
  }

  /// Copies the four rows of pixels around a strip between columns of zeros.
  private func copy(
    _ x: UnsafePointer<Vector>, _ strip: Strip, to padded: UnsafeMutablePointer<Vector>
  ) {
    for row in 0..<4 {
      let target = padded + row * paddedLine + vectors
      let y = strip.y - 1 + row
      if 0..<height ~= y, !strip.isAbsent {
        target.update(from: x + strip.start + y * width * vectors, count: width * vectors)
      } else {
        target.update(repeating: .zero, count: width * vectors)
      }
    }
  }
}
