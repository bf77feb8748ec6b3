import NetworkGraph

/// Images of blocked channels, cut into tiles; the last ones may reach over the edge.
struct ImageTiles {
  let algorithm: TileAlgorithm
  let channels, height, width: Int
  private let images: Int
  /// Vectors of a block of channels, and of all channels.
  let vectors, depth: Int

  init(_ type: TensorType, _ element: Element, _ algorithm: TileAlgorithm, images: Int) {
    self.algorithm = algorithm
    self.images = images
    (channels, height, width) = (type.dimensions[0], type.dimensions[1], type.dimensions[2])
    vectors = Layout.blockedChannels(type, element) / Vector.scalarCount
    depth = channels / Vector.scalarCount
  }

  /// Blocks of channels.
  var blocks: Int { depth / vectors }
  /// Of tiles, in one image.
  var rowsOfImage: Int { height.divided(by: algorithm.height) }
  var columns: Int { width.divided(by: algorithm.width) }
  /// Of tiles, in all images.
  var rows: Int { images * rowsOfImage }
  var count: Int { rows * columns }

  /// Rows of the matrices that rows of tiles become: one for each tile, and a spare one.
  ///
  /// With it, matrices do not lie powers of two apart, where a tile's places would share the few
  /// cache lines of a set and push each other out; writing them took 2.7 times as long.
  func rowsOfMatrix(_ rows: Int) -> Int { rows * columns + 1 }
}
