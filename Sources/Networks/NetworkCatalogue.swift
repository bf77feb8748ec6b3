import NetworkGraph

/// The networks that can be asked for by name.
public enum NetworkCatalogue {
  /// Names to list; ResNets of every other depth 6n + 2 are understood too.
  public static let names: [String] =
    ["alexnet"] + [20, 32, 44, 56, 110].map { "resnet\($0)" }
    + VGG.Configuration.allCases.flatMap { ["vgg\($0.rawValue)", "vgg\($0.rawValue)_bn"] }

  /// The network called `name`, or nil where there is none.
  ///
  /// - Throws: ``GraphError`` for a ResNet of an impossible depth.
  public static func network(named name: String, classes: Int) throws(GraphError) -> (any Layer)? {
    if name == "alexnet" { return AlexNet(classes: classes) }
    if let depth = Int(name.dropFirst("resnet".count)), name == "resnet\(depth)" {
      return try ResNet(depth: depth, classes: classes)
    }
    for configuration in VGG.Configuration.allCases {
      let plain = "vgg\(configuration.rawValue)"
      if name == plain || name == plain + "_bn" {
        return VGG(configuration, batchNorm: name != plain, classes: classes)
      }
    }
    return nil
  }
}
