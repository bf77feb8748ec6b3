// Between images and the matrices that are multiplied: `[place][row][channel]`, a row for each tile.
//
// Tiles are taken in strips: a row of tiles in one block of channels.
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

  func writeOutputs(
    of products: UnsafeMutablePointer<Vector>, _ rows: Range<Int>,
    to y: UnsafeMutablePointer<Vector>, _ ending: Ending
  ) {
    algorithm.writeOutputs(self, products, rows, y, ending)
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

    /// Whether outputs are written as they are.
    fileprivate var isPlain: Bool { bias == nil && !adds && !relu }

    @inline(__always)
    fileprivate func write(_ output: Vector, to pixels: Line, _ index: Int) {
      let sum = adds ? pixels[index] + output : output
      pixels[index] = relu ? sum.replacing(with: Vector.zero, where: sum .< Vector.zero) : sum
    }
  }
}

extension ImageTiles {
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
    let (columns, depth, vectors) = (columns, depth, vectors)
    let (tileHeight, tileWidth) = (algorithm.height, algorithm.width * vectors)
    let matrix = vectorsOfMatrix(rows)
    clearSpareRows(of: products, rows)
    // Vectors beside the image that tiles see, of a row of pixels, and of one with what is beside it.
    let margin = (Across.length - algorithm.width) / 2 * vectors
    let row = width * vectors
    let line = margin + max(row, tileWidth * columns) + margin
    forEachStrip(rows, room: Down.result * line + Down.length * row) { strip, room in
      let first = strip.y - (Down.length - tileHeight) / 2
      let pixels = rowsOfPixels(
        first..<first + Down.length, of: x, strip, through: room + Down.result * line)
      if let sums {
        let target = sums + strip.row * depth + strip.block * vectors
        for vector in 0..<vectors {
          target[vector] = sum(of: pixels + vector, Down.length * width)
        }
      }
      // Tiles share columns, so all are transformed before the first row is.
      for index in 0..<Down.result {
        let between = room + index * line
        between.update(repeating: .zero, count: margin)
        (between + margin + row).update(repeating: .zero, count: line - row - margin)
      }
      for vector in 0..<row {
        Down.apply(
          to: Line(first: pixels + vector, stride: row),
          Line(first: room + margin + vector, stride: line))
      }
      for index in 0..<Down.result {
        let (between, places) = (
          room + index * line, products + strip.offset + index * Across.result * matrix
        )
        for column in 0..<columns {
          for vector in 0..<vectors {
            Across.apply(
              to: Line(first: between + column * tileWidth + vector, stride: vectors),
              Line(first: places + column * depth + vector, stride: matrix))
          }
        }
      }
    }
  }

  /// Writes the pixels that the transforms make of each tile's products.
  func write<Down: LineTransform, Across: LineTransform>(
    _: Down.Type, _: Across.Type, of products: UnsafeMutablePointer<Vector>, _ rows: Range<Int>,
    to y: UnsafeMutablePointer<Vector>, _ ending: Ending
  ) {
    let (height, width, columns, depth, vectors) = (height, width, columns, depth, vectors)
    let matrix = vectorsOfMatrix(rows)
    let row = width * vectors
    let tilesOfStrip = columns * vectors
    forEachStrip(rows, room: (Down.result * tilesOfStrip + 1) * Across.length) { strip, room in
      if strip.isAbsent { return }
      let tile = Down.result * Across.length
      for index in 0..<Across.length {
        let places = products + strip.offset + index * matrix
        for column in 0..<columns {
          for vector in 0..<vectors {
            Down.apply(
              to: Line(first: places + column * depth + vector, stride: Across.length * matrix),
              Line(first: room + (column * vectors + vector) * tile + index, stride: Across.length))
          }
        }
      }
      let outputs = Line(first: room + tile * tilesOfStrip, stride: 1)
      let lines = min(Down.result, height - strip.y)
      for column in 0..<columns {
        let across = min(Across.result, width - Across.result * column)
        for vector in 0..<vectors {
          let room = room + (column * vectors + vector) * tile
          let target = y + strip.start + strip.y * row + Across.result * column * vectors + vector
          let bias = ending.bias(of: (strip.block * vectors + vector) * Vector.scalarCount)
          for index in 0..<lines {
            let between = Line(first: room + index * Across.length, stride: 1)
            let pixels = Line(first: target + index * row, stride: vectors)
            if ending.isPlain, across == Across.result {
              Across.apply(to: between, pixels)
            } else {
              Across.apply(to: between, outputs)
              for pixel in 0..<across { ending.write(outputs[pixel] + bias, to: pixels, pixel) }
            }
          }
        }
      }
    }
  }

  /// - Parameter count: of pixels.
  private func sum(of pixels: UnsafePointer<Vector>, _ count: Int) -> Vector {
    var sum = Vector.zero
    for pixel in 0..<count { sum += pixels[pixel * vectors] }
    return sum
  }

  private struct Strip {
    /// Of tiles, counted from the first that is asked for.
    let row: Int
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

  /// Hands each thread its share of the strips of some rows of tiles, and room for so many vectors.
  @inline(__always)
  private func forEachStrip(
    _ rows: Range<Int>, room: Int, _ body: (Strip, UnsafeMutablePointer<Vector>) -> Void
  ) {
    let (blocks, rowsOfImage) = (blocks, rowsOfImage)
    let (image, rowOfTiles) = (height * width * vectors, columns * depth)
    OpenMP.parallel(rows.count * blocks, atLeast: 16) { share in
      withUnsafeTemporaryAllocation(of: Vector.self, capacity: room) { room in
        guard let room = room.baseAddress else { return }
        for index in share {
          let (row, block) = (index / blocks, index % blocks)
          let line = rows.lowerBound + row
          let strip = Strip(
            row: row, block: block, start: (line / rowsOfImage * blocks + block) * image,
            y: algorithm.height * (line % rowsOfImage),
            offset: row * rowOfTiles + block * vectors, isAbsent: line >= self.rows)
          body(strip, room)
        }
      }
    }
  }

  /// Vectors of a matrix, its spare row counted.
  private func vectorsOfMatrix(_ rows: Range<Int>) -> Int { rowsOfMatrix(rows.count) * depth }

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
    (room + (inside.lowerBound - rows.lowerBound) * row)
      .update(from: image + inside.lowerBound * row, count: inside.count * row)
    return room
  }
}
