import CDNNL

package enum FreedMemory {
  /// Keeps the C library from holding on to large blocks that were freed, for the whole process.
  ///
  /// By itself glibc raises both limits to the largest block that was ever freed, such as a copy of
  /// all weights. They stay above what oneDNN takes and gives back in each step, up to 1.6 MB.
  package static func giveBack() {
    #if canImport(Glibc)
    mallopt(M_MMAP_THRESHOLD, 4 << 20)
    mallopt(M_TRIM_THRESHOLD, 8 << 20)
    #endif
  }
}
