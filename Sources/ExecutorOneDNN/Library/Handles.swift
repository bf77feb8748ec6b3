import CDNNL
import Executors

// Every handle of oneDNN reaches Swift as the same OpaquePointer, so each kind gets a class of its
// own: the compiler then sees swapped arguments, and `deinit` frees what was made.

/// The CPU, as oneDNN sees it.
final class Engine {
  let handle: dnnl_engine_t

  init() throws(ExecutorError) {
    var handle: dnnl_engine_t?
    try check("dnnl_engine_create", dnnl_engine_create(&handle, dnnl_cpu, 0))
    self.handle = try made(handle)
  }

  deinit { dnnl_engine_destroy(handle) }
}

/// The order in which primitives are executed: one after the other.
final class Stream {
  let handle: dnnl_stream_t

  init(_ engine: Engine) throws(ExecutorError) {
    var handle: dnnl_stream_t?
    let flags = dnnl_stream_default_flags.rawValue
    try check("dnnl_stream_create", dnnl_stream_create(&handle, engine.handle, flags))
    self.handle = try made(handle)
  }

  deinit { dnnl_stream_destroy(handle) }
}

/// Dimensions and layout of a tensor, and the kind of its numbers.
final class Descriptor {
  let handle: dnnl_memory_desc_t

  /// - Parameter tag: `dnnl_format_tag_any` leaves the layout to the primitive.
  init(
    _ dimensions: [Int], _ tag: dnnl_format_tag_t, _ element: Element = .f32
  ) throws(ExecutorError) {
    var handle: dnnl_memory_desc_t?
    try check(
      "dnnl_memory_desc_create_with_tag",
      dnnl_memory_desc_create_with_tag(
        &handle, Int32(dimensions.count), dimensions.map(Int64.init), element.type, tag))
    self.handle = try made(handle)
  }

  /// A copy of a descriptor that belongs to somebody else.
  init(copying other: const_dnnl_memory_desc_t) throws(ExecutorError) {
    var handle: dnnl_memory_desc_t?
    try check("dnnl_memory_desc_clone", dnnl_memory_desc_clone(&handle, other))
    self.handle = try made(handle)
  }

  deinit { dnnl_memory_desc_destroy(handle) }

  var bytes: Int { dnnl_memory_desc_get_size(handle) }

  /// nil for what oneDNN keeps for itself, such as workspaces.
  var element: Element? {
    var type = dnnl_data_type_undef
    let status = dnnl_memory_desc_query(handle, dnnl_query_data_type, &type)
    return status == dnnl_success ? Element.allCases.first { $0.type == type } : nil
  }

  func isSame(as other: Descriptor) -> Bool { dnnl_memory_desc_equal(handle, other.handle) != 0 }
}

/// A chosen kernel with its layouts.
final class Kernel {
  let handle: dnnl_primitive_desc_t

  /// - Parameter create: calls one of oneDNN's `…_primitive_desc_create`.
  init(
    _ call: String, _ create: (inout dnnl_primitive_desc_t?) -> dnnl_status_t
  ) throws(ExecutorError) {
    var handle: dnnl_primitive_desc_t?
    try check(call, create(&handle))
    self.handle = try made(handle)
  }

  deinit { dnnl_primitive_desc_destroy(handle) }

  /// The layout that the kernel wants for its argument, or nil where it has no such argument.
  func descriptor(_ query: dnnl_query_t) throws(ExecutorError) -> Descriptor? {
    guard let borrowed = dnnl_primitive_desc_query_md(handle, query, 0) else { return nil }
    return try Descriptor(copying: borrowed)
  }

  /// The name of the implementation that oneDNN chose, such as `jit:avx512_core`.
  var implementation: String {
    var name: UnsafePointer<CChar>?
    let status = dnnl_primitive_desc_query(handle, dnnl_query_impl_info_str, 0, &name)
    guard status == dnnl_success, let name else { return "unknown" }
    return String(cString: name)
  }

  /// Bytes that the kernel needs while it runs.
  var scratchpadBytes: Int {
    dnnl_primitive_desc_query_md(handle, dnnl_query_scratchpad_md, 0)
      .map { dnnl_memory_desc_get_size($0) } ?? 0
  }
}

/// A kernel ready to be executed.
final class Primitive {
  let handle: dnnl_primitive_t

  init(_ kernel: Kernel) throws(ExecutorError) {
    var handle: dnnl_primitive_t?
    try check("dnnl_primitive_create", dnnl_primitive_create(&handle, kernel.handle))
    self.handle = try made(handle)
  }

  deinit { dnnl_primitive_destroy(handle) }
}

/// A descriptor with a place in memory.
final class Memory {
  let handle: dnnl_memory_t

  /// Memory without a place, which ``place(at:)`` gives it.
  init(_ descriptor: Descriptor, _ engine: Engine) throws(ExecutorError) {
    var handle: dnnl_memory_t?
    try check(
      "dnnl_memory_create", dnnl_memory_create(&handle, descriptor.handle, engine.handle, nil))
    self.handle = try made(handle)
  }

  deinit { dnnl_memory_destroy(handle) }

  func place(at pointer: UnsafeMutableRawPointer) throws(ExecutorError) {
    try check("dnnl_memory_set_data_handle", dnnl_memory_set_data_handle(handle, pointer))
  }
}

/// Attributes that make a kernel take its scratchpad from us: the library's own belongs to the
/// thread that made the primitive.
final class Attributes {
  let handle: dnnl_primitive_attr_t

  init() throws(ExecutorError) {
    var handle: dnnl_primitive_attr_t?
    try check("dnnl_primitive_attr_create", dnnl_primitive_attr_create(&handle))
    self.handle = try made(handle)
    try check(
      "dnnl_primitive_attr_set_scratchpad_mode",
      dnnl_primitive_attr_set_scratchpad_mode(self.handle, dnnl_scratchpad_mode_user))
  }

  /// The same for a kernel that adds its result to what is in its output, ends in a ReLU, or both.
  convenience init(sum: Bool, relu: Bool) throws(ExecutorError) {
    try self.init()
    var operations: dnnl_post_ops_t?
    try check("dnnl_post_ops_create", dnnl_post_ops_create(&operations))
    defer { dnnl_post_ops_destroy(operations) }
    if sum {
      try check(
        "dnnl_post_ops_append_sum",
        dnnl_post_ops_append_sum(operations, 1, 0, dnnl_data_type_undef))
    }
    if relu {
      try check(
        "dnnl_post_ops_append_eltwise",
        dnnl_post_ops_append_eltwise(operations, dnnl_eltwise_relu, 0, 0))
    }
    try check(
      "dnnl_primitive_attr_set_post_ops", dnnl_primitive_attr_set_post_ops(handle, operations))
  }

  deinit { dnnl_primitive_attr_destroy(handle) }
}

private func made(_ handle: OpaquePointer?) throws(ExecutorError) -> OpaquePointer {
  guard let handle else {
    throw ExecutorError(
      .library, problem: "oneDNN made nothing and reported success", fix: "use oneDNN 3.2 or newer")
  }
  return handle
}
