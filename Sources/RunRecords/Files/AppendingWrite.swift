import Foundation

/// Adds `bytes` to the end of a file in one write, and returns when they are on the disk.
///
/// A failure leaves the file as it was: what a full disk took of `bytes` is cut off again.
///
/// - Parameters:
///   - bytes: whole lines, or whole records
///   - path: the file, which is made where it is missing
///   - header: precedes the bytes where the file is empty, in the same write
/// - Throws: ``FileError``, naming `path`.
func appendWhole(
  _ bytes: [UInt8], to path: String, withHeader header: [UInt8] = [], on files: any FileSystem
) throws(FileError) {
  var file = try OutputFile(opening: path, flags: O_CREAT | O_APPEND, on: files)
  let size = try file.size()
  do throws(FileError) {
    try file.write(size == 0 ? header + bytes : bytes)
  } catch {
    try? file.truncate(to: size)  // the next one must not continue half a line
    throw error
  }
  try file.sync()
  try file.close()
  if size == 0 { try syncFolder(of: path, on: files) }  // the file is new
}

/// Cuts a file to `size` bytes, on the disk when this returns.
///
/// - Throws: ``FileError``, naming `path`.
func cutFile(_ path: String, to size: Int, on files: any FileSystem) throws(FileError) {
  var file = try OutputFile(opening: path, flags: 0, on: files)
  try file.truncate(to: size)
  try file.sync()
  try file.close()
}
