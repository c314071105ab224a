import Glibc

/// What the kernel knows about this process (`/proc/self`), under the names that Prometheus' own libraries use.
public enum ProcessMetrics {
  /// What could not be read is left out.
  public static var families: [MetricFamily] {
    [
      gauge("process_resident_memory_bytes", "Resident memory.", bytes("VmRSS")),
      gauge("process_virtual_memory_bytes", "Virtual memory.", bytes("VmSize")),
      gauge("process_threads", "Threads.", status("Threads")),
      gauge("process_open_fds", "Open file descriptors.", openDescriptors),
      gauge("process_max_fds", "Most file descriptors that may be open.", descriptorLimit),
      gauge(
        "process_start_time_seconds", "When the process started, seconds since 1970.", startTime),
      MetricFamily(
        "process_cpu_seconds_total", .counter, help: "Processor time spent.", value: processorTime),
    ].compactMap { $0 }
  }

  private static func gauge(_ name: String, _ help: String, _ value: Double?) -> MetricFamily? {
    value.map { MetricFamily(name, .gauge, help: help, value: $0) }
  }

  private static func bytes(_ field: String) -> Double? { status(field).map { $0 * 1024 } }

  /// A number from `/proc/self/status`, whose lines read `VmRSS:     1234 kB`.
  private static func status(_ field: String) -> Double? {
    read("/proc/self/status").split(separator: "\n")
      .first { $0.hasPrefix(field + ":") }?
      .split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
      .flatMap { Double($0) }
  }

  private static var processorTime: Double {
    var usage = rusage()
    unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return [usage.ru_utime, usage.ru_stime].map {
      Double($0.tv_sec) + Double($0.tv_usec) / 1e6
    }.reduce(0, +)
  }

  private static var openDescriptors: Double? {
    guard let folder = unsafe opendir("/proc/self/fd") else { return nil }
    defer { unsafe closedir(folder) }
    var entries = 0
    while unsafe readdir(folder) != nil { entries += 1 }
    // Without ".", ".." and the folder itself.
    return Double(entries - 3)
  }

  private static var descriptorLimit: Double? {
    var limit = rlimit()
    let code = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return code == 0 ? Double(limit.rlim_cur) : nil
  }

  /// Field 22 of `/proc/self/stat` counts ticks since the machine started; `btime` in `/proc/stat` says when that was.
  private static var startTime: Double? {
    let afterName = read("/proc/self/stat").split(separator: ")").last ?? ""
    let fields = afterName.split(separator: " ")
    let boot = read("/proc/stat").split(separator: "\n").first { $0.hasPrefix("btime ") }?
      .split(separator: " ").last.flatMap { Double($0) }
    guard fields.count > 19, let ticks = Double(fields[19]), let boot else { return nil }
    return boot + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  /// A small file of the kernel's; empty when it cannot be read.
  private static func read(_ path: String) -> String {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 64 * 1024)
    var filled = 0
    while filled < bytes.count {
      let got = unsafe bytes.withUnsafeMutableBytes {
        unsafe Glibc.read(descriptor, $0.baseAddress! + filled, $0.count - filled)
      }
      if got <= 0 { break }
      filled += got
    }
    return String(decoding: bytes[..<filled], as: UTF8.self)
  }
}
