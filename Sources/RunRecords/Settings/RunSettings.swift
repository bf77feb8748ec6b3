import Foundation
import Yams

/// What a run was asked to do, by which program, on which machine: `run.yaml`.
public struct RunSettings: Codable, Sendable, Equatable {
  /// The version of adabatch.
  public var adabatch: String
  /// The command as it was typed, or what stands for it where a program started the run.
  public var command: String
  /// When the run began, as ``timestamp(_:)`` writes it.
  public var started: String
  /// Processes that share each update; absent for one.
  public var ranks: Int?
  /// How the seconds of an update's parts were told apart; nil where each was measured.
  public var timing: String?
  public var settings: TrainingSettings
  public var versions: ComponentVersions
  public var machine: Machine

  public init(
    adabatch: String, command: String, started: String = Self.timestamp(),
    ranks: Int? = nil, timing: String? = nil, settings: TrainingSettings,
    versions: ComponentVersions,
    machine: Machine = .current
  ) {
    self.adabatch = adabatch
    self.command = command
    self.started = started
    self.ranks = ranks
    self.timing = timing
    self.settings = settings
    self.versions = versions
    self.machine = machine
  }

  /// A date in ISO 8601, UTC, to the second: `2026-01-31T23:59:59Z`.
  public static func timestamp(_ date: Date = Date()) -> String { date.formatted(.iso8601) }

  /// The text of `run.yaml`, in the order of declaration.
  func yaml() throws -> String { try yamlText(self) }
}

/// The versions of what computed.
public struct ComponentVersions: Codable, Sendable, Equatable {
  /// The Swift compiler's.
  public var swift: String
  /// oneDNN's; nil where the executor does without.
  public var oneDNN: String?
  /// The MPI library's name and version; nil where one process trains.
  public var mpi: String?
  /// The executor's name.
  public var executor: String

  public init(
    swift: String = Self.swiftCompiler, oneDNN: String? = nil, mpi: String? = nil,
    executor: String
  ) {
    self.swift = swift
    self.oneDNN = oneDNN
    self.mpi = mpi
    self.executor = executor
  }

  /// The compiler that built this, as far as source can ask: major and minor version.
  public static var swiftCompiler: String {
    #if compiler(>=6.5)
    "6.5 or later"
    #elseif compiler(>=6.4)
    "6.4"
    #elseif compiler(>=6.3)
    "6.3"
    #elseif compiler(>=6.2)
    "6.2"
    #else
    "6.1"
    #endif
  }
}
