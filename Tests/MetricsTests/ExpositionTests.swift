import Metrics
import Testing

@Test("counters stand in the text with their labels, in order, and escaped")
func counters() {
  let counter = Counter("jobs_total", help: "Jobs \\ of\nall kinds.", labels: ["kind", "note"])
  counter.add(1, "b", "plain")
  counter.add(2.5, "a", "with \"quotes\", \\ and\nlines")
  counter.add(1, "b", "plain")
  #expect(
    Exposition.text([counter.family]) == #"""
      # HELP jobs_total Jobs \\ of\nall kinds.
      # TYPE jobs_total counter
      jobs_total{kind="a",note="with \"quotes\", \\ and\nlines"} 2.5
      jobs_total{kind="b",note="plain"} 2

      """#)
}

@Test("a counter without labels is there before it counts")
func untouched() {
  #expect(
    Exposition.text([Counter("x_total", help: "X.").family]).hasSuffix("\nx_total 0\n"))
}

@Test("a histogram counts up to each bound, a value on a bound included")
func histograms() {
  let histogram = Histogram("wait_seconds", help: "Wait.", labels: ["at"], bounds: [0.1, 1])
  for value in [0.05, 0.1, 0.5, 7] { histogram.observe(value, "door") }
  #expect(
    Exposition.text([histogram.family]) == """
      # HELP wait_seconds Wait.
      # TYPE wait_seconds histogram
      wait_seconds_bucket{at="door",le="0.1"} 2
      wait_seconds_bucket{at="door",le="1"} 3
      wait_seconds_bucket{at="door",le="+Inf"} 4
      wait_seconds_sum{at="door"} 7.65
      wait_seconds_count{at="door"} 4

      """)
}

@Test("large counts are exact; what is no number is written as Prometheus does")
func numbers() {
  let values: [(Double, String)] = [
    (123_456_789_012, "123456789012"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"),
    (0.25, "0.25"),
  ]
  for (value, text) in values {
    let family = MetricFamily("x", .gauge, help: "X.", value: value)
    #expect(Exposition.text([family]).hasSuffix("\nx \(text)\n"))
  }
}

@Test("the kernel's figures of this process are there and make sense")
func process() throws {
  let families = ProcessMetrics.families
  func value(_ name: String) throws -> Double {
    try #require(families.first { $0.name == name }?.samples.first?.value)
  }
  #expect(try value("process_resident_memory_bytes") > 1e6)
  #expect(
    try value("process_virtual_memory_bytes") >= value("process_resident_memory_bytes"))
  #expect(try value("process_open_fds") >= 3)
  #expect(try value("process_max_fds") >= value("process_open_fds"))
  #expect(try value("process_cpu_seconds_total") > 0)
  #expect(try value("process_threads") >= 1)
  #expect(try value("process_start_time_seconds") > 1.6e9)
}
