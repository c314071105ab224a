import CommandLineTool
import Foundation
import Testing

@Suite("Available processors")
struct AvailableProcessorsTests {
  /// A tree of control groups, and this process's membership.
  private func quota(_ membership: String, _ files: [String: String]) throws -> Int? {
    let root = FileManager.default.temporaryDirectory.path + "/\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: root) }
    for (name, text) in files {
      let path = "\(root)/groups/\(name)"
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    try membership.write(toFile: "\(root)/membership", atomically: true, encoding: .utf8)
    return AvailableProcessors(groups: "\(root)/groups", membership: "\(root)/membership").quota
  }

  @Test("are no more than the quota of the process's group and of those above it pays for")
  func quotas() throws {
    #expect(try quota("0::/\n", ["cpu.max": "200000 100000\n"]) == 2)
    #expect(try quota("0::/\n", ["cpu.max": "150000 100000\n"]) == 2)
    #expect(try quota("0::/\n", ["cpu.max": "1000 100000\n"]) == 1)
    #expect(try quota("0::/\n", ["cpu.max": "max 100000\n"]) == nil)
    #expect(
      try quota("0::/a/b\n", ["a/cpu.max": "300000 100000\n", "a/b/cpu.max": "max 100000\n"]) == 3)
    // As a container sees it: its path is the host's, its own group is the root.
    #expect(try quota("0::/docker/1234\n", ["cpu.max": "100000 100000\n"]) == 1)
    let old = "5:devices:/\n4:cpu,cpuacct:/x\n0::/\n"
    #expect(
      try quota(
        old, ["cpu/x/cpu.cfs_quota_us": "400000\n", "cpu/x/cpu.cfs_period_us": "100000\n"]) == 4)
    #expect(
      try quota(old, ["cpu/x/cpu.cfs_quota_us": "-1\n", "cpu/x/cpu.cfs_period_us": "100000\n"])
        == nil)
  }

  @Test(
    "are all where nothing readable says otherwise",
    arguments: ["", "\n", "0::", "x", "0::/\n0", "4:cpu:/x\n"])
  func none(membership: String) throws {
    #expect(try quota(membership, ["cpu.max": "x y z", "x/cpu.max": ""]) == nil)
    #expect(AvailableProcessors(groups: "/nowhere", membership: "/nowhere").count >= 1)
  }
}
