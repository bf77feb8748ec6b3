/// Flat vectors, and the same numbers in memory of their own.
///
/// ```
/// main(v0 f32[N0], v1 f32[N1], …) → v0, v1, …
/// ```
struct CopyText {
  let text: String

  /// - Parameter sizes: of the vectors.
  init(_ sizes: [Int]) {
    var function = FunctionText(named: "copies")
    let vectors = sizes.enumerated().map { index, size in
      function.argument("v\(index)", HLOType([size], .f32))
    }
    text = function.finished(HLOText(), returning: vectors)
  }
}
