import Glibc

/// The threads of the OpenMP library that oneDNN brought into the process.
///
/// Looked up at run time: linking would need the compiler's own development link of libgomp.
enum OpenMP {
  /// Threads that the next parallel region of the calling thread may use.
  static var maximumThreads: Int {
    guard let function = symbol("omp_get_max_threads") else { return 1 }
    return Int(unsafeBitCast(function, to: (@convention(c) () -> Int32).self)())
  }

  static func setThreads(_ count: Int) {
    guard let function = symbol("omp_set_num_threads") else { return }
    unsafeBitCast(function, to: (@convention(c) (Int32) -> Void).self)(Int32(count))
  }

  /// Runs `body` on the team that oneDNN's kernels use, each thread with its share of `count`
  /// things; with a small count, or where there is no such team, on the calling thread.
  ///
  /// A second pool of threads would fight with this team, whose threads spin for a while after each
  /// kernel.
  static func parallel(_ count: Int, atLeast smallest: Int, _ body: (Range<Int>) -> Void) {
    guard let region = Region.start, maximumThreads > 1, count >= 2 * smallest else {
      return body(0..<count)
    }
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: Region(count: count, body: body)) { pointer in
        region(Region.share, UnsafeMutableRawPointer(mutating: pointer), 0, 0)
      }
    }
  }

  fileprivate static func symbol(_ name: String) -> UnsafeMutableRawPointer? { dlsym(nil, name) }
}

/// What the threads of a parallel region share.
private struct Region {
  let count: Int
  let body: (Range<Int>) -> Void

  typealias Body = @convention(c) (UnsafeMutableRawPointer?) -> Void
  /// GOMP_parallel(body, data, threads or 0 for the usual number, flags): what GCC compiles
  /// `#pragma omp parallel` to, stable since GCC 4.9.
  typealias Start = @convention(c) (Body, UnsafeMutableRawPointer?, UInt32, UInt32) -> Void
  typealias Number = @convention(c) () -> Int32

  /// nil where the library has not all that a region needs.
  static let start = threadNumber == nil || threadCount == nil ? nil : parallel
  private static let parallel = OpenMP.symbol("GOMP_parallel").map {
    unsafeBitCast($0, to: Start.self)
  }
  private static let threadNumber = number("omp_get_thread_num")
  private static let threadCount = number("omp_get_num_threads")

  private static func number(_ name: String) -> Number? {
    OpenMP.symbol(name).map { unsafeBitCast($0, to: Number.self) }
  }

  /// One thread's part.
  ///
  /// Neighbours start at multiples of 16, so that no cache line has two writers.
  static let share: Body = { data in
    guard let data, let threadNumber, let threadCount else {
      preconditionFailure("a region without data, or without the functions that it was made with")
    }
    let region = data.assumingMemoryBound(to: Region.self).pointee
    let (number, threads) = (Int(threadNumber()), Int(threadCount()))
    let size = ((region.count + threads - 1) / threads + 15) / 16 * 16
    let first = min(region.count, number * size)
    let last = min(region.count, first + size)
    if first < last { region.body(first..<last) }
  }
}
