/// An algorithm of short convolutions along an edge: F(m, r), of m outputs and a filter of r weights.
///
/// Outputs are bilinear in pixels and weights: Aᵀ[(G·g) ⊙ (Bᵀ·d)], with as few products as G and Bᵀ
/// have rows (Winograd, "Arithmetic Complexity of Computations", 1980; Lavin and Gray,
/// arXiv:1509.09308, §4).
protocol LineAlgorithm: SendableMetatype {
  /// Bᵀ: of the pixels that the outputs see.
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
