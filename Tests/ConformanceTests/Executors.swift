import ExecutorOneDNN
import ExecutorXLA
import Executors
import TestSupport

/// An executor, and how far it may be from the reference in Double.
struct ExecutorUnderTest: Sendable {
  let executor: any Executor<Float>
  /// Of the numbers that one operation gives.
  let operationTolerance: Double
  /// Of what whole networks give.
  let networkTolerance: Double
  /// Whether it rounds the images that it is fed, and a maximum of two may then be either.
  var roundsImages = false
}

/// Every executor in this build: a new one joins the whole suite by a line here.
///
/// Sums in f32 keep 24 digits. A bf16 has 8, so each number that is rounded is off by up to 2⁻⁹ of
/// itself, by a third of that on average: an operation rounds what goes in, what comes out, and its
/// weights. In a network it adds up from layer to layer, and a ReLU that sees a number on the other
/// side of 0 passes a gradient back, or does not, that is all wrong.
let executorsUnderTest: [ExecutorUnderTest] = {
  do {
    // The second one has the larger tiles of many images in few.
    var executors = [
      try OneDNNExecutor(), try OneDNNExecutor(threads: 1, imagesOfTiles: 1000),
    ].map {
      ExecutorUnderTest(executor: $0, operationTolerance: 2e-6, networkTolerance: 1e-5)
    }
    executors.append(
      ExecutorUnderTest(
        executor: ReferenceExecutor<Float>(), operationTolerance: 2e-6, networkTolerance: 1e-5))
    if OneDNNLibrary.hasNativeBF16 {
      executors.append(
        ExecutorUnderTest(
          executor: try OneDNNExecutor(precision: .bf16), operationTolerance: 8e-3,
          networkTolerance: 5e-2, roundsImages: true))
    }
    return executors + (try stableHLO())
  } catch {
    fatalError("an executor cannot be made: \(error)")
  }
}()

/// StableHLO, where a Python is named that has jaxlib, as `make test-xla` does.
///
/// Batch norm makes its two sums in one pass over memory, which costs a digit of the variance; in
/// bf16 the gradients of filters are rounded too, as cuDNN gives them.
private func stableHLO() throws -> [ExecutorUnderTest] {
  guard let python = XLAFiles.python else { return [] }
  return [
    ExecutorUnderTest(
      executor: try PythonXLA(python: python), operationTolerance: 2e-6, networkTolerance: 3e-5),
    ExecutorUnderTest(
      executor: try PythonXLA(python: python, .bf16),
      operationTolerance: 8e-3, networkTolerance: 8e-2, roundsImages: true),
  ]
}
