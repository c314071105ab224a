import AudioCodecs
import AudioIO
import CConfinement
import Glibc

/// Decodes recordings of strangers, in processes that may be lost. It is started by the programs that need it.
@main
struct DecoderCommand {
  /// The socket to the program that started this one.
  private static let control: Int32 = 3

  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    let external = arguments.count == 4 && arguments[2] == "--external" ? arguments[3] : nil
    guard arguments.starts(with: ["--control", "3"]), arguments.count == 2 || external != nil else {
      print(
        "emotion-decoder decodes recordings for emotion-server and emotion-lab, which start it by themselves."
      )
      exit(64)
    }
    cconf_ignore_signals()
    CodecRecording.warmUp()
    var forker = Forker(control: control, external: external)
    forker.run()
  }
}
