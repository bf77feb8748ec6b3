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

    @inline(__always)
    fileprivate func write(_ output: Vector, to target: UnsafeMutablePointer<Vector>) {
      let sum = adds ? target.pointee + output : output
      target.pointee = relu ? sum.replacing(with: Vector.zero, where: sum .< Vector.zero) : sum
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
    let tile = (height: algorithm.height, width: algorithm.width)
    let (columns, depth, vectors) = (columns, depth, vectors)
    let matrix = vectorsOfMatrix(rows)
    clearSpareRows(of: products, rows)
    let margin = (
      above: (Down.length - tile.height) / 2, before: (Across.length - tile.width) / 2
    )
    let isCopied = margin != (0, 0) || height % tile.height + width % tile.width > 0
    let line = (tile.width * columns + 2 * margin.before) * vectors
    let between = Down.result * Across.length
    forEachStrip(rows, room: between + Down.length * line) { strip, room in
      let pixels =
        isCopied || strip.isAbsent
        ? copy(x, strip, margin: margin, rows: Down.length, of: line, to: room + between)
        : UnsafeMutablePointer(mutating: x + strip.start + strip.y * width * vectors)
      if let sums {
        let target = sums + strip.row * depth + strip.block * vectors
        for vector in 0..<vectors {
          target[vector] = sum(of: pixels + vector, Down.length * line / vectors)
        }
      }
      for column in 0..<columns {
        for vector in 0..<vectors {
          let pixels = Plane(
            first: pixels + tile.width * column * vectors + vector, rowStride: line,
            columnStride: vectors)
          let places = Plane(
            first: products + strip.offset + column * depth + vector,
            rowStride: Across.result * matrix, columnStride: matrix)
          pixels.transform(Down.self, Across.self, through: room, to: places)
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
    forEachStrip(rows, room: Down.result * (Across.length + Across.result)) { strip, room in
      if strip.isAbsent { return }
      // Constants to the compiler only if they are not taken along from outside.
      let tile = (height: Down.result, width: Across.result)
      let outputs = Plane(
        first: room + Down.result * Across.length, rowStride: tile.width, columnStride: 1)
      let lines = min(tile.height, height - strip.y)
      for column in 0..<columns {
        let across = min(tile.width, width - tile.width * column)
        for vector in 0..<vectors {
          let places = Plane(
            first: products + strip.offset + column * depth + vector,
            rowStride: Across.length * matrix, columnStride: matrix)
          places.transform(Down.self, Across.self, through: room, to: outputs)
          let addend = ending.bias(of: (strip.block * vectors + vector) * Vector.scalarCount)
          let target = y + strip.start + (strip.y * width + tile.width * column) * vectors + vector
          for row in 0..<lines {
            for pixel in 0..<across {
              ending.write(
                outputs.row(row)[pixel] + addend, to: target + (row * width + pixel) * vectors)
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

  /// Copies a strip's pixels, so that no tile has to ask where the image ends: there are zeros.
  ///
  /// - Parameters:
  ///   - margin: pixels around the strip that are copied with it.
  ///   - line: vectors of a row of the copy.
  private func copy(
    _ x: UnsafePointer<Vector>, _ strip: Strip, margin: (above: Int, before: Int), rows: Int,
    of line: Int, to pixels: UnsafeMutablePointer<Vector>
  ) -> UnsafeMutablePointer<Vector> {
    pixels.update(repeating: .zero, count: rows * line)
    if strip.isAbsent { return pixels }
    for row in 0..<rows {
      let y = strip.y - margin.above + row
      guard 0..<height ~= y else { continue }
      (pixels + row * line + margin.before * vectors)
        .update(from: x + strip.start + y * width * vectors, count: width * vectors)
    }
    return pixels
  }
}
