import AudioIO
import CommandLineTool
import EmotionFeatures
import EmotionModel
import FoundationEssentials
import Glibc
import HTTPServing

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
  case decoder, multipart, weights, json, header, framing

  var read: @Sendable ([UInt8]) -> Void {
    switch self {
    case .decoder:
      // Long recordings take long: a limit keeps libFuzzer busy with short ones.
      let decoder = AudioDecoder(limits: AudioLimits(maximumDuration: 5))
      return { _ = try? decoder.decode($0) }
    case .multipart:
      let type = MediaType("multipart/form-data; boundary=b")
      return { _ = try? MultipartForm($0, contentType: type) }
    case .weights: return { _ = try? ModelFile(bytes: $0) }
    case .json:
      return {
        _ = try? JSONValue(Data($0))
        _ = try? FrontEndConfiguration(json: Data($0))
      }
    case .header:
      return {
        let text = String(decoding: $0, as: UTF8.self)
        _ = RequestTarget(text)
        _ = TraceContext(text)
        _ = MediaType(text)
        _ = try? Settings(text, path: "fuzz")
      }
    case .framing: return checkFraming
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

private func guarded() -> FramingGuard { FramingGuard(limits: FramingLimits(header: 8192)) }
