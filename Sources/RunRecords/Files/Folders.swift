import Foundation

/// Whether there is anything of that name, be it a link that leads nowhere.
package func exists(_ path: String) -> Bool {
  var status = stat()
  return lstat(path, &status) == 0
}

/// The path from the root of what a path names from the folder that this process is in.
package func absolutePath(_ path: String) -> String {
  if path.hasPrefix("/") { return path }
  // Not further: what `..` leads to is known only on the disk, where links are.
  let parts = path.split(separator: "/").filter { $0 != "." }.map(String.init)
  return ([FileManager.default.currentDirectoryPath] + parts).joined(separator: "/")
}

/// Whether there is a folder of that name, or a link to one; leaves `errno` as it is.
package func isFolder(_ path: String) -> Bool {
  let number = errno
  defer { errno = number }
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// Makes a folder, and those above it, where they are missing.
///
/// - Returns: 0, or the `errno` of what failed, for which callers have their own words; `ENOTDIR`
///   where something else has that name.
package func makeFolder(_ path: String) -> Int32 {
  if mkdir(path, 0o777) == 0 || isFolder(path) { return 0 }
  switch errno {
  case EEXIST: return ENOTDIR
  case ENOENT where !path.isEmpty && parentFolder(of: path) != path:
    let failure = makeFolder(parentFolder(of: path))
    if failure != 0 { return failure }
    // Another process may have made it since.
    return mkdir(path, 0o777) == 0 || isFolder(path) ? 0 : errno
  case let number: return number
  }
}
