extension ImageTiles {
  /// A row of tiles in one block of channels.
  struct Strip {
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
  func forEachStrip(
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

  /// Vectors of a matrix of some rows of tiles, its spare row counted.
  func vectorsOfMatrix(_ rows: Range<Int>) -> Int { rowsOfMatrix(rows.count) * depth }
}
