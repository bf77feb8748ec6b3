// swift-tools-version: 6.1
import PackageDescription

/// What `import AdaBatch` brings.
///
/// Programs name the rooms beside it: SwiftPM 6.3 does not compile them anew when only a re-exported
/// module has changed.
let rooms: [Target.Dependency] = [
  "BatchPolicies", "Communication", "NetworkGraph", "Networks", "Executors",
  .target(name: "ExecutorOneDNN", condition: .when(traits: ["OneDNN"])),
  "ExecutorXLA", "Experiments", "HostMachine", "ImageData", "Randomness", "Reports", "RunRecords",
  "Training",
]

/// Rooms and the way their arrows point; Documentation and `make test` hold the code to it.
let package = Package(
  name: "adabatch",
  products: [
    .library(name: "AdaBatch", targets: ["AdaBatch"]),
    .library(name: "BatchPolicies", targets: ["BatchPolicies"]),
    .executable(name: "adabatch", targets: ["CommandLineTool"]),
  ],
  traits: [
    .trait(
      name: "OneDNN",
      description: "Trains on processors; needs oneDNN. Without it accelerators alone train."),
    .trait(name: "MPI", description: "Several ranks under mpirun or srun; needs MPICH."),
    .default(enabledTraits: ["OneDNN"]),
  ],
  dependencies: [
    .package(
      url: "https://github.com/apple/swift-argument-parser", .upToNextMinor(from: "1.8.2")),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(name: "CDNNL", pkgConfig: "dnnl"),
    .systemLibrary(name: "CPJRT"),
    .systemLibrary(name: "CMPI", pkgConfig: "adabatch-mpi"),
    .systemLibrary(name: "CImages"),
    .plugin(name: "OneDNNCheck", capability: .buildTool()),

    .target(name: "Randomness"),
    .target(name: "BatchPolicies"),
    .target(name: "NetworkGraph"),
    .target(name: "Networks", dependencies: ["NetworkGraph", "Randomness"]),
    .target(name: "Executors", dependencies: ["NetworkGraph"]),
    .target(name: "HostMachine"),
    .target(
      name: "ExecutorOneDNN", dependencies: ["Executors", "HostMachine", "NetworkGraph", "CDNNL"],
      plugins: ["OneDNNCheck"]),
    .target(
      name: "ExecutorXLA", dependencies: ["Communication", "Executors", "NetworkGraph", "CPJRT"]),
    .target(name: "RunRecords", dependencies: ["BatchPolicies", "Yams"]),
    .target(name: "Reports", dependencies: ["BatchPolicies", "RunRecords"]),
    .target(name: "ImageData", dependencies: ["CImages", "Randomness", "RunRecords"]),
    .target(
      name: "Communication",
      dependencies: [.target(name: "CMPI", condition: .when(traits: ["MPI"]))]),
    .target(
      name: "Training",
      dependencies: [
        "BatchPolicies", "Communication", "NetworkGraph", "Networks", "Executors", "ImageData",
        "Randomness", "RunRecords",
      ]),
    .target(
      name: "Experiments",
      dependencies: [
        "BatchPolicies", "Communication", "Executors", "ImageData", "NetworkGraph", "Reports",
        "RunRecords", "Training",
      ]),
    .target(name: "AdaBatch", dependencies: rooms),
    .executableTarget(
      name: "CommandLineTool",
      dependencies: ["AdaBatch"] + rooms + [
        .product(name: "ArgumentParser", package: "swift-argument-parser")
      ],
      path: "Sources/adabatch"),
    .executableTarget(name: "demo", dependencies: ["AdaBatch"] + rooms, path: "Examples/Demo"),
    .executableTarget(
      name: "FirstRun", dependencies: ["AdaBatch"] + rooms, path: "Examples/FirstRun"),
    .executableTarget(
      name: "ManyRanks", dependencies: ["AdaBatch"] + rooms, path: "Examples/ManyRanks"),
    .executableTarget(
      name: "OwnPolicy", dependencies: ["AdaBatch"] + rooms, path: "Examples/OwnPolicy"),

    // Sums, formulas and comparisons that several test targets need.
    .target(
      name: "TestSupport",
      dependencies: ["Communication", "NetworkGraph", "Executors", "RunRecords"],
      path: "Tests/TestSupport"),
    .testTarget(name: "NetworkGraphTests", dependencies: ["NetworkGraph"]),
    .testTarget(
      name: "NetworksTests", dependencies: ["NetworkGraph", "Networks"], exclude: ["Witness"]),
    .testTarget(
      name: "ExecutorsTests",
      dependencies: ["Executors", "NetworkGraph", "Networks", "TestSupport"]),
    .testTarget(
      name: "ConformanceTests",
      dependencies: [
        "BatchPolicies", "ExecutorOneDNN", "ExecutorXLA", "Executors", "ImageData", "NetworkGraph",
        "Networks", "RunRecords", "TestSupport", "Training",
      ]),
    .testTarget(name: "HostMachineTests", dependencies: ["HostMachine"]),
    .testTarget(name: "CommunicationTests", dependencies: ["Communication", "TestSupport"]),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "BatchPolicies", "Communication", "ExecutorOneDNN", "Executors", "ImageData",
        "NetworkGraph", "Networks",
        "RunRecords", "TestSupport", "Training",
      ],
      exclude: ["Witness"]),
    .testTarget(
      name: "ExperimentsTests",
      dependencies: [
        "BatchPolicies", "ExecutorOneDNN", "Executors", "Experiments", "ImageData", "NetworkGraph",
        "Reports", "RunRecords", "Training",
      ]),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "ExecutorOneDNN", "RunRecords", "CommandLineTool", "FirstRun", "ManyRanks", "OwnPolicy",
        "TestSupport",
        "Training", "demo",
      ],
      exclude: ["Witness"]),
    .testTarget(name: "RandomnessTests", dependencies: ["Randomness"]),
    .testTarget(
      name: "BatchPoliciesTests", dependencies: ["BatchPolicies"], exclude: ["Witness"]),
    .testTarget(
      name: "ImageDataTests",
      dependencies: ["ImageData", "Randomness", "RunRecords", "TestSupport"], exclude: ["Witness"]),
    .testTarget(
      name: "ReportsTests", dependencies: ["BatchPolicies", "Reports", "RunRecords"],
      exclude: ["Witness"]),
    .testTarget(
      name: "RunRecordsTests", dependencies: ["RunRecords", "TestSupport"], exclude: ["Witness"]),
  ],
  swiftLanguageModes: [.v6]
)
