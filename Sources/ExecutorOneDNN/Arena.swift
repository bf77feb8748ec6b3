import Executors
import Glibc
import HostMachine

/// Memory that all programs of an executor work in, one after the other.
///
/// It only grows, and pages are real from their first use on, so room for the largest batch size
/// may be reserved early. What a program left there is lost when another one runs.
final class Arena {
  private(set) var base: UnsafeMutableRawPointer?
  private(set) var bytes = 0
  /// The program whose values the arena holds.
  var owner: Int?

  deinit { release() }

  /// Makes room for `needed` bytes.
  ///
  /// - Throws: ``ExecutorError`` with code `outOfMemory`, naming how many of `imageCount` images
  ///   would fit, when the system has less than that.
  func reserve(_ needed: Int, imageCount: Int) throws(ExecutorError) {
    if needed <= bytes { return }
    // What is there is lost anyway, and given back it counts as available.
    release()
    let available = MemoryLimits().available ?? .max
    guard needed <= available else { throw tooLarge(needed, available, imageCount) }
    let memory = mmap(
      nil, needed, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let memory, memory != MAP_FAILED else {
      throw ExecutorError(
        .outOfMemory,
        problem: "the system refuses \(needed >> 20) MB for \(imageCount) images together",
        fix: "raise the limit (ulimit -v), or pass fewer images together: --micro-batch,"
          + " --test-batch")
    }
    // Pages of 2 MB: a ResNet-20 step at 2048 images took 10 % less with them, at 128 the same; a
    // large program's first touch takes longer, once. A system that has none says so, and is fine.
    madvise(memory, needed, MADV_HUGEPAGE)
    base = memory
    bytes = needed
    AllocatedMemory.note(needed)
  }

  private func release() {
    if let base { munmap(base, bytes) }
    AllocatedMemory.note(-bytes)
    base = nil
    bytes = 0
    owner = nil
  }

  private func tooLarge(_ needed: Int, _ available: Int, _ imageCount: Int) -> ExecutorError {
    var images = imageCount
    while images > 0, needed / imageCount * images > available { images /= 2 }
    return ExecutorError(
      .outOfMemory,
      problem: "\(imageCount) images together need \(needed >> 20) MB,"
        + " \(available >> 20) MB are free",
      fix: images == 0
        ? "use a smaller network, or a machine with more memory"
        : "pass at most \(images) images together: --test-batch \(images)",
      imagesThatFit: images == 0 ? nil : images)
  }
}
