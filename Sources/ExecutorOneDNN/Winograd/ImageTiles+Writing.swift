// From products of matrices, `[place][row][channel]`, to images.
extension ImageTiles {
  /// - Parameter rows: of tiles.
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

    /// Whether outputs are written as they are.
    fileprivate var isPlain: Bool { bias == nil && !adds && !relu }

    /// That of a channel and the three after it.
    @inline(__always)
    fileprivate func bias(of channel: Int) -> Vector {
      guard let bias else { return .zero }
      return UnsafeRawPointer(bias + channel).loadUnaligned(as: Vector.self)
    }

    @inline(__always)
    fileprivate func write(_ output: Vector, to pixels: Line, _ index: Int) {
      let sum = adds ? pixels[index] + output : output
      pixels[index] = relu ? sum.replacing(with: Vector.zero, where: sum .< Vector.zero) : sum
    }
  }

  /// Writes the pixels that the transforms make of each tile's products.
  func write<Down: LineTransform, Across: LineTransform>(
    _: Down.Type, _: Across.Type, of products: UnsafeMutablePointer<Vector>, _ rows: Range<Int>,
    to y: UnsafeMutablePointer<Vector>, _ ending: Ending
  ) {
    let (height, width, columns, vectors) = (height, width, columns, vectors)
    let (matrix, row) = (vectorsOfMatrix(rows), width * vectors)
    let between = columns * vectors * Down.result * Across.length
    forEachStrip(rows, room: between + Across.result) { strip, room in
      if strip.isAbsent { return }
      for index in 0..<Across.length {
        transformDown(
          Down.self, products + strip.offset + index * matrix, matrix: Across.length * matrix,
          to: Line(first: room + index, stride: Across.length))
      }
      let outputs = Line(first: room + between, stride: 1)
      let lines = min(Down.result, height - strip.y)
      for column in 0..<columns {
        let across = min(Across.result, width - Across.result * column)
        for vector in 0..<vectors {
          let tile = room + (column * vectors + vector) * Down.result * Across.length
          let target = y + strip.start + strip.y * row + Across.result * column * vectors + vector
          let bias = ending.bias(of: (strip.block * vectors + vector) * Vector.scalarCount)
          for index in 0..<lines {
            let line = Line(first: tile + index * Across.length, stride: 1)
            let pixels = Line(first: target + index * row, stride: vectors)
            if ending.isPlain, across == Across.result {
              Across.apply(to: line, pixels)
            } else {
              Across.apply(to: line, outputs)
              for pixel in 0..<across { ending.write(outputs[pixel] + bias, to: pixels, pixel) }
            }
          }
        }
      }
    }
  }

  /// Transforms one column of all tiles of a strip, from places of as many matrices as a tile has there.
  ///
  /// - Parameters:
  ///   - matrix: vectors from one of these matrices to the next.
  ///   - tiles: where the first tile's column goes; the others' follow, tile by tile.
  @inline(__always)
  private func transformDown<Down: LineTransform>(
    _: Down.Type, _ places: UnsafeMutablePointer<Vector>, matrix: Int, to tiles: Line
  ) {
    let (columns, depth, vectors, tile) = (columns, depth, vectors, Down.result * tiles.stride)
    for column in 0..<columns {
      for vector in 0..<vectors {
        Down.apply(
          to: Line(first: places + column * depth + vector, stride: matrix),
          Line(first: tiles.first + (column * vectors + vector) * tile, stride: tiles.stride))
      }
    }
  }
}
