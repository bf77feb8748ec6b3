import Executors
import TestSupport
import Testing

@Suite("The memory plan")
struct MemoryPlanTests {
  typealias Block = MemoryPlan.Block

  @Test("blocks that live together never overlap, in random programs", arguments: 0..<50)
  func disjoint(seed: Int) {
    let blocks = (0..<60).map { index in
      let number = { (salt: Int) in (formula(tensor: seed, element: 3 * index + salt) + 1) / 2 }
      let first = Int(number(0) * 100)
      return Block(bytes: Int(number(1) * 5000), life: first...first + Int(number(2) * 40))
    }
    let plan = MemoryPlan(blocks)
    for (i, a) in blocks.enumerated() {
      #expect(plan.offsets[i] % 64 == 0)
      #expect(plan.offsets[i] + a.bytes <= plan.bytes)
      for (j, b) in blocks.enumerated().dropFirst(i + 1) where a.life.overlaps(b.life) {
        let apart =
          plan.offsets[i] + a.bytes <= plan.offsets[j]
          || plan.offsets[j] + b.bytes <= plan.offsets[i]
        #expect(apart)
      }
    }
  }

  @Test("blocks that never live together share memory")
  func shared() {
    let plan = MemoryPlan([
      Block(bytes: 640, life: 0...1), Block(bytes: 640, life: 2...3),
      Block(bytes: 640, life: 4...4),
    ])
    #expect(plan.bytes == 640)
  }

  @Test("a chain of layers takes room for two neighbours, not for all")
  func chain() {
    let plan = MemoryPlan((0..<20).map { Block(bytes: 1024, life: $0...$0 + 1) })
    #expect(plan.bytes == 2048)
  }

  @Test("no blocks take no memory")
  func empty() { #expect(MemoryPlan([]).bytes == 0) }
}
