import CDNNL
import Executors

/// What the machine reaches at best, measured: the floor under every step.
public struct MachineLimits: Sendable, Codable {
  /// Floating-point operations in a second, of the fastest run of a product of two matrices that fit
  /// into the caches: oneDNN's kernel for it does little but multiply and add.
  public let operationsPerSecond: Double
  /// Bytes in a second, read and written ones counted, of copies that no cache holds.
  public let bytesPerSecond: Double

  /// The faster of two measurements, each figure by itself.
  public func best(with other: MachineLimits) -> MachineLimits {
    MachineLimits(
      operationsPerSecond: max(operationsPerSecond, other.operationsPerSecond),
      bytesPerSecond: max(bytesPerSecond, other.bytesPerSecond))
  }
}

extension OneDNNExecutor {
  /// Measures the limits in the executor's precision, on its threads; takes about a second.
  public func measureLimits() throws -> MachineLimits {
    MachineLimits(
      operationsPerSecond: try fastestProduct(), bytesPerSecond: try fastestCopy())
  }

  private func fastestProduct() throws -> Double {
    let size = 768
    let element = precision.element
    return try onThread { () throws(ExecutorError) in
      let rows = try Descriptor([size, size], dnnl_ab, element)
      let any = try Descriptor([size, size], dnnl_format_tag_any, element)
      let attributes = try Attributes()
      let kernel = try Kernel("dnnl_inner_product_forward_primitive_desc_create") {
        dnnl_inner_product_forward_primitive_desc_create(
          &$0, context.engine.handle, dnnl_forward_inference, rows.handle, any.handle, nil,
          rows.handle, attributes.handle)
      }
      let primitive = try Primitive(kernel)
      var arguments: [(Int32, Descriptor)] = [
        (DNNL_ARG_SRC, rows), (DNNL_ARG_DST, rows),
        (DNNL_ARG_WEIGHTS, try kernel.layout(of: dnnl_query_weights_md)),
      ]
      if let scratchpad = try primitive.scratchpadDescriptor() {
        arguments.append((DNNL_ARG_SCRATCHPAD, scratchpad))
      }
      // Zeros multiply as fast as other numbers.
      let buffers = arguments.map { Buffer<UInt8>(repeating: 0, count: $0.1.bytes) }
      var memories: [Memory] = []
      var ready: [dnnl_exec_arg_t] = []
      for ((argument, descriptor), buffer) in zip(arguments, buffers) {
        let memory = try Memory(descriptor, context.engine)
        try memory.place(at: UnsafeMutableRawPointer(buffer.pointer))
        memories.append(memory)
        ready.append(dnnl_exec_arg_t(arg: argument, memory: memory.handle))
      }
      let seconds = try fastest(of: 100) { () throws(ExecutorError) in
        try check(
          "dnnl_primitive_execute",
          dnnl_primitive_execute(
            primitive.handle, context.stream.handle, Int32(ready.count), ready))
      }
      withExtendedLifetime((buffers, memories)) {}
      return 2 * Double(size * size * size) / seconds
    }
  }

  private func fastestCopy() throws -> Double {
    // Several times the largest cache.
    let count = 64 << 20
    let (source, target) = (
      Buffer<Float>(repeating: 1, count: count), Buffer<Float>(repeating: 0, count: count)
    )
    let seconds = fastest(of: 5) {
      divide(count) { part in
        (target.pointer + part.lowerBound).update(
          from: source.pointer + part.lowerBound, count: part.count)
      }
    }
    return 2 * Double(count * MemoryLayout<Float>.stride) / seconds
  }
}

/// Seconds of the fastest of several runs.
private func fastest<Failure: Error>(
  of runs: Int, _ body: () throws(Failure) -> Void
) throws(Failure) -> Double {
  var seconds = Double.infinity
  for _ in 0..<runs {
    let start = ContinuousClock.now
    try body()
    seconds = min(seconds, (ContinuousClock.now - start) / .seconds(1))
  }
  return seconds
}
