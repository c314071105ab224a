import LinearAlgebra
import Testing

/// Mean and variance of `count` draws.
private func moments(_ count: Int = 20_000, _ draw: (inout RandomSource) -> Double) -> (
  mean: Double, variance: Double
) {
  var random = RandomSource(seed: 11)
  let values = (0..<count).map { _ in draw(&random) }
  let mean = values.reduce(0, +) / Double(count)
  return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count))
}

@Suite("A random source")
struct RandomSourceTests {
  @Test("draws uniformly")
  func uniform() {
    let found = moments { Double($0.uniform(2...5)) }
    #expect(abs(found.mean - 3.5) < 0.03 && abs(found.variance - 0.75) < 0.03)
    var random = RandomSource(seed: 1)
    #expect((0..<1000).allSatisfy { _ in (0..<1).contains(random.uniform()) })
  }

  @Test("draws from the normal distribution")
  func normal() {
    let found = moments { Double($0.normal()) }
    #expect(abs(found.mean) < 0.03 && abs(found.variance - 1) < 0.05)
    let fourth = moments {
      let x = Double($0.normal())
      return x * x * x * x
    }
    #expect(abs(fourth.mean - 3) < 0.3)
  }

  @Test("draws from gamma distributions", arguments: [0.3, 1, 4.5])
  func gamma(shape: Double) {
    let found = moments { $0.gamma(shape) }
    #expect(abs(found.mean - shape) < 0.05 * max(shape, 1))
    #expect(abs(found.variance - shape) < 0.1 * max(shape, 1))
  }

  @Test("draws from symmetric beta distributions", arguments: [0.2, 0.4, 1, 8])
  func beta(a: Double) {
    let found = moments { Double($0.beta(a)) }
    #expect(abs(found.mean - 0.5) < 0.01)
    #expect(abs(found.variance - 1 / (4 * (2 * a + 1))) < 0.005)
  }

  @Test("takes chances as often as asked", arguments: [0, 0.1, 0.5, 1] as [Float])
  func chance(_ probability: Float) {
    let found = moments { $0.chance(probability) ? 1 : 0 }
    #expect(abs(found.mean - Double(probability)) < 0.01)
  }

  @Test("has a stream of its own for each path, the same one each time")
  func streams() {
    var firsts: Set<UInt64> = []
    for seed in 0..<5 as Range<UInt64> {
      for epoch in 0..<10 {
        for step in 0..<10 {
          var random = RandomSource(seed: seed, 3, epoch, step)
          var again = RandomSource(seed: seed, 3, epoch, step)
          let first = random.next()
          #expect(first == again.next())
          firsts.insert(first)
        }
      }
    }
    #expect(firsts.count == 500)
  }
}
