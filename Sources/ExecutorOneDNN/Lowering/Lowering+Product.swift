import CDNNL
import Executors

// Products of matrices, forward and in gradients.
extension Lowering {
  /// The product of two matrices, a·b, of any layout each.
  ///
  /// oneDNN has these as inner products, too. But where weights, or their gradients, lie in rows, 3.2
  /// makes those with a kernel that takes memory in each call, which the C library keeps: 8 to 16 MB
  /// beside the plan of an AlexNet of 256 to 1024 images; a matmul's is in the scratchpad. Rows are
  /// read as they lie, so no pass needs a copy of its own. On two cores of an Intel Xeon (model 207,
  /// 2026-11-28), AlexNet at 256: in f32 gradients by the weights take 1.1 times as long, all else is
  /// as fast, and a reorder is saved; with tiles (AMX, bf16) gradients by the weights take half.
  ///
  /// - Parameter attributes: the plain ones unless given.
  func productKernel(
    _ a: Descriptor, _ b: Descriptor, _ product: Descriptor, bias: Descriptor? = nil,
    _ attributes: Attributes? = nil
  ) throws(ExecutorError) -> Kernel {
    let attributes = attributes ?? self.attributes
    return try Kernel("dnnl_matmul_primitive_desc_create") {
      dnnl_matmul_primitive_desc_create(
        &$0, engine.handle, a.handle, b.handle, bias?.handle, product.handle, attributes.handle)
    }
  }

  /// Appends dyᵀ·x, the gradient of weights that make outputs of features.
  ///
  /// - Parameters:
  ///   - x: features `[rows, F]`.
  ///   - dy: of the outputs, which lie as `[rows, width]`, whatever their own sizes.
  ///   - dw: `[width, F]`.
  mutating func appendWeightGradient(
    _ operation: String, _ x: Tensor, _ dy: Tensor, rows: Int, width: Int, to dw: Tensor
  ) throws(ExecutorError) {
    let turned = Tensor(
      descriptor: try Descriptor([width, rows], dnnl_ba, compact), place: dy.place)
    try append(
      operation, productKernel(turned.descriptor, x.descriptor, dw.descriptor),
      [(DNNL_ARG_SRC, turned), (DNNL_ARG_WEIGHTS, x), (DNNL_ARG_DST, dw)])
  }
}

/// Writes the sum of each column of a matrix `[rows, width]`.
///
/// - Parameter adding: whether to what is there.
func sumColumns(
  of matrix: UnsafeRawPointer, rows: Int, width: Int, _ element: Element,
  to sums: UnsafeMutablePointer<Float>, adding: Bool = false
) {
  OpenMP.parallel(width, atLeast: 64) { columns in
    if !adding { for column in columns { sums[column] = 0 } }
    for row in 0..<rows {
      let start = matrix + row * width * element.bytes
      switch element {
      case .f32:
        let numbers = start.assumingMemoryBound(to: Float.self)
        for column in columns { sums[column] += numbers[column] }
      case .bf16:
        let numbers = start.assumingMemoryBound(to: UInt16.self)
        for column in columns { sums[column] += Float(bf16: numbers[column]) }
      }
    }
  }
}
