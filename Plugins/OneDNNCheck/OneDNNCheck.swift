import Foundation
import PackagePlugin

/// Stops the targets that need oneDNN, where SwiftPM finds none, with one line that says what to do.
///
/// The compiler takes thirty, about a missing header. Targets that need no oneDNN still build.
@main
struct OneDNNCheck: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: Target) -> [Command] {
    let isMissing = target.dependencies.contains { dependency in
      guard case .target(let library as SystemLibraryTarget) = dependency else { return false }
      return library.linkerFlags.isEmpty
    }
    guard isMissing else { return [] }
    let advice = "run 'make build', or 'make setup' and then '. Scripts/environment'"
    return [
      .buildCommand(
        displayName: "Looking for oneDNN",
        executable: URL(filePath: "/bin/sh"),
        arguments: ["-c", "echo \"$0\" >&2; exit 1", "error: oneDNN is not set up: \(advice)"],
        outputFiles: [context.pluginWorkDirectoryURL.appending(path: "never-written.swift")])
    ]
  }
}
