import Foundation

/// Writes a file so that `path` is at any moment the old content or the new one, whole.
///
/// The content goes to `path` + `.partial`, is synced, and takes the final name when it is all
/// there; then the folder is synced, because a rename may otherwise not outlive a power failure. A
/// failure leaves `path` as it was. A kill may leave the `.partial` file, which the next write of
/// the same path replaces, so one path must not be written twice at the same time.
///
/// - Parameters:
///   - path: the file to write; where it is a symbolic link, the link is replaced
///   - body: writes the content
/// - Throws: ``FileError``, naming `path`, from any of the steps or from `body`.
public func writeAtomically(
  to path: String, _ body: (inout OutputFile) throws(FileError) -> Void
) throws(FileError) {
  try writeAtomically(to: path, on: SystemFiles(), body)
}

/// Writes `content` to `path` as a whole or not at all; see ``writeAtomically(to:_:)``.
public func writeAtomically(_ content: some Sequence<UInt8>, to path: String) throws(FileError) {
  try writeAtomically(content, to: path, on: SystemFiles())
}

package func writeAtomically(
  to path: String, on files: any FileSystem, _ body: (inout OutputFile) throws(FileError) -> Void
) throws(FileError) {
  let partial = path + ".partial"
  // Without O_NOFOLLOW a link put there by somebody else would have us overwrite what it names.
  var file = try OutputFile(
    opening: partial, flags: O_CREAT | O_TRUNC | O_NOFOLLOW, shownPath: path, on: files)
  do throws(FileError) {
    try body(&file)
    try file.sync()
    try file.close()
    try move(partial, to: path, on: files)
  } catch {
    try? files.remove(partial)  // what can be done: the error to report is the first one
    throw error
  }
  try syncFolder(of: path, on: files)
}

func writeAtomically(
  _ content: some Sequence<UInt8>, to path: String, on files: any FileSystem
) throws(FileError) {
  let bytes = Array(content)
  try writeAtomically(to: path, on: files) { file throws(FileError) in try file.write(bytes) }
}
