import NetworkGraph

/// AlexNet for 32 × 32 images: five convolutions and one dense layer, without batch norm.
///
/// 2,472,266 parameters for 10 classes, 2,495,396 for 100, PyTorch's default initialisation.
///
/// > Source: Krizhevsky 2014, arXiv:1404.5997, cut down to 32 × 32 images as in the reference code
/// > of AdaBatch, arXiv:1712.02029.
public struct AlexNet: CompositeLayer {
  let classes: Int

  public init(classes: Int = 10) { self.classes = classes }

  public var layers: [any Layer] {
    Numbered {
      Convolution(64, size: 11, stride: 4, padding: 5)
      ReLU()
      MaxPool(2)
      Convolution(192, size: 5, padding: 2)
      ReLU()
      MaxPool(2)
      Convolution(384, size: 3, padding: 1)
      ReLU()
      Convolution(256, size: 3, padding: 1)
      ReLU()
      Convolution(256, size: 3, padding: 1)
      ReLU()
      MaxPool(2)
    }
    .named("features")
    Flatten()
    Dense(classes).named("classifier")
  }
}
