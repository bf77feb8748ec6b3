import CDNNL
import Executors

// Gradients as products of matrices.
extension Lowering {
  /// The product of two matrices, a·b, of any layout each.
  ///
  /// A dense layer's gradients are such products, too, but where its weights lie in rows oneDNN 3.2
  /// makes them with a kernel that takes memory in each call, which the C library keeps: 15 MB (of
  /// 256 images) to 24 MB (of 1024) beside an AlexNet's plan. This one's is in the scratchpad. In f32
  /// it takes 1.1 times as long for the gradient by the weights and as long for that by the image,
  /// with tiles (AMX, bf16) less than half.
  func productKernel(
    _ a: Descriptor, _ b: Descriptor, _ product: Descriptor
  ) throws(ExecutorError) -> Kernel {
    try Kernel("dnnl_matmul_primitive_desc_create") {
      dnnl_matmul_primitive_desc_create(
        &$0, engine.handle, a.handle, b.handle, nil, product.handle, attributes.handle)
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
func sumColumns(
  of matrix: UnsafeRawPointer, rows: Int, width: Int, _ element: Element,
  to sums: UnsafeMutablePointer<Float>
) {
  OpenMP.parallel(width, atLeast: 64) { columns in
    for column in columns { sums[column] = 0 }
    for row in 0..<rows {
      let start = matrix + row * width * element.bytes
      switch element {
      case .f32:
        let numbers = start.assumingMemoryBound(to: Float.self)
        for column in columns { sums[column] += numbers[column] }
      case .bf16:
        let numbers = start.assumingMemoryBound(to: UInt16.self)
        for column in columns { sums[column] += Float(bitPattern: UInt32(numbers[column]) << 16) }
      }
    }
  }
}
