/// What is known at a glance of a recording of plain samples, which takes neither a decoder process nor much time.
public struct PlainRecording: Sendable {
  /// Seconds that its header and its length say; chunks behind the samples may count, too.
  public let seconds: Double

  /// - Returns: nil for a recording that has to be decoded, or is none.
  public init?(_ source: some ByteSource) {
    var source = EditedBytes(base: source)
    guard (try? source.prepare()) == .wav, let layout = source.wavLayout(),
      let file = PCMFile(wav: source, layout, ProcessorBudget())
    else { return nil }
    seconds = Double(file.properties.claimedFrames) / Double(file.properties.sampleRate)
  }
}
