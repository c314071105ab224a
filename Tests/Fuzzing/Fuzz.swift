import AudioCodecs
import AudioIO
import CommandLineTool
import EmotionModel
import Features
import FoundationEssentials
import Glibc
import HTTPServing
import StrictJSON
import TestSupport

/// What libFuzzer calls with each input it makes up. FUZZ_TARGET names what is to read it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
  read(bytes)
  return 0
}

private let read: @Sendable ([UInt8]) -> Void = {
  guard let name = unsafe getenv("FUZZ_TARGET"),
    let target = unsafe FuzzTarget(rawValue: String(cString: name))
  else {
    fatalError("FUZZ_TARGET is to be one of \(FuzzTarget.allCases.map(\.rawValue))")
  }
  return target.read
}()

/// Everything that reads bytes of strangers. It may refuse them, in no other way than by its errors.
private enum FuzzTarget: String, CaseIterable {
  case decoder, multipart, weights, json, body, header, framing, websocket

  var read: @Sendable ([UInt8]) -> Void {
    switch self {
    case .decoder:
      return {
        // Without right checksums no Ogg decoder gets to see what is behind them.
        var bytes = $0
        OggChecksums.mend(&bytes)
        CodecRecording.decodeHere(bytes)
      }
    case .multipart:
      let type = MediaType("multipart/form-data; boundary=b")
      return { _ = try? MultipartForm($0, contentType: type) }
    case .weights: return { _ = try? ModelFile(bytes: $0) }
    case .json:
      return {
        _ = try? JSONValue(Data($0))
        _ = try? FrontEndConfiguration(json: Data($0))
      }
    case .body: return readBody
    case .header:
      return {
        let text = String(decoding: $0, as: UTF8.self)
        _ = RequestTarget(text)
        _ = TraceContext(text)
        _ = MediaType(text)
        _ = try? Settings(text, path: "fuzz")
      }
    case .framing: return checkFraming
    case .websocket: return checkFrames
    }
  }
}

/// A request's JSON, stepped over and asked for a recording; what is decoded of it must be as long as it says, whichever
/// way it is read.
@Sendable private func readBody(_ bytes: [UInt8]) {
  var skipping = JSONScanner(bytes[...])
  if (try? skipping.skip()) != nil { _ = try? skipping.finish() }
  var scanner = JSONScanner(bytes[...])
  try? scanner.object(["inputs"]) { _, scanner throws(JSONError) in
    var text = try scanner.base64()
    var whole = [UInt8](repeating: 0, count: text.count)
    var span = whole.mutableSpan
    let count = text.read(at: 0, into: &span)
    precondition(count == whole.count, "less than it says")
    for offset in stride(from: whole.count - 1, through: 0, by: -97) {
      var piece: [UInt8] = [0]
      var span = piece.mutableSpan
      let count = text.read(at: offset, into: &span)
      precondition(count == 1 && piece[0] == whole[offset], "other bytes")
    }
  }
}
/// Cutting a connection's bytes into pieces must change neither what is found wrong nor what goes on.
private func checkFraming(_ bytes: [UInt8]) {
  var (whole, cut) = (guarded(), guarded())
  let passed = whole.feed(bytes)
  var pieces: [UInt8] = []
  for byte in bytes { pieces += cut.feed([byte]) }
  precondition(whole.finding == cut.finding, "cutting changed what was found")
  precondition(
    whole.finding != nil || passed == pieces, "cutting changed what went on to the library")
}

/// Cutting a WebSocket's bytes into pieces must not change what is read of them.
@Sendable private func checkFrames(_ bytes: [UInt8]) {
  let limits = WebSocketReader.Limits(binary: 1 << 20)
  var (whole, cut) = (WebSocketReader(limits), WebSocketReader(limits))
  var pieces: [WebSocketReader.Event] = []
  for byte in bytes { pieces += cut.feed([byte]) }
  precondition(joined(whole.feed(bytes)) == joined(pieces), "cutting changed what was read")
}

/// The events, with neighbouring pieces of data as one.
private func joined(_ events: [WebSocketReader.Event]) -> [WebSocketReader.Event] {
  events.reduce(into: []) { joined, event in
    if case .data(let more) = event, case .data(let before) = joined.last {
      joined[joined.count - 1] = .data(before + more)
    } else {
      joined.append(event)
    }
  }
}

private func guarded() -> FramingGuard { FramingGuard(limits: FramingLimits(header: 8192)) }
