/// How a recording is cut into windows, in seconds.
public struct WindowPlan: Sendable, Equatable {
  public var duration: Double
  /// From one window's beginning to the next one's.
  public var hop: Double

  public init(duration: Double = 3, hop: Double = 1) {
    precondition(duration > 0 && hop > 0, "windows of \(duration) s every \(hop) s")
    self.duration = duration
    self.hop = hop
  }
}

extension WindowPlan {
  /// Samples of a window, and from one's beginning to the next one's.
  func samples(at sampleRate: Int) -> (length: Int, hop: Int) {
    func count(_ seconds: Double) -> Int { max(1, Int((seconds * Double(sampleRate)).rounded())) }
    return (count(duration), count(hop))
  }
}
