public import AudioIO
public import HTTPServing
import Metrics
public import Recognition

/// What the service counts and times for `GET /metrics`.
public final class ServiceMetrics: Sendable {
  let version: String
  private let requests = Counter(
    "emotion_http_requests_total", help: "Requests that are over.", labels: ["route", "status"])
  private let problems = Counter(
    "emotion_problems_total", help: "Requests that were answered with a problem.",
    labels: ["type", "status"])
  private let durations = Histogram(
    "emotion_http_request_duration_seconds",
    help: "From the request line to the end of the answer.", labels: ["route"])
  private let stages = Histogram(
    "emotion_stage_duration_seconds", help: "Where the time of recordings goes.", labels: ["stage"])
  private let receivedBytes = Counter(
    "emotion_http_received_bytes_total", help: "Bytes of bodies received.")
  private let sentBytes = Counter("emotion_http_sent_bytes_total", help: "Bytes of bodies sent.")
  private let audioSeconds = Counter(
    "emotion_audio_seconds_total", help: "Audio answered, in seconds.")
  private let predictions = Counter(
    "emotion_predictions_total", help: "Answers by model and emotion.",
    labels: ["model", "emotion"])
  private let decoderEvents = Counter(
    "emotion_decoder_events_total",
    help: "Decoder processes that were lost (died, exhausted), and restarts of what makes them.",
    labels: ["event"])
  private let externalDecoders = Counter(
    "emotion_external_decoders_total", help: "Processes of the external decoder, such as ffmpeg.")
  private let reloads = Counter(
    "emotion_reloads_total", help: "Attempts to load the models anew.", labels: ["result"])
  private let lostLogLines = Counter(
    "emotion_log_lines_lost_total", help: "Lines of the log that nobody read in time.")

  static let contentType = Exposition.contentType

  /// - Parameter version: The program's.
  public init(version: String) {
    self.version = version
    // A series that begins with its first event hides that event from whoever watches for a change.
    for result in ["success", "failure"] { reloads.add(0, result) }
    for event in ["died", "exhausted", "restarted"] { decoderEvents.add(0, event) }
  }

  /// A request is over.
  public func count(_ record: RequestRecord) {
    // A path that a client makes up must not become a series.
    let route = record.route ?? "none"
    requests.add(1, route, record.status.map { "\($0)" } ?? "none")
    if let problem = record.problem, let status = record.status {
      // Behind #; those of HTTP itself are about:blank.
      problems.add(1, problem.split(separator: "#").last.map(String.init) ?? problem, "\(status)")
    }
    receivedBytes.add(Double(record.receivedBytes))
    sentBytes.add(Double(record.sentBytes))
    durations.observe(record.times.total.seconds, route)
    guard record.times.work > .zero else { return }
    stages.observe(record.times.receive.seconds, "receive")
    stages.observe(record.times.queue.seconds, "queue")
  }

  /// A step of a recording's recognition is over: what a recognizer's observer is.
  public func time(_ stage: RecognitionStage, _ duration: Duration) {
    stages.observe(duration.seconds, stage.rawValue)
  }

  /// A recording is answered.
  /// - Parameter emotion: nil where nobody speaks.
  func count(seconds: Double, model: String, emotion: String?) {
    audioSeconds.add(seconds)
    predictions.add(1, model, emotion ?? "none")
  }

  /// Something happened to a decoder process.
  public func count(_ event: DecoderPool.Event) {
    switch event {
    case .died: decoderEvents.add(1, "died")
    case .exhausted: decoderEvents.add(1, "exhausted")
    case .restarted: decoderEvents.add(1, "restarted")
    case .external: externalDecoders.add(1)
    }
  }

  /// The models were loaded anew, or could not be.
  public func countReload(succeeded: Bool) {
    reloads.add(1, succeeded ? "success" : "failure")
  }

  /// Lines of the log are lost.
  public func countLostLogLines(_ count: Int) { lostLogLines.add(Double(count)) }

  /// The page of all metrics.
  func page(_ load: ServerLoad, _ models: [ModelIdentity]) -> String {
    Exposition.text(
      [
        requests.family, problems.family, durations.family, stages.family, receivedBytes.family,
        sentBytes.family,
        audioSeconds.family, predictions.family, reloads.family, decoderEvents.family,
        externalDecoders.family, lostLogLines.family,
      ] + families(load) + [build, info(models)] + ProcessMetrics.families)
  }

  private func families(_ load: ServerLoad) -> [MetricFamily] {
    [
      gauge("emotion_queue_depth", "Recordings that wait for a worker.", load.queued),
      gauge("emotion_queue_capacity", "Recordings that may wait.", load.queueCapacity),
      gauge("emotion_jobs_running", "Recordings that workers are at.", load.running),
      gauge("emotion_http_requests_in_flight", "Requests begun and not over.", load.openRequests),
      gauge(
        "emotion_draining", "1 once the server has been asked to stop.", load.isDraining ? 1 : 0),
    ]
  }

  private var build: MetricFamily {
    MetricFamily(
      "emotion_build_info", .gauge, help: "The program; its value is always 1.",
      samples: [.init(labels: [.init("version", version)], value: 1)])
  }

  private func info(_ models: [ModelIdentity]) -> MetricFamily {
    MetricFamily(
      "emotion_model_info", .gauge, help: "The models that are served; the value is always 1.",
      samples: models.map {
        .init(labels: [.init("model", $0.name), .init("sha256", $0.sha256)], value: 1)
      })
  }
}

private func gauge(_ name: String, _ help: String, _ value: Int) -> MetricFamily {
  MetricFamily(name, .gauge, help: help, value: Double(value))
}

extension Duration {
  fileprivate var seconds: Double { self / .seconds(1) }
}
