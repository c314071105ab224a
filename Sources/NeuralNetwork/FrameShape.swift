/// The shape of one frame on its way through a network.
///
/// Inside the network a frame is (bands, channels). PyTorch's order is the other way round, so a
/// layer whose weights look at a whole frame must know how its inputs came to lie side by side.
public struct FrameShape: Sendable, Equatable {
  /// Values of one channel; 1 where a frame is a vector of features.
  public var bands: Int
  /// Planes of a map, or features.
  public var channels: Int
  /// Bands that a reshape merged into the channels: channel = band · (channels / mergedBands) + c.
  package var mergedBands = 1
  /// Equal parts the channels consist of, each merged by itself (mean and deviation).
  package var parts = 1
  /// Whether the time axis is gone: one frame a clip.
  package var isPooled = false
  /// Whether it is the network's input, of which nobody asks the gradient.
  package var isNetworkInput = false

  /// A frame as the front end gives it: its time axis is there and nothing is merged.
  public init(bands: Int, channels: Int) {
    self.bands = bands
    self.channels = channels
  }

  package var size: Int { bands * channels }

  /// A frame of plain features without bands.
  package func features(_ count: Int) -> FrameShape {
    var shape = FrameShape(bands: 1, channels: count)
    shape.isPooled = isPooled
    return shape
  }

  /// Whether its values lie in the order PyTorch would have them in.
  package var isInFileOrder: Bool { mergedBands == 1 || channels == parts * mergedBands }

  /// Whether a value of one lies where its like of the other does, in PyTorch too.
  package func lines(upWith other: FrameShape) -> Bool {
    let sameOrder =
      isInFileOrder && other.isInFileOrder
      || mergedBands == other.mergedBands && parts == other.parts
    return bands == other.bands && channels == other.channels && isPooled == other.isPooled
      && sameOrder
  }

  /// The axes of an input of this shape in a PyTorch weight: (part, channel, band).
  package var fileAxes: [Int] { [parts, channels / parts / mergedBands, mergedBands] }

  /// One frame a clip, of means or of means and deviations.
  func pooled(withDeviation: Bool) -> FrameShape {
    var shape = self
    shape.isPooled = true
    if withDeviation {
      shape.channels *= 2
      shape.parts *= 2
    }
    return shape
  }
}
