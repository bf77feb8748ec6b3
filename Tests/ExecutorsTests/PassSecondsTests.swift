import Executors
import Testing

@Suite("An accelerator's seconds, by what passes take alone,")
struct PassSecondsTests {
  @Test("are shared by forward, backward and update")
  func shares() {
    let parts = PassSeconds(forward: 0.25, both: 0.75).parts(of: 8, update: 1)
    #expect(parts == (2, 4, 2))
  }

  @Test("are all of the passes where those take longer alone than within an update")
  func longer() {
    let parts = PassSeconds(forward: 0.5, both: 3).parts(of: 8, update: 2)
    #expect(parts == (2, 6, 0))
    #expect(PassSeconds(forward: 5, both: 6).parts(of: 8, update: 2) == (8, 0, 0))
  }

  @Test("are the update's where nothing is known, or nothing took time")
  func unknown() {
    #expect(PassSeconds(forward: 0, both: 0).parts(of: 8, update: 2) == (0, 0, 8))
    #expect(PassSeconds(forward: 1, both: 2).parts(of: 0, update: 0) == (0, 0, 0))
  }
}
