import NetworkGraph

/// A residual network for 32 × 32 images: ResNet-20, 32, 44, 56, 110, any depth of 6n + 2.
///
/// Basic blocks below depth 44, bottlenecks from 44 on, where a shortcut changes shape a 1×1
/// convolution with batch norm. ResNet-20 has 272,474 parameters for 10 classes, 278,324 for 100.
///
/// > Source: He et al. 2015, arXiv:1512.03385, §4.2, with projection shortcuts, as in the reference
/// > code of AdaBatch, arXiv:1712.02029. There a "bottleneck ResNet of depth 6n + 2" has n blocks of
/// > three layers in each stage, so its true depth is 9n + 2; we keep the reference's meaning.
public struct ResNet: CompositeLayer {
  let blocksPerStage: Int
  let bottleneck: Bool
  let classes: Int

  /// The depth of He et al.'s deepest; a graph of a million layers takes hours and all memory.
  private static let deepest = 1202

  /// - Throws: ``GraphError`` unless `depth` is 6n + 2, from 8 to 1202.
  public init(depth: Int = 20, classes: Int = 10) throws(GraphError) {
    guard depth <= Self.deepest else {
      throw GraphError(
        .invalidSetting, problem: "a ResNet of depth \(depth) is too deep to be built",
        fix: "use a depth of 6n + 2, at most \(Self.deepest)")
    }
    guard depth >= 8, (depth - 2) % 6 == 0 else {
      let nearest = ((max(8, depth) - 2 + 3) / 6) * 6 + 2
      throw GraphError(
        .invalidSetting, problem: "a ResNet of depth \(depth) does not exist",
        fix: "use a depth of 6n + 2, such as \(nearest)")
    }
    self.init(blocksPerStage: (depth - 2) / 6, bottleneck: depth >= 44, classes: classes)
  }

  /// A residual network by its number of blocks.
  ///
  /// - Parameter blocksPerStage: 1 or more.
  public init(blocksPerStage: Int, bottleneck: Bool, classes: Int = 10) {
    self.blocksPerStage = blocksPerStage
    self.bottleneck = bottleneck
    self.classes = classes
  }

  public var layers: [any Layer] {
    convolution(16, size: 3).named("conv1")
    BatchNorm().named("bn1")
    ReLU()
    for (stage, width) in [16, 32, 64].enumerated() {
      Numbered {
        for block in 0..<blocksPerStage {
          let first = block == 0
          let stride = first && stage > 0 ? 2 : 1
          if bottleneck {
            Bottleneck(width: width, stride: stride, projects: first)
          } else {
            BasicBlock(width: width, stride: stride, projects: first && stage > 0)
          }
        }
      }
      .named("layer\(stage + 1)")
    }
    GlobalAveragePool()
    Flatten()
    Dense(classes).named("fc")
  }
}

/// Two 3×3 convolutions and a shortcut.
struct BasicBlock: CompositeLayer {
  let width: Int
  let stride: Int
  /// Whether the shortcut has to change the shape.
  let projects: Bool

  var layers: [any Layer] {
    Residual {
      convolution(width, size: 3, stride: stride).named("conv1")
      BatchNorm().named("bn1")
      ReLU()
      convolution(width, size: 3).named("conv2")
      BatchNorm().named("bn2")
    } shortcut: {
      if projects { projection(width, stride: stride) }
    }
    ReLU()
  }
}

/// A 1×1, a 3×3 and a widening 1×1 convolution and a shortcut.
struct Bottleneck: CompositeLayer {
  let width: Int
  let stride: Int
  let projects: Bool

  var layers: [any Layer] {
    Residual {
      convolution(width, size: 1).named("conv1")
      BatchNorm().named("bn1")
      ReLU()
      convolution(width, size: 3, stride: stride).named("conv2")
      BatchNorm().named("bn2")
      ReLU()
      convolution(4 * width, size: 1).named("conv3")
      BatchNorm().named("bn3")
    } shortcut: {
      if projects { projection(4 * width, stride: stride) }
    }
    ReLU()
  }
}

private func convolution(_ filters: Int, size: Int, stride: Int = 1) -> Convolution {
  Convolution(
    filters, size: size, stride: stride, padding: size / 2, bias: false, initialization: .fanOut)
}

private func projection(_ filters: Int, stride: Int) -> any Layer {
  Numbered {
    convolution(filters, size: 1, stride: stride)
    BatchNorm()
  }
  .named("downsample")
}
