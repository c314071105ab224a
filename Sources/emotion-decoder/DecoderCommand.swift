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
    guard CommandLine.arguments.dropFirst().elementsEqual(["--control", "3"]) else {
      print(
        "emotion-decoder decodes recordings for emotion-server and emotion-lab, which start it by themselves."
      )
      exit(64)
    }
    cconf_ignore_signals()
    CodecRecording.warmUp()
    var forker = Forker(control: control)
    forker.run()
  }
}
