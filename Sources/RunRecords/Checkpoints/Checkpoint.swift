/// A training at one moment, read back whole from a run's directory.
public struct Checkpoint: Sendable, Equatable {
  /// Later ones have higher numbers.
  public let number: Int
  /// The manifest's file.
  public let path: String
  public let manifest: CheckpointManifest
  /// Parameters and running statistics under PyTorch's names, momentum under `momentum/` and the
  /// parameter's name.
  public var tensors: Safetensors

  public init(number: Int, path: String, manifest: CheckpointManifest, tensors: Safetensors) {
    self.number = number
    self.path = path
    self.manifest = manifest
    self.tensors = tensors
  }
}

/// The newest checkpoint of a run that can be used, and what is wrong with newer ones.
public struct CheckpointSearch: Sendable, Equatable {
  /// nil where the run has none yet.
  public let found: Checkpoint?
  /// What kept each newer one from being used, the newest first.
  public let damages: [FileError]

  public init(found: Checkpoint?, damages: [FileError]) {
    self.found = found
    self.damages = damages
  }
}
