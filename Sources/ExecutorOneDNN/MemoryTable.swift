import CDNNL
import Executors

/// A step with its arguments as oneDNN takes them.
enum ReadyStep {
  case primitive(Primitive, name: String, [dnnl_exec_arg_t])
  case pieces(Pieces, Primitive, name: String, [dnnl_exec_arg_t])
  case native((OneDNNProgram) -> Void)
}

/// oneDNN's memory objects of a program, made once and told where to point when that changes.
final class MemoryTable {
  private struct Entry {
    let memory: Memory
    let descriptor: Descriptor
    let place: Place
    var pointer: UnsafeMutableRawPointer?
  }

  private let engine: Engine
  private let scratchpadBlock: Int
  private var entries: [Entry] = []
  private var entriesAt: [Place: [Int]] = [:]

  init(_ engine: Engine, scratchpadBlock: Int) {
    self.engine = engine
    self.scratchpadBlock = scratchpadBlock
  }

  /// Makes the memory objects that `steps` need.
  func ready(_ steps: [Step]) throws(ExecutorError) -> [ReadyStep] {
    var ready: [ReadyStep] = []
    for step in steps {
      switch step.work {
      case .native(let body): ready.append(.native(body))
      case .primitive(let primitive, let arguments):
        let arguments = try executable(primitive, arguments)
        ready.append(.primitive(primitive, name: step.label.name, arguments))
      case .pieces(let pieces, let primitive, let arguments):
        let arguments = try executable(primitive, arguments)
        ready.append(.pieces(pieces, primitive, name: step.label.name, arguments))
      }
    }
    return ready
  }

  /// Points every memory object to where its place is now.
  func place(_ pointer: (Place) -> UnsafeMutableRawPointer?) throws(ExecutorError) {
    for index in entries.indices {
      let target = pointer(entries[index].place)
      guard let target, target != entries[index].pointer else { continue }
      try entries[index].memory.place(at: target)
      entries[index].pointer = target
    }
  }

  private func executable(
    _ primitive: Primitive, _ arguments: [(argument: Int32, Tensor)]
  ) throws(ExecutorError) -> [dnnl_exec_arg_t] {
    var ready: [dnnl_exec_arg_t] = []
    for (argument, tensor) in arguments {
      let memory = try memory(tensor.descriptor, tensor.place)
      ready.append(dnnl_exec_arg_t(arg: argument, memory: memory.handle))
    }
    if let scratchpad = try primitive.scratchpadDescriptor() {
      let memory = try memory(scratchpad, .block(scratchpadBlock))
      ready.append(dnnl_exec_arg_t(arg: DNNL_ARG_SCRATCHPAD, memory: memory.handle))
    }
    return ready
  }

  private func memory(_ descriptor: Descriptor, _ place: Place) throws(ExecutorError) -> Memory {
    for index in entriesAt[place] ?? [] where entries[index].descriptor.isSame(as: descriptor) {
      return entries[index].memory
    }
    let memory = try Memory(descriptor, engine)
    entriesAt[place, default: []].append(entries.count)
    entries.append(Entry(memory: memory, descriptor: descriptor, place: place))
    return memory
  }
}

extension Primitive {
  /// The scratchpad that the primitive wants, or nil where it wants none.
  func scratchpadDescriptor() throws(ExecutorError) -> Descriptor? {
    var description: const_dnnl_primitive_desc_t?
    try check(
      "dnnl_primitive_get_primitive_desc", dnnl_primitive_get_primitive_desc(handle, &description))
    guard let borrowed = dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0),
      dnnl_memory_desc_get_size(borrowed) > 0
    else { return nil }
    return try Descriptor(copying: borrowed)
  }
}
