/// What an algorithm of short convolutions does to the rows and columns of a tile of m×m pixels.
///
/// Outputs are bilinear in pixels and weights: Aᵀ[(G·g) ⊙ (B·d)] along an edge, with as few products as
/// G and B have rows (Winograd, "Arithmetic Complexity of Computations", 1980; Lavin and Gray,
/// arXiv:1509.09308, §4).
protocol TileTransform: SendableMetatype {
  /// Bᵀ: of the pixels that a tile's outputs see.
  associatedtype Input: LineTransform
  /// A: of the gradient of m outputs.
  associatedtype OutputGradient: LineTransform
  /// Aᵀ: of products, to m outputs.
  associatedtype Output: LineTransform
  /// G: of a filter's weights.
  associatedtype Filter: LineTransform
  /// Gᵀ: of products, to a filter's gradient.
  associatedtype FilterGradient: LineTransform
}

/// One of an algorithm's matrices.
protocol LineTransform: SendableMetatype {
  /// Its columns, and its rows.
  static var length: Int { get }
  static var result: Int { get }
  static func apply(to x: Line, _ y: Line)
}
