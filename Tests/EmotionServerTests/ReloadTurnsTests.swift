import Glibc
import Synchronization
import TestSupport
import Testing
import emotion_server

@Suite("reloads")
struct ReloadTurnsTests {
  @Test("they run one after the other, however many are asked for at once")
  func serial() {
    let turns = ReloadTurns()
    let events = Mutex<[String]>([])
    let isOpen = Mutex(false)
    let asked = Atomic<Int>(0)
    let reload: @Sendable () -> Void = {
      asked.add(1, ordering: .relaxed)
      turns.take {
        events.withLock { $0.append("reads") }
        waitUntil { isOpen.withLock { $0 } }
        events.withLock { $0.append("replaces") }
      }
    }
    for _ in 0..<3 { Thread.start(reload) }
    waitUntil { asked.load(ordering: .relaxed) == 3 && events.withLock { !$0.isEmpty } }
    // Long enough for another one to begin, if it could.
    usleep(200_000)
    #expect(events.withLock { $0 } == ["reads"])
    isOpen.withLock { $0 = true }
    waitUntil { events.withLock { $0.count } == 6 }
    #expect(
      events.withLock { $0 } == ["reads", "replaces", "reads", "replaces", "reads", "replaces"])
  }

  @Test("one that fails lets the next one run")
  func failing() {
    struct Failed: Error {}
    let turns = ReloadTurns()
    #expect(throws: Failed.self) { try turns.take { throw Failed() } }
    #expect(turns.take { 3 } == 3)
  }
}
