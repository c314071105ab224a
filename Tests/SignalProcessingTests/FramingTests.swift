import SignalProcessing
import TestSupport
import Testing

@Suite("Frames and options")
struct FramingTests {
  @Test(
    "a centred transform has a frame every hop",
    arguments: [(0, 0), (1, 1), (159, 1), (160, 2), (320, 3), (16_000, 101)])
  func centered(samples: Int, frames: Int) throws {
    let stft = try STFT(fftSize: 512, windowLength: 400, hopLength: 160)
    #expect(stft.frameCount(of: samples) == frames)
    #expect(stft.power(of: noise(samples).span).count == frames)
  }

  @Test("blocks of a spectrogram are the spectrogram", arguments: [1, 7, 128, 1000])
  func blocks(size: Int) throws {
    let stft = try STFT(fftSize: 64, hopLength: 16)
    let samples = noise(3000)
    var joined = Frames(width: stft.binCount)
    stft.forEachBlock(of: samples.span, size: size) { joined.append(contentsOf: $0) }
    #expect(joined == stft.power(of: samples.span))
  }

  @Test("defaults are librosa's")
  func defaults() throws {
    let stft = try STFT()
    #expect(stft.fftSize == 2048 && stft.hopLength == 512)
    #expect(try STFT(windowLength: 400).hopLength == 100)
    let energy = try FrameEnergy()
    #expect(energy.frameLength == 2048 && energy.hopLength == 512)
    #expect(Decibels() == Decibels(reference: 1, floor: 1e-10, range: 80))
    #expect(try Delta().width == 9 && Delta().order == 1)
    #expect(try Silence().decibels == 60)
    #expect(try MelBank(sampleRate: 22_050, fftSize: 2048).bandCount == 128)
  }

  @Test("a window is even around its middle, and periodic", arguments: Window.allCases)
  func windows(window: Window) {
    let samples = window.samples(400)
    #expect(largestDifference(samples.dropFirst(), samples.dropFirst().reversed()) < 1e-7)
    #expect(samples[200] == 1)
    #expect(window.samples(1) == [1])
  }

  @Test("deltas need a whole window")
  func shortDelta() throws {
    let delta = try Delta(width: 9)
    #expect(throws: SignalError.tooFewFrames(found: 8, required: 9)) {
      try delta(Frames(width: 2, values: noise(16)))
    }
  }

  @Test("the delta of a line is its slope, everywhere", arguments: [3, 9, 15])
  func slope(width: Int) throws {
    let line = Frames(width: 1, values: (0..<20).map { 3 - 0.5 * Float($0) })
    #expect(try Delta(width: width)(line).values.allSatisfy { abs($0 + 0.5) < 1e-6 })
  }

  @Test("options out of range are named")
  func refusals() {
    func name(_ body: () throws -> Void) -> String? {
      do {
        try body()
        return nil
      } catch SignalError.invalidOption(let name, _) {
        return name
      } catch {
        return "\(error)"
      }
    }
    #expect(name { _ = try STFT(fftSize: 512, windowLength: 513) } == "windowLength")
    #expect(name { _ = try STFT(fftSize: 512, hopLength: 0) } == "hopLength")
    #expect(name { _ = try STFT(fftSize: 2) } == "hopLength")
    #expect(name { _ = try MelBank(sampleRate: 8000, fftSize: 512, bandCount: 258) } == "bandCount")
    #expect(name { _ = try MelBank(sampleRate: 8000, fftSize: 512, low: 4000) } == "low")
    #expect(name { _ = try MelBank(sampleRate: 8000, fftSize: 512, high: 4001) } == "high")
    #expect(name { _ = try CosineTransform(inputs: 3, outputs: 4) } == "outputs")
    #expect(name { _ = try Delta(width: 4) } == "width")
    #expect(name { _ = try Delta(width: 3, order: 3) } == "order")
    #expect(name { _ = try Silence(decibels: 0) } == "decibels")
    #expect(name { _ = try Silence(margin: 0) } == "margin")
    #expect(name { _ = try SpectralContrast(sampleRate: 8000, fftSize: 512) } == "octaves")
    #expect(name { _ = try SpectralContrast(sampleRate: 16_000, fftSize: 32) } == "low")
    #expect(
      name { _ = try SpectralContrast(sampleRate: 16_000, fftSize: 512, octaves: .max) }
        == "octaves")
    #expect(name { _ = try Chroma(sampleRate: 16_000, fftSize: 512, classes: 0) } == "classes")
    #expect(
      name { _ = try Chroma(sampleRate: 16_000, fftSize: 512, tuning: .fixed(.nan)) } == "tuning")
    #expect(
      name { _ = try SpectralShape(.rolloff(fraction: 1), sampleRate: 8000, fftSize: 512) }
        == "fraction")
  }
}
