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
  let partial = path + ".partial"
  // Without O_NOFOLLOW a link put there by somebody else would have us overwrite what it names.
  var file = try OutputFile(
    opening: partial, flags: O_CREAT | O_TRUNC | O_NOFOLLOW, shownPath: path)
  do throws(FileError) {
    try body(&file)
    try file.sync()
    try file.close()
    try move(partial, to: path)
  } catch {
    unlink(partial)  // what can be done: the error to report is the first one
    throw error
  }
  try syncFolder(of: path)
}

/// Writes `content` to `path` as a whole or not at all; see ``writeAtomically(to:_:)``.
public func writeAtomically(_ content: some Sequence<UInt8>, to path: String) throws(FileError) {
  let bytes = Array(content)
  try writeAtomically(to: path) { file throws(FileError) in try file.write(bytes) }
}

package func move(_ source: String, to path: String) throws(FileError) {
  guard rename(source, path) == 0 else {
    throw FileError(errno: errno, path: path, operation: "write")
  }
}

/// Has the system keep the names in the folder of `path` as they are, through a power failure.
package func syncFolder(of path: String) throws(FileError) {
  let folder = open(parentFolder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard folder >= 0 else { throw FileError(errno: errno, path: path, operation: "write") }
  defer { close(folder) }
  // Some network file systems cannot sync a folder and answer EINVAL; nothing more can be done.
  guard retrying({ Int(fsync(folder)) }) == 0 || errno == EINVAL else {
    throw FileError(errno: errno, path: path, operation: "write")
  }
}

/// The folder that `path` lies in: what precedes its last component, `.` where nothing does.
package func parentFolder(of path: String) -> String {
  var rest = path[...]
  while rest.count > 1, rest.last == "/" { rest.removeLast() }
  guard let slash = rest.lastIndex(of: "/") else { return "." }
  return slash == rest.startIndex ? "/" : String(rest[..<slash])
}
