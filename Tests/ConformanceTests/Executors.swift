import ExecutorOneDNN
import Executors

/// Every executor in this build: a new one joins the whole suite by a line here.
let executorsUnderTest: [any Executor<Float>] = {
  do {
    return [try OneDNNExecutor(), try OneDNNExecutor(threads: 1), ReferenceExecutor<Float>()]
  } catch {
    fatalError("an executor cannot be made: \(error)")
  }
}()
