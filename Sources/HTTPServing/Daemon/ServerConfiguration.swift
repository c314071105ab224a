/// Where a server listens and what it puts up with.
public struct ServerConfiguration: Sendable {
  /// A numeric address, or localhost; nil listens on every address, IPv4 and IPv6.
  public var address: String?
  /// TCP port; 0 lets the system choose (`Server.port` tells which).
  public var port = 8080
  /// Threads that read and write sockets. Two keep one slow write from holding up everyone.
  public var ioThreads = 2
  /// Open connections. The descriptor limit is raised for them; where it cannot be, fewer are taken.
  public var maxConnections = 10_000
  /// Open connections from one address, or one IPv6 network of 64 bits; 0 for no such limit.
  public var maxConnectionsPerAddress = 0
  /// A connection on which nothing moves for so long is closed.
  public var idleTimeout = Duration.seconds(30)
  /// A body must be complete after so long, however steadily it trickles.
  public var bodyTimeout = Duration.seconds(300)
  /// Bodies that may be used while they arrive, at once; each has a thread.
  public var maxStreams = 32
  /// Bytes of memory for each connection: request line and header must fit in it, and bodies are read through it.
  public var connectionMemory = 32 * 1024
  /// Bytes of bodies held at once, over all requests.
  public var maxBodyMemory = 1 << 30
  /// How long running requests may take to finish when the server stops.
  public var graceTime = Duration.seconds(20)
  /// Proxies in front that can be trusted: the client's address is taken from so far behind in X-Forwarded-For.
  public var proxies = 0
  public var tls: TLSIdentity?
  /// Versions and ciphers of TLS, as GnuTLS writes them: 1.2 and newer.
  public var tlsPriorities = "NORMAL:-VERS-TLS1.0:-VERS-TLS1.1"

  public init() {}
}
