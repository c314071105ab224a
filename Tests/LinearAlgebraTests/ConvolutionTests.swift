import LinearAlgebra
import TestSupport
import Testing

@Suite("A convolution")
struct ConvolutionTests {
  typealias Axis = Convolution.Axis

  struct Case: Sendable, CustomTestStringConvertible {
    let frames: Axis
    let bands: Axis
    let channels: Int
    let columns: Int
    let width: Int

    var convolution: Convolution {
      Convolution(frames: frames, bands: bands, channels: channels, columns: columns, width: width)
    }
    var testDescription: String {
      "\(frames.size) x \(bands.size), \(channels) to \(columns), width \(width)"
    }
  }

  /// Every shape with every width of vector that the processor has.
  static let cases: [Case] = (0..<Convolution.widths).flatMap { width in
    [
      ((7, 3, 1, 1), (5, 3, 1, 1), 3, 5),
      ((9, 2, 2, 0), (8, 5, 3, 2), 1, 16),
      ((4, 1, 1, 0), (4, 1, 1, 0), 2, 1),
      ((1, 5, 3, 4), (6, 3, 2, 2), 2, 24),
      ((10, 2, 5, 1), (10, 2, 4, 0), 17, 33),
      ((40, 5, 2, 2), (64, 5, 2, 2), 4, 24),
      ((23, 3, 1, 1), (16, 3, 2, 1), 36, 48),
      ((6, 3, 1, 1), (8, 3, 2, 1), 20, 64),
    ].map { frames, bands, channels, columns in
      Case(
        frames: Axis(size: frames.0, kernel: frames.1, stride: frames.2, padding: frames.3),
        bands: Axis(size: bands.0, kernel: bands.1, stride: bands.2, padding: bands.3),
        channels: channels, columns: columns, width: width)
    }
  }

  /// Calls `body` with the place of each input, weight and output that are multiplied.
  private func forEachProduct(_ g: Case, _ body: (_ x: Int, _ w: Int, _ y: Int) -> Void) {
    for t in 0..<g.frames.windows {
      for b in 0..<g.bands.windows {
        for k in 0..<g.frames.kernel {
          for l in 0..<g.bands.kernel {
            let frame = t * g.frames.stride + k - g.frames.padding
            let band = b * g.bands.stride + l - g.bands.padding
            guard (0..<g.frames.size).contains(frame), (0..<g.bands.size).contains(band) else {
              continue
            }
            for c in 0..<g.channels {
              for o in 0..<g.columns {
                body(
                  (frame * g.bands.size + band) * g.channels + c,
                  ((k * g.bands.kernel + l) * g.channels + c) * g.columns + o,
                  (t * g.bands.windows + b) * g.columns + o)
              }
            }
          }
        }
      }
    }
  }

  private func input(_ g: Case) -> [Float] { numbers(g.frames.size * g.bands.size * g.channels) }
  private func kernel(_ g: Case) -> [Float] {
    numbers(g.frames.kernel * g.bands.kernel * g.channels * g.columns, seed: 2)
  }
  private func gradient(_ g: Case) -> [Float] {
    numbers(g.frames.windows * g.bands.windows * g.columns, seed: 3)
  }

  @Test("sums the products under its kernel", arguments: cases)
  func forward(_ g: Case) {
    let (x, kernel, bias) = (input(g), kernel(g), numbers(g.columns, seed: 4))
    var expected = (0..<g.frames.windows * g.bands.windows).flatMap { _ in bias }
    forEachProduct(g) { expected[$2] += x[$0] * kernel[$1] }
    for rectifies in [false, true] {
      var padded: [Float] = .init(repeating: .nan, count: 5000)
      let found = changed(.init(repeating: .nan, count: expected.count)) {
        g.convolution.convolve(
          x.span, g.convolution.packed(kernel.span), bias: bias, rectifying: rectifies, into: &$0,
          padded: &padded)
      }
      #expect(relativeDifference(found, rectifies ? expected.map { max($0, 0) } : expected) < 1e-5)
    }
  }

  @Test("has the gradients of its sums", arguments: cases)
  func backward(_ g: Case) {
    let (x, kernel, dy) = (input(g), kernel(g), gradient(g))
    var dx = [Float](repeating: 0, count: x.count)
    var dw = [Float](repeating: 1, count: kernel.count)
    forEachProduct(g) {
      dx[$0] += dy[$2] * kernel[$1]
      dw[$1] += dy[$2] * x[$0]
    }
    var upstream = Convolution.PaddedGradient()
    // What an earlier clip has left there does not matter.
    g.convolution.pad(numbers(dy.count, seed: 5).span, into: &upstream)
    g.convolution.pad(dy.span, into: &upstream)
    let found = changed(.init(repeating: .nan, count: x.count)) {
      g.convolution.inputGradient(upstream, g.convolution.transposed(kernel.span), into: &$0)
    }
    #expect(relativeDifference(found, dx) < 1e-5)
    var (gathered, padded): ([Float], [Float]) = ([], .init(repeating: .nan, count: 5000))
    g.convolution.addKernelGradient(x.span, upstream, to: &gathered, padded: &padded)
    let weights = changed(.init(repeating: 1, count: kernel.count)) {
      g.convolution.add(gathered, to: &$0)
    }
    #expect(relativeDifference(weights, dw) < 1e-5)
  }

  @Test("of what is shorter than its kernel is nothing", arguments: [1, 2, 3])
  func tooShort(_ stride: Int) {
    #expect(Axis(size: 2, kernel: 3, stride: stride, padding: 0).windows == 0)
    #expect(Axis(size: 1, kernel: 3, stride: stride, padding: 1).windows == 1)
  }
}
