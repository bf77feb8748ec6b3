import Foundation

/// Whether there is anything of that name, be it a link that leads nowhere.
///
/// Where the system cannot tell there is: whoever opens it is told why.
package func exists(_ path: String, on files: any FileSystem = SystemFiles()) -> Bool {
  do throws(SystemFault) {
    _ = try files.status(at: path, followingLink: false)
    return true
  } catch {
    return error.number != ENOENT && error.number != ENOTDIR
  }
}

/// The path from the root of what a path names from the folder that this process is in.
package func absolutePath(_ path: String) -> String {
  if path.hasPrefix("/") { return path }
  // Not further: what `..` leads to is known only on the disk, where links are.
  let parts = path.split(separator: "/").filter { $0 != "." }.map(String.init)
  return ([FileManager.default.currentDirectoryPath] + parts).joined(separator: "/")
}

/// What a folder is called: the last name in its path; nil where that says nothing.
package func lastName(of path: String) -> String? {
  let name = absolutePath(path).split(separator: "/").last { $0 != "." }
  return name == ".." ? nil : name.map(String.init)
}

/// Whether there is a folder of that name, or a link to one.
package func isFolder(_ path: String, on files: any FileSystem = SystemFiles()) -> Bool {
  (try? files.status(at: path, followingLink: true))?.kind == .folder
}

/// Makes a folder, and those above it, where they are missing; their names outlive a power failure.
///
/// - Throws: the failure of a call, for which callers have their own words; `ENOTDIR` where
///   something else has that name.
package func makeFolder(
  _ path: String, on files: any FileSystem = SystemFiles()
) throws(SystemFault) {
  if isFolder(path, on: files) { return }
  let parent = parentFolder(of: path)
  if !path.isEmpty, parent != path, !exists(parent, on: files) {
    try makeFolder(parent, on: files)
  }
  do throws(SystemFault) {
    try files.makeFolder(path)
  } catch {
    // Another process may have made it since.
    if isFolder(path, on: files) { return }
    throw error.number == EEXIST ? SystemFault(ENOTDIR) : error
  }
  try syncFolder(parent, on: files)
}

package func move(
  _ source: String, to path: String, on files: any FileSystem = SystemFiles()
) throws(FileError) {
  try attempt("write", path) { () throws(SystemFault) in try files.rename(source, to: path) }
}

/// Removes a file for good: it does not come back after a power failure.
func remove(_ path: String, on files: any FileSystem) throws(FileError) {
  try attempt("remove", path) { () throws(SystemFault) in
    try files.remove(path)
    try syncFolder(parentFolder(of: path), on: files)
  }
}

/// Has the system keep the names in the folder of `path` as they are, through a power failure.
package func syncFolder(
  of path: String, on files: any FileSystem = SystemFiles()
) throws(FileError) {
  try attempt("write", path) { () throws(SystemFault) in
    try syncFolder(parentFolder(of: path), on: files)
  }
}

private func syncFolder(_ path: String, on files: any FileSystem) throws(SystemFault) {
  let folder = try files.open(path, flags: O_RDONLY | O_DIRECTORY)
  defer { try? files.close(folder) }
  do throws(SystemFault) {
    try files.sync(folder)
  } catch {
    // Some network file systems cannot sync a folder and answer EINVAL; nothing more can be done.
    if error.number != EINVAL { throw error }
  }
}

/// The folder that `path` lies in: what precedes its last component, `.` where nothing does.
package func parentFolder(of path: String) -> String {
  var rest = path[...]
  while rest.count > 1, rest.last == "/" { rest.removeLast() }
  guard let slash = rest.lastIndex(of: "/") else { return "." }
  return slash == rest.startIndex ? "/" : String(rest[..<slash])
}
