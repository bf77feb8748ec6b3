/// Owned memory of a fixed size, aligned for vector instructions.
public final class Buffer<Element: BitwiseCopyable> {
  public let count: Int
  public let pointer: UnsafeMutablePointer<Element>

  /// Makes a buffer of `count` elements, all `value`.
  public init(repeating value: Element, count: Int) {
    self.count = count
    let bytes = count * MemoryLayout<Element>.stride
    AllocatedMemory.note(bytes)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: max(64, bytes), alignment: 64)
    pointer = memory.bindMemory(to: Element.self, capacity: max(1, count))
    pointer.initialize(repeating: value, count: count)
  }

  /// Makes a buffer with a copy of `elements`.
  public convenience init(_ elements: [Element]) where Element: ExpressibleByIntegerLiteral {
    self.init(repeating: 0, count: elements.count)
    _ = storage.update(fromContentsOf: elements)
  }

  deinit {
    pointer.deallocate()
    AllocatedMemory.note(-count * MemoryLayout<Element>.stride)
  }

  public var elements: [Element] { Array(storage) }

  /// All elements, as memory.
  public var storage: UnsafeMutableBufferPointer<Element> {
    UnsafeMutableBufferPointer(start: pointer, count: count)
  }

  public func copy(from other: Buffer) {
    precondition(count == other.count, "buffers of \(count) and \(other.count) elements")
    pointer.update(from: other.pointer, count: count)
  }
}
