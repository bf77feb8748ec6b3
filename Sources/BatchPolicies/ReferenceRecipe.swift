/// The settings of the AdaBatch experiments on CIFAR, which are our defaults.
///
/// > Source: Devarakonda, Naumov, Garland 2017, arXiv:1712.02029: 100 epochs, a change every 20;
/// > the batch doubles up to 16 times its start; the rate falls to 0.75 with it, to 0.375 without.
public enum ReferenceRecipe {
  /// What each change multiplies the batch size by.
  public static let growthFactor = 2.0

  /// What each change multiplies the learning rate by where the batch grows.
  public static let growthDecay = 0.75

  /// What each change multiplies the learning rate by where the batch is fixed.
  ///
  /// Rate over batch size is then the same in both: 0.375 = 0.75 / 2.
  public static let fixedDecay = 0.375

  /// Epochs between changes in a run of `epochs` epochs: a fifth of them, 1 at least.
  public static func interval(epochs: Int) -> Int { max(1, epochs / 5) }

  /// The size at which a batch that starts at `initialBatchSize` stops growing: 16 times that.
  public static func maximumBatchSize(initialBatchSize: Int) -> Int {
    let (size, overflow) = initialBatchSize.multipliedReportingOverflow(by: 16)
    return overflow ? .max : size
  }
}
