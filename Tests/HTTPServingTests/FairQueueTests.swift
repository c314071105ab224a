import HTTPServing
import Testing

@Suite("what waits, fair by client")
struct FairQueueTests {
  private func order(_ jobs: [(client: String, job: Int)]) -> [Int] {
    var queue = FairQueue<Int>()
    for (client, job) in jobs { queue.append(job, of: client) }
    #expect(queue.count == jobs.count)
    var order: [Int] = []
    while let next = queue.next() { order.append(next.element) }
    #expect(queue.isEmpty)
    return order
  }

  @Test("clients take turns, and each one's jobs keep their order")
  func turns() {
    #expect(order([("a", 1), ("a", 2), ("a", 3)]) == [1, 2, 3])
    #expect(
      order([("a", 1), ("a", 2), ("a", 3), ("b", 4), ("c", 5), ("b", 6)]) == [1, 4, 5, 2, 6, 3])
  }

  @Test("a client that has had its turn waits for the others")
  func later() {
    var queue = FairQueue<Int>()
    for job in 1...3 { queue.append(job, of: "a") }
    #expect(queue.next()?.element == 1)
    queue.append(4, of: "b")
    #expect(queue.next()?.element == 2)
    #expect(queue.next()?.element == 4)
    #expect(queue.next()?.element == 3)
  }

  @Test("who may not have a job is passed over, and keeps its place")
  func passedOver() {
    var queue = FairQueue<Int>()
    for (client, job) in [("a", 1), ("a", 2), ("b", 3)] { queue.append(job, of: client) }
    let next = queue.next { $0 != "a" }
    #expect(next?.client == "b" && next?.element == 3)
    #expect(queue.next { $0 != "a" } == nil)
    #expect(queue.count == 2 && queue.count(of: "a") == 2)
    #expect(queue.removeAll() == [1, 2])
  }

  @Test("what a client put in last can be taken back")
  func takenBack() {
    var queue = FairQueue<Int>()
    for (client, job) in [("a", 1), ("b", 2), ("a", 3)] { queue.append(job, of: client) }
    #expect(queue.takeLast(of: "a") == 3)
    #expect(queue.takeLast(of: "a") == 1)
    #expect(queue.takeLast(of: "a") == nil)
    queue.append(4, of: "a")
    queue.append(5, of: "b")
    #expect(queue.removeAll() == [2, 4, 5])
  }

  @Test("a long line keeps its order")
  func long() {
    var queue = FairQueue<Int>()
    var expected = 0
    for job in 0..<10_000 {
      queue.append(job, of: "a")
      if job % 3 == 0 {
        #expect(queue.next()?.element == expected)
        expected += 1
      }
    }
    #expect(queue.removeAll() == Array(expected..<10_000))
  }
}
