import NetworkGraph

/// Images of blocked channels, cut into tiles of 2×2 pixels; where sizes are odd, the last tiles reach
/// over the edge.
struct ImageTiles {
  let channels, height, width: Int
  private let images: Int
  /// Vectors of a block of channels, and of all channels.
  let vectors, depth: Int

  init(_ type: TensorType, _ element: Element, images: Int) {
    self.images = images
    (channels, height, width) = (type.dimensions[0], type.dimensions[1], type.dimensions[2])
    vectors = Layout.blockedChannels(type, element) / Vector.scalarCount
    depth = channels / Vector.scalarCount
  }

  /// Blocks of channels.
  var blocks: Int { depth / vectors }
  /// Of tiles, in one image.
  var rowsOfImage: Int { (height + 1) / 2 }
  var columns: Int { (width + 1) / 2 }
  /// Of tiles, in all images.
  var rows: Int { images * rowsOfImage }
  var count: Int { rows * columns }

  /// Rows of the matrices that rows of tiles become: one for each tile, and a spare one.
  ///
  /// With it, matrices do not lie powers of two apart, where a tile's 16 places would share the few
  /// cache lines of a set and push each other out; writing them took 2.7 times as long.
  func rowsOfMatrix(_ rows: Int) -> Int { rows * columns + 1 }
}
