import AudioIO
import CConfinement
import Glibc

/// The external decoder at work. It ends with this process, or when its time is used up.
final class ExternalProcess {
  /// Without a byte for so long it hangs.
  private static let patience = Duration.seconds(15)
  /// So often its processor time is looked at.
  private static let glance: Int32 = 20
  /// Between the end of its sound and its own.
  private static let farewell = Duration.seconds(2)

  private let socket: Int32
  private let process: Int32
  private let pipe: Int32
  private let reportFile: Int32
  /// Microseconds of processor time at which it is ended.
  private var limit = 0
  private var used = 0

  /// Starts the program. Where the system refuses, this process ends.
  init(_ program: String, _ demuxer: String, input: Int32, _ socket: Int32) {
    var (reading, writing): (Int32, Int32) = (-1, -1)
    reportFile = cconf_report_file()
    guard reportFile >= 0, unsafe cconf_pipe(&reading, &writing) == 0 else { exit(1) }
    process = unsafe cconf_run_external(program, demuxer, input, writing, reportFile)
    guard process > 0 else { exit(1) }
    close(writing)
    close(input)
    pipe = reading
    self.socket = socket
  }

  /// Processor time of both processes.
  var cost: DecoderCost {
    used = max(used, cconf_used_by(process))
    return DecoderCost(microseconds: used + cconf_used())
  }

  /// Lets it use so much more processor time.
  func allow(_ milliseconds: Int) {
    let (sum, isTooMuch) = milliseconds.multipliedReportingOverflow(by: 1000)
    limit = isTooMuch ? .max : cost.microseconds.addingReportingOverflow(sum).partialValue
  }

  /// Reads what is there, up to `bytes.count` from `start` on, and waits for it.
  /// - Returns: bytes read; 0 at the end.
  func read(into bytes: inout [UInt8], from start: Int) -> Int {
    let end = ContinuousClock.now + Self.patience
    var event = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
    while unsafe poll(&event, 1, Self.glance) <= 0 {
      checkTime()
      guard ContinuousClock.now < end else { exit(1) }
    }
    checkTime()
    let count = bytes.count - start
    return max(
      0,
      unsafe bytes.withUnsafeMutableBytes {
        unsafe Glibc.read(pipe, $0.baseAddress! + start, count)
      })
  }

  private func checkTime() {
    let spent = cost.microseconds
    if spent > cconf_patience * 1000 { cconf_yield(process) }
    guard spent < limit else {
      send(.exhausted, to: socket)
      exit(1)
    }
  }

  /// How it ends once it has no more sound: its exit code, or minus the number of the signal.
  private(set) lazy var ending: Int32 = {
    let end = ContinuousClock.now + Self.farewell
    while ContinuousClock.now < end {
      _ = cost
      let ending = cconf_ending(process)
      if ending != cconf_running { return ending }
      usleep(1000)
    }
    return -SIGKILL
  }()

  var hasSucceeded: Bool { ending == 0 }

  /// What it has said so far.
  var report: ExternalReport {
    var bytes = [UInt8](repeating: 0, count: Int(cconf_report_size))
    let count = unsafe pread(reportFile, &bytes, bytes.count, 0)
    return ExternalReport(bytes.prefix(max(0, count)).prefix { $0 != 0 })
  }
}
