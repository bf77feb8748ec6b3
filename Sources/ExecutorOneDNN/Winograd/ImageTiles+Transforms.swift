// Between images and the matrices that are multiplied: `[place][row][channel]`, a row for each tile.
//
// Tiles are taken in strips: a row of tiles in one block of channels.
extension ImageTiles {
  /// Writes Bᵀ·d·B of the pixels that each tile's outputs see.
  ///
  /// - Parameter rows: of tiles.
  func writeInputs(
    of x: UnsafePointer<Vector>, _ rows: Range<Int>, to products: UnsafeMutablePointer<Vector>
  ) {
    switch tile {
    case .two: writeInputs(TileOfTwo.self, of: x, rows, to: products)
    case .four: writeInputs(TileOfFour.self, of: x, rows, to: products)
    }
  }

  /// Writes A·dy·Aᵀ of each tile.
  ///
  /// - Parameter sums: for the gradients' sum in each row of tiles, `[row][channel]`.
  func writeOutputGradients(
    of dy: UnsafePointer<Vector>, _ rows: Range<Int>, to products: UnsafeMutablePointer<Vector>,
    sums: UnsafeMutablePointer<Vector>?
  ) {
    switch tile {
    case .two: writeOutputGradients(TileOfTwo.self, of: dy, rows, to: products, sums: sums)
    case .four: writeOutputGradients(TileOfFour.self, of: dy, rows, to: products, sums: sums)
    }
  }

  /// Writes Aᵀ·m·A, the pixels of each tile.
  func writeOutputs(
    of products: UnsafeMutablePointer<Vector>, _ rows: Range<Int>,
    to y: UnsafeMutablePointer<Vector>, _ ending: Ending
  ) {
    switch tile {
    case .two: writeOutputs(TileOfTwo.self, of: products, rows, to: y, ending)
    case .four: writeOutputs(TileOfFour.self, of: products, rows, to: y, ending)
    }
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
  private func writeInputs<Transform: TileTransform>(
    _: Transform.Type, of x: UnsafePointer<Vector>, _ rows: Range<Int>,
    to products: UnsafeMutablePointer<Vector>
  ) {
    let (points, edge) = (Transform.points, Transform.edge)
    let (columns, depth, vectors) = (columns, depth, vectors)
    clearSpareRows(of: products, rows)
    let line = (edge * columns + 2) * vectors
    forEachStrip(rows, room: points * line + points * points) { strip, room in
      let pixels = room + points * points
      copy(x, strip, margin: 1, rows: points, of: line, to: pixels)
      for column in 0..<columns {
        for vector in 0..<vectors {
          let d = Plane(
            first: pixels + edge * column * vectors + vector, rowStride: line,
            columnStride: vectors)
          let v = place(products + strip.offset + column * depth + vector, points, rows)
          d.transform(Transform.Input.self, through: room, to: v)
        }
      }
    }
  }

  private func writeOutputGradients<Transform: TileTransform>(
    _: Transform.Type, of dy: UnsafePointer<Vector>, _ rows: Range<Int>,
    to products: UnsafeMutablePointer<Vector>, sums: UnsafeMutablePointer<Vector>?
  ) {
    let (points, edge) = (Transform.points, Transform.edge)
    let (columns, depth, vectors) = (columns, depth, vectors)
    clearSpareRows(of: products, rows)
    let line = edge * columns * vectors
    forEachStrip(rows, room: edge * line + points * edge) { strip, room in
      let pixels = room + points * edge
      copy(dy, strip, margin: 0, rows: edge, of: line, to: pixels)
      if let sums {
        for vector in 0..<vectors {
          var sum = Vector.zero
          for pixel in 0..<edge * edge * columns { sum += pixels[pixel * vectors + vector] }
          sums[strip.row * depth + strip.block * vectors + vector] = sum
        }
      }
      for column in 0..<columns {
        for vector in 0..<vectors {
          let dy = Plane(
            first: pixels + edge * column * vectors + vector, rowStride: line,
            columnStride: vectors)
          let g = place(products + strip.offset + column * depth + vector, points, rows)
          dy.transform(Transform.OutputGradient.self, through: room, to: g)
        }
      }
    }
  }

  private func writeOutputs<Transform: TileTransform>(
    _: Transform.Type, of products: UnsafeMutablePointer<Vector>, _ rows: Range<Int>,
    to y: UnsafeMutablePointer<Vector>, _ ending: Ending
  ) {
    let (points, edge) = (Transform.points, Transform.edge)
    let (height, width, columns, depth, vectors) = (height, width, columns, depth, vectors)
    forEachStrip(rows, room: (points + edge) * edge) { strip, room in
      if strip.isAbsent { return }
      let pixels = room + points * edge
      let outputs = Plane(first: pixels, rowStride: edge, columnStride: 1)
      let lines = min(edge, height - strip.y)
      for column in 0..<columns {
        let across = min(edge, width - edge * column)
        for vector in 0..<vectors {
          let m = place(products + strip.offset + column * depth + vector, points, rows)
          m.transform(Transform.Output.self, through: room, to: outputs)
          let addend = ending.bias(of: (strip.block * vectors + vector) * Vector.scalarCount)
          let target = y + strip.start + (strip.y * width + edge * column) * vectors + vector
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
            y: tile.edge * (line % rowsOfImage),
            offset: row * rowOfTiles + block * vectors, isAbsent: line >= self.rows)
          body(strip, room)
        }
      }
    }
  }

  /// Where a tile's places lie.
  @inline(__always)
  private func place(
    _ first: UnsafeMutablePointer<Vector>, _ points: Int, _ rows: Range<Int>
  ) -> Plane {
    let matrix = matrix(rows)
    return Plane(first: first, rowStride: points * matrix, columnStride: matrix)
  }

  /// Vectors of a matrix, its spare row counted.
  private func matrix(_ rows: Range<Int>) -> Int { rowsOfMatrix(rows.count) * depth }

  private func clearSpareRows(of products: UnsafeMutablePointer<Vector>, _ rows: Range<Int>) {
    for place in 1...tile.places {
      (products + place * matrix(rows) - depth).update(repeating: .zero, count: depth)
    }
  }

  /// Copies a strip's pixels, so that no tile has to ask where the image ends: there are zeros.
  ///
  /// - Parameters:
  ///   - margin: pixels around the strip that are copied with it.
  ///   - line: vectors of a row of the copy.
  private func copy(
    _ x: UnsafePointer<Vector>, _ strip: Strip, margin: Int, rows: Int, of line: Int,
    to pixels: UnsafeMutablePointer<Vector>
  ) {
    pixels.update(repeating: .zero, count: rows * line)
    if strip.isAbsent { return }
    for row in 0..<rows {
      let y = strip.y - margin + row
      guard 0..<height ~= y else { continue }
      (pixels + row * line + margin * vectors)
        .update(from: x + strip.start + y * width * vectors, count: width * vectors)
    }
  }
}
