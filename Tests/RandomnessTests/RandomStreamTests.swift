import Randomness
import Testing

/// Golden values: Scripts/golden/random_streams.py, which is written from the paper.
@Suite struct RandomStreamTests {
  @Test(
    "a seed means the same bits for ever",
    arguments: [
      (
        RandomStream(seed: 0, purpose: .order),
        [0x2DCE_73E5, 0x1348_E23F, 0xFCF8_E0EC, 0xA287_AADB, 0xE953_5BE3, 0x510C_4549]
      ),
      (
        RandomStream(seed: 20, purpose: .crop, epoch: 3, index: 41_999),
        [0x826A_9007, 0x0017_0E0A, 0x5278_ACB7, 0xF495_272B, 0xC141_C0BA, 0xDA8C_C055]
      ),
      (
        RandomStream(
          seed: .max, purpose: .syntheticTest, epoch: 99, index: Int(UInt32.max)),
        [0xE3C0_0D2E, 0x097F_AB4A, 0xD63F_D6F7, 0xB811_1297, 0xBC97_D801, 0x32FF_B04F]
      ),
    ] as [(RandomStream, [UInt32])])
  func goldenBits(stream: RandomStream, expected: [UInt32]) {
    var stream = stream
    #expect(expected.map { _ in stream.bits() } == expected)
  }

  @Test("draws of each kind are golden")
  func goldenDraws() {
    var stream = RandomStream(seed: 20, purpose: .initialWeights)
    let uniform = [0.2389618852091856, 0.18874691318808978, 0.7636027084535202]
    #expect(uniform.map { _ in stream.uniform() } == uniform)

    stream = RandomStream(seed: 20, purpose: .crop, epoch: 1, index: 7)
    let below9 = [3, 8, 4, 8, 4, 4, 6, 3, 4, 0, 1, 0]
    #expect(below9.map { _ in stream.integer(below: 9) } == below9)

    // A quarter of the words is rejected for this bound.
    stream = RandomStream(seed: 20, purpose: .crop, epoch: 1, index: 7)
    let large = [
      1_155_134_368, 2_890_880_623, 1_453_711_837, 1_690_680_775, 1_257_631_234, 1_776_107_636,
    ]
    #expect(large.map { _ in stream.integer(below: 3 << 30) } == large)

    stream = RandomStream(seed: 20, purpose: .initialWeights)
    #expect(abs(stream.normal() - 0.27745115122501784) < 1e-14)
    #expect(abs(stream.normal() - 0.6849558621949001) < 1e-14)
  }

  @Test("purposes keep their numbers, which are part of what a seed means")
  func purposes() {
    #expect(RandomStream.Purpose.allCases.map(\.rawValue) == [1, 2, 3, 4, 5, 6])
  }

  @Test("streams that differ in seed, purpose, epoch or index share no word")
  func independence() {
    var streams = [RandomStream(seed: 1, purpose: .crop, epoch: 2, index: 3)]
    streams.append(RandomStream(seed: 1 << 32 | 1, purpose: .crop, epoch: 2, index: 3))
    streams.append(RandomStream(seed: 1, purpose: .flip, epoch: 2, index: 3))
    streams.append(RandomStream(seed: 1, purpose: .crop, epoch: 3, index: 2))
    streams.append(RandomStream(seed: 1, purpose: .crop, epoch: 2, index: 4))
    // By accident, two of 500 words are equal once in 34,000 such tests.
    let words = streams.indices.flatMap { place in (0..<100).map { _ in streams[place].bits() } }
    #expect(Set(words).count == 500)
  }
}
