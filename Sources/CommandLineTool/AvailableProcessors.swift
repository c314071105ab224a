import CSystemCalls
import Glibc

/// How many processors this process may use: those of its affinity mask, and no more than its control groups' quota of processor time
/// pays for (`cpu.max`, `cpu.cfs_quota_us`). A container with two processors of sixty-four gets two threads, not sixty-four.
public struct AvailableProcessors: Sendable {
  /// Where the control groups are, and what says which are this process's.
  private let groups: String
  private let membership: String

  public init(groups: String = "/sys/fs/cgroup", membership: String = "/proc/self/cgroup") {
    self.groups = groups
    self.membership = membership
  }

  /// At least 1.
  public var count: Int { max(1, min(Self.affinity, quota ?? .max)) }

  /// Processors that the quota pays for, rounded up; nil without one.
  public var quota: Int? {
    (text(membership) ?? "").split(separator: "\n").compactMap(quota(ofGroup:)).min()
  }

  /// `sched_getaffinity`; all processors where the mask has no room for them.
  private static var affinity: Int {
    let count = Int(csys_affinity())
    return count > 0 ? count : Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }

  /// - Parameter line: "0::/a/b" in version 2, "4:cpu,cpuacct:/a/b" in version 1.
  private func quota(ofGroup line: Substring) -> Int? {
    let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    guard fields.count == 3 else { return nil }
    if fields[0] == "0" {
      return ancestors(of: fields[2]).compactMap { unified("\(groups)\($0)") }.min()
    }
    guard fields[1].split(separator: ",").contains("cpu") else { return nil }
    return ancestors(of: fields[2]).compactMap { separate("\(groups)/cpu\($0)") }.min()
  }

  /// "", "/a", "/a/b": a group's quota holds for all below it. Within a container its own group is the root.
  private func ancestors(of path: Substring) -> [String] {
    path.split(separator: "/").reduce(into: [""]) { paths, name in
      paths.append("\(paths.last ?? "")/\(name)")
    }
  }

  /// "150000 100000" microseconds, or "max 100000".
  private func unified(_ folder: String) -> Int? {
    let fields = text(folder + "/cpu.max")?.split { $0 == " " || $0 == "\n" } ?? []
    return fields.count == 2 ? processors(fields[0], fields[1]) : nil
  }

  private func separate(_ folder: String) -> Int? {
    guard let quota = text(folder + "/cpu.cfs_quota_us"),
      let period = text(folder + "/cpu.cfs_period_us")
    else { return nil }
    return processors(quota.prefix { $0 != "\n" }, period.prefix { $0 != "\n" })
  }

  /// nil for "max", for -1, and for what is no number.
  private func processors(_ quota: Substring, _ period: Substring) -> Int? {
    guard let quota = Int(quota), let period = Int(period), quota > 0, period > 0 else {
      return nil
    }
    return (quota - 1) / period + 1
  }

  /// The first 4 KB of a file.
  private func text(_ path: String) -> String? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = unsafe read(descriptor, &bytes, bytes.count)
    return count < 0 ? nil : String(decoding: bytes[..<count], as: UTF8.self)
  }
}
