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

  private static func symbol(_ name: String) -> UnsafeMutableRawPointer? { dlsym(nil, name) }
}
