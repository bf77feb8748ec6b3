import NetworkGraph

/// One thing that a compiled program does, as traces and profiles show it.
public struct ProgramStep: Sendable, Equatable {
  public enum Pass: String, Sendable, CaseIterable {
    /// Weights into the layouts of kernels, once after each update, where no pass does that itself.
    case packing
    case forward
    case backward
  }

  public let pass: Pass
  /// As in `convolution` or `reorder`.
  public let operation: String
  /// The layer it works for, as in a checkpoint, or nothing.
  public let layer: String
  /// What comes out of the layer's operation; nil for what works for no single one.
  public let output: TensorType?
  /// The implementation that was chosen: `jit:avx512_core`, `winograd brg:avx512_core` where own code
  /// is around it, or `Swift` for own code alone.
  public let kernel: String
  /// Of all images that pass together, a multiplication and an addition counted as two.
  public let floatingPointOperations: Int
  /// What the kernel has to compute: the same without those on padding, or the fewer products of a
  /// faster algorithm.
  public let necessaryOperations: Int
  /// Of everything that it reads and writes, each once.
  public let bytes: Int

  public init(
    pass: Pass, operation: String, layer: String, output: TensorType?, kernel: String,
    floatingPointOperations: Int, necessaryOperations: Int, bytes: Int
  ) {
    self.pass = pass
    self.operation = operation
    self.layer = layer
    self.output = output
    self.kernel = kernel
    self.floatingPointOperations = floatingPointOperations
    self.necessaryOperations = necessaryOperations
    self.bytes = bytes
  }

  /// What errors call it: `convolution layer1.0.conv1`.
  public var name: String { layer.isEmpty ? operation : "\(operation) \(layer)" }
}

/// Seconds of a program's kernels alone, with the own code that convolutions are made of.
public struct KernelSeconds: Sendable, Equatable {
  /// Once after each update.
  public let packing: Double
  /// Forward and backward, for each micro-batch.
  public let passes: Double

  public init(packing: Double, passes: Double) {
    self.packing = packing
    self.passes = passes
  }
}

/// A program that can tell where its time goes.
public protocol ProfiledProgram<Scalar>: Program {
  /// What the program does, pass by pass, in order.
  var steps: [ProgramStep] { get }
  /// Seconds that each of ``steps`` took in the runs since ``startProfile()``; empty before that.
  var stepSeconds: [Double] { get }

  /// Measures every step from here on, which costs two looks at the clock for each.
  func startProfile()

  /// Seconds that the library's kernels take for the newest pass forward and backward once more, in
  /// the program's order and buffers and with nothing between them: what a step could come down to
  /// with these kernels.
  ///
  /// Convolutions that consist of own code and a kernel are run whole. What is left out, beside
  /// other own code of the program, is done around programs: images, sums, updates. Outputs and the gradient of the newest passes are overwritten; the program has to be
  /// the one of its executor that ran last.
  func kernelSeconds() throws(ExecutorError) -> KernelSeconds
}
