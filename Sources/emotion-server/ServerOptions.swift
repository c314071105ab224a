package import CommandLineTool
import EmotionAPI
import Glibc
import HTTPServing

/// The server's options: each a flag, an environment variable and a default.
package enum ServerOptions {
  static let defaults = ServerConfiguration()

  static let port = Option(
    "port", .integer(0...65535, placeholder: "PORT"), default: defaults.port,
    environment: "EMOTION_PORT", help: "TCP port to listen on; 0 lets the system choose")
  static let address = Option<String?>.optional(
    "address", .text("ADDRESS"), environment: "EMOTION_ADDRESS",
    help: "Address to listen on, such as 127.0.0.1 or ::1; every address when left out")
  static let config = Option<String?>.optional(
    "config", .file, environment: "EMOTION_CONFIG",
    help: "File of options, a line each: name = value, as --print-config prints them")
  static let models = Option<[ModelPath]>.repeated(
    "model", .modelPath, default: [ModelPath(name: nil, file: "models/emotion.safetensors")],
    environment: "EMOTION_MODEL",
    help: "Weights file to serve; several may be given, of which requests choose with ?model=NAME")
  static let workers = Option(
    "workers", .integer(1...1024), default: min(1024, AvailableProcessors().count),
    environment: "EMOTION_WORKERS",
    help: "Threads that decode and recognise; one for each processor is best")
  static let decoder = Option<String?>.optional(
    "decoder", .file, environment: "EMOTION_DECODER",
    help: "Program that decodes recordings, emotion-decoder beside this one when left out")
  static let externalDecoder = Option<String?>.optional(
    "external-decoder", .text("PATH|none"), environment: "EMOTION_EXTERNAL_DECODER",
    help:
      "ffmpeg, for what emotion-decoder does not decode (M4A, AMR, WMA); found in PATH when left out"
  )
  static let queue = Option(
    "queue", .integer(0...1_000_000), default: 64, environment: "EMOTION_QUEUE",
    help: "Recordings that may wait for a worker; more are refused with 503")
  static let ioThreads = Option(
    "io-threads", .integer(1...256), default: defaults.ioThreads,
    environment: "EMOTION_IO_THREADS", help: "Threads that read from and write to connections")
  static let maxBody = Option(
    "max-body", .bytes(), default: ServiceLimits().body, environment: "EMOTION_MAX_BODY",
    help: "Largest body of a request")
  static let maxBodyMemory = Option(
    "max-body-memory", .bytes(), default: 256 << 20, environment: "EMOTION_MAX_BODY_MEMORY",
    help: "Memory for all bodies that are being received or wait")
  static let maxSeconds = Option(
    "max-seconds", .number(0.001...86_400, placeholder: "SECONDS"), default: 600,
    environment: "EMOTION_MAX_SECONDS", help: "Longest recording")
  static let maxStreams = Option(
    "max-streams", .integer(1...1024), default: defaults.maxStreams,
    environment: "EMOTION_MAX_STREAMS",
    help: "Recordings classified window by window while they arrive, at once; each has a thread")
  static let maxStreamBody = Option(
    "max-stream-body", .bytes(), default: ServiceLimits().streamedBody,
    environment: "EMOTION_MAX_STREAM_BODY", help: "Largest body of such a recording")
  static let maxStreamSeconds = Option(
    "max-stream-seconds", .number(0.001...604_800, placeholder: "SECONDS"),
    default: ServiceLimits().streamedSeconds, environment: "EMOTION_MAX_STREAM_SECONDS",
    help: "Longest such recording")
  static let maxRequestSeconds = Option(
    "max-request-seconds", .number(0.001...604_800, placeholder: "SECONDS"),
    default: ServiceLimits().requestSeconds, environment: "EMOTION_MAX_REQUEST_SECONDS",
    help: "Sound of all recordings in one request together")
  static let maxProcessor = Option(
    "max-processor", .number(0.001...86_400, placeholder: "SECONDS"), default: 1,
    environment: "EMOTION_MAX_PROCESSOR",
    help:
      "Processor time that every request may take; longer recordings may take a tenth of their length"
  )
  static let maxWindows = Option(
    "max-windows", .integer(1...100_000_000), default: ServiceLimits().windows,
    environment: "EMOTION_MAX_WINDOWS", help: "Windows classified for one request")
  static let maxAnswer = Option(
    "max-answer", .bytes(), default: ServiceLimits().answerBytes,
    environment: "EMOTION_MAX_ANSWER", help: "Bytes of windows in one answer")
  static let maxHeader = Option(
    "max-header", .bytes(atLeast: 4096), default: defaults.connectionMemory,
    environment: "EMOTION_MAX_HEADER",
    help: "Memory for each connection, which holds a request's header")
  static let maxConnections = Option(
    "max-connections", .integer(1...1_000_000), default: defaults.maxConnections,
    environment: "EMOTION_MAX_CONNECTIONS", help: "Open connections")
  static let maxPerAddress = Option(
    "max-per-address", .integer(0...1_000_000), default: defaults.maxConnectionsPerAddress,
    environment: "EMOTION_MAX_PER_ADDRESS",
    help: "Open connections from one address; 0 for no such limit")
  static let idleTimeout = Option(
    "idle-timeout", .integer(1...86_400, placeholder: "SECONDS"), default: 30,
    environment: "EMOTION_IDLE_TIMEOUT", help: "A connection on which nothing moves is closed")
  static let bodyTimeout = Option(
    "body-timeout", .integer(1...86_400, placeholder: "SECONDS"), default: 300,
    environment: "EMOTION_BODY_TIMEOUT", help: "A body must have arrived after so long")
  static let graceTime = Option(
    "grace-time", .integer(0...86_400, placeholder: "SECONDS"), default: 20,
    environment: "EMOTION_GRACE_TIME",
    help: "Time for running requests to finish after SIGTERM or SIGINT")
  static let certificate = Option<String?>.optional(
    "tls-certificate", .file, environment: "EMOTION_TLS_CERTIFICATE",
    help: "Certificate chain (PEM); with --tls-key the server speaks HTTPS")
  static let key = Option<String?>.optional(
    "tls-key", .file, environment: "EMOTION_TLS_KEY", help: "The certificate's private key (PEM)")
  static let priorities = Option(
    "tls-priorities", .text("PRIORITIES"), default: defaults.tlsPriorities,
    environment: "EMOTION_TLS_PRIORITIES",
    help: "Versions and ciphers of TLS, as GnuTLS writes them (gnutls-cli --priority-list)")
  static let log = Option(
    "log", ValueFormat<LogStyle>.choice, default: .auto, environment: "EMOTION_LOG",
    help: "Form of the log on standard error; auto is text on a terminal and json elsewhere")
  static let logLevel = Option(
    "log-level", ValueFormat<LogLevel>.choice, default: .info, environment: "EMOTION_LOG_LEVEL",
    help: "What is logged: debug adds the HTTP library's remarks, warning leaves out what went well"
  )
  static let apiKeys = Option<String?>.optional(
    "api-keys", .file, environment: "EMOTION_API_KEYS",
    help: "File of API keys, a line each: NAME SHA256 [operator]; without it no key is asked for")
  static let protectHealth = Option<Bool>.flag(
    "protect-health", environment: "EMOTION_PROTECT_HEALTH",
    help: "Ask for a key on /healthz and /readyz, too")
  static let protectMetrics = Option<Bool>.flag(
    "protect-metrics", environment: "EMOTION_PROTECT_METRICS",
    help: "Ask for a key on /metrics, too")
  static let adminPort = Option<Int?>.optional(
    "admin-port", .integer(0...65535, placeholder: "PORT"), environment: "EMOTION_ADMIN_PORT",
    help: "Serve /metrics and POST /-/reload on a port of their own, without keys")
  static let adminAddress = Option(
    "admin-address", .text("ADDRESS"), default: "127.0.0.1",
    environment: "EMOTION_ADMIN_ADDRESS", help: "Address of the admin port")
  static let origins = Option<[String]>.repeated(
    "allow-origin", .text("ORIGIN"), environment: "EMOTION_ALLOW_ORIGIN",
    help: "Origin whose pages may use the service, such as https://example.org; * for all")
  static let rateLimit = Option(
    "rate-limit", .number(0...1_000_000, placeholder: "PER_SECOND"), default: 0,
    environment: "EMOTION_RATE_LIMIT",
    help: "Requests a second of one client (key or address), more get 429; 0 for no such limit")
  static let rateBurst = Option(
    "rate-burst", .integer(1...1_000_000), default: 20, environment: "EMOTION_RATE_BURST",
    help: "Requests that one client may make at once")
  static let proxies = Option(
    "proxies", .integer(0...16), default: defaults.proxies, environment: "EMOTION_PROXIES",
    help: "Trusted proxies in front: a client's address is the so many last in X-Forwarded-For")
  static let printConfig = Option<Bool>.flag(
    "print-config", help: "Print every option's value and where it comes from, and stop")

  static let all: [any OptionDeclaration] = [
    config, port, address, models, decoder, externalDecoder, workers, queue, ioThreads, maxBody,
    maxBodyMemory,
    maxSeconds, maxStreams, maxStreamBody, maxStreamSeconds, maxRequestSeconds, maxProcessor,
    maxWindows, maxAnswer, maxHeader, maxConnections, maxPerAddress, idleTimeout, bodyTimeout,
    graceTime, certificate, key, priorities, apiKeys,
    protectHealth, protectMetrics, adminPort, adminAddress, origins, rateLimit, rateBurst, proxies,
    log, logLevel, printConfig,
  ]

  package static let command = Command(
    "emotion-server",
    summary: "Serves speech emotion recognition over HTTP: POST a recording to /predict.",
    options: all, environmentPrefix: "EMOTION_", settingsFile: config,
    examples: [
      Example("emotion-server --port 8080", "serve the model in models/ on port 8080"),
      Example("EMOTION_PORT=80 emotion-server --queue 16", "take options from the environment"),
      Example("curl -F file=@clip.wav localhost:8080/predict", "ask it"),
    ])
}
