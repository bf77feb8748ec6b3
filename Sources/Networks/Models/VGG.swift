import NetworkGraph

/// VGG for 32 × 32 images: 3×3 convolutions in five stages, one dense layer.
///
/// VGG19 with batch norm has 20,040,522 parameters for 10 classes, 20,086,692 for 100.
///
/// > Source: Simonyan and Zisserman 2014, arXiv:1409.1556, table 1, columns A, B, D and E, with the
/// > classifier of the reference code of AdaBatch, arXiv:1712.02029.
public struct VGG: CompositeLayer {
  /// A column of the paper's table.
  public enum Configuration: Int, Sendable, CaseIterable {
    case a = 11
    case b = 13
    case d = 16
    case e = 19

    /// Convolutions in each of the five stages.
    var convolutions: [Int] {
      switch self {
      case .a: [1, 1, 2, 2, 2]
      case .b: [2, 2, 2, 2, 2]
      case .d: [2, 2, 3, 3, 3]
      case .e: [2, 2, 4, 4, 4]
      }
    }
  }

  let configuration: Configuration
  let batchNorm: Bool
  let classes: Int

  public init(_ configuration: Configuration, batchNorm: Bool = true, classes: Int = 10) {
    self.configuration = configuration
    self.batchNorm = batchNorm
    self.classes = classes
  }

  public var layers: [any Layer] {
    Numbered {
      for (count, width) in zip(configuration.convolutions, [64, 128, 256, 512, 512]) {
        for _ in 0..<count {
          Convolution(width, size: 3, padding: 1, initialization: .fanOut)
          if batchNorm { BatchNorm() }
          ReLU()
        }
        MaxPool(2)
      }
    }
    .named("features")
    Flatten()
    Dense(classes, initialization: .normal(deviation: 0.01)).named("classifier")
  }
}
