import Synchronization

/// Bytes that buffers and arenas of this process hold, counted where they are taken and given back.
///
/// What a plan says that a training needs can be held against it to the byte.
public enum AllocatedMemory {
  private static let held = Atomic(0)

  public static var bytes: Int { held.load(ordering: .relaxed) }

  /// - Parameter bytes: taken; negative where they are given back.
  package static func note(_ bytes: Int) { held.add(bytes, ordering: .relaxed) }
}
