import AudioIO
package import CommandLineTool
package import EmotionAPI
import FileIO
package import HTTPServing

/// - Throws: `usage` for a certificate without its key, or a key without its certificate; `file` where one cannot be read,
///   `server` where the two cannot be used.
package func configuration(_ arguments: Arguments) throws(StartError) -> ServerConfiguration {
  var configuration = ServerConfiguration()
  configuration.address = arguments[ServerOptions.address]
  configuration.port = arguments[ServerOptions.port]
  configuration.ioThreads = arguments[ServerOptions.ioThreads]
  configuration.maxConnections = arguments[ServerOptions.maxConnections]
  configuration.maxConnectionsPerAddress = arguments[ServerOptions.maxPerAddress]
  configuration.idleTimeout = .seconds(arguments[ServerOptions.idleTimeout])
  configuration.maxStreams = arguments[ServerOptions.maxStreams]
  configuration.bodyTimeout = .seconds(arguments[ServerOptions.bodyTimeout])
  configuration.connectionMemory = arguments[ServerOptions.maxHeader]
  configuration.maxBodyMemory = arguments[ServerOptions.maxBodyMemory]
  configuration.graceTime = .seconds(arguments[ServerOptions.graceTime])
  configuration.proxies = arguments[ServerOptions.proxies]
  configuration.tls = try identity(arguments)
  configuration.tlsPriorities = arguments[ServerOptions.priorities]
  return configuration
}

package func limits(_ arguments: Arguments) -> ServiceLimits {
  var limits = ServiceLimits()
  limits.body = arguments[ServerOptions.maxBody]
  limits.streamedBody = arguments[ServerOptions.maxStreamBody]
  limits.streamedSeconds = arguments[ServerOptions.maxStreamSeconds]
  limits.requestSeconds = arguments[ServerOptions.maxRequestSeconds]
  limits.processor.least = .seconds(arguments[ServerOptions.maxProcessor])
  limits.windows = arguments[ServerOptions.maxWindows]
  limits.answerBytes = arguments[ServerOptions.maxAnswer]
  return limits
}

private func identity(_ arguments: Arguments) throws(StartError) -> TLSIdentity? {
  switch (arguments[ServerOptions.certificate], arguments[ServerOptions.key]) {
  case (nil, nil): return nil
  case (let certificate?, let key?):
    return try tlsIdentity(certificate, key)
  case (nil, _): throw .usage(.missingOption("tls-certificate", environment: nil))
  case (_, nil): throw .usage(.missingOption("tls-key", environment: nil))
  }
}

/// What the files hold.
/// - Throws: `file` where one cannot be read, `server` where they cannot be used.
func tlsIdentity(_ certificate: String, _ key: String) throws(StartError) -> TLSIdentity {
  let (certificate, key) = (try text(certificate), try text(key))
  do { return try TLSIdentity(certificate: certificate, privateKey: key) } catch {
    throw .server(error)
  }
}

private func text(_ path: String) throws(StartError) -> String {
  do {
    return String(decoding: try File(path).read(limit: 1 << 20), as: UTF8.self)
  } catch {
    throw .file(error)
  }
}

/// The operators' listener, if one is wished for.
package func adminConfiguration(_ arguments: Arguments) -> ServerConfiguration? {
  guard let port = arguments[ServerOptions.adminPort] else { return nil }
  var configuration = ServerConfiguration()
  configuration.address = arguments[ServerOptions.adminAddress]
  configuration.port = port
  configuration.ioThreads = 1
  configuration.maxConnections = 100
  return configuration
}

/// Each option with its value and where that comes from: a file that `--config` takes.
func configurationText(_ arguments: Arguments) -> String {
  let options = ServerOptions.all.filter { !["print-config", "config"].contains($0.name) }
  return options.flatMap { option in
    arguments.settings(of: option).map {
      "\($0)  # \(origin(arguments.source(of: option)))"
    }
  }.joined(separator: "\n")
}

private func origin(_ source: ValueSource) -> String {
  switch source {
  case .flag: "flag"
  case .environment(let variable): "environment \(variable)"
  case .file(let path, let line): "\(path):\(line)"
  case .fallback: "default"
  }
}
