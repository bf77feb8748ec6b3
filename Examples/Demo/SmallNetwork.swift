import AdaBatch

/// Three convolutions and a dense layer: 95,000 parameters, a few seconds for a pass over CIFAR-10.
struct SmallNetwork: CompositeLayer {
  var layers: [any Layer] {
    for (index, width) in [32, 64, 128].enumerated() {
      Convolution(width, size: 3, stride: 2, padding: 1, bias: false, initialization: .fanOut)
        .named("conv\(index + 1)")
      BatchNorm().named("bn\(index + 1)")
      ReLU()
    }
    GlobalAveragePool()
    Flatten()
    Dense(10).named("classifier")
  }
}
