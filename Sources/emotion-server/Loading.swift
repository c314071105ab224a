import AudioIO
import CommandLineTool
import EmotionAPI
import FileIO
import HTTPServing
import Recognition
import Synchronization

/// What the server reads from files and may read again while it runs: models, keys, and the certificate of TLS.
final class Loading: Sendable {
  let models: Reloadable<ModelSet>
  /// nil when no key is asked for.
  let keys: Reloadable<APIKeys>?
  /// nil without TLS.
  private let identity: TLSIdentity?
  private let sources: Sources
  private let metrics: ServiceMetrics
  private let turns = ReloadTurns()

  init(
    _ arguments: Arguments, identity: TLSIdentity?, decoders: DecoderPool, metrics: ServiceMetrics
  ) throws(StartError) {
    sources = Sources(arguments, decoders)
    models = Reloadable(try sources.models(metrics))
    keys = try sources.keys().map { Reloadable($0) }
    self.identity = identity
    self.metrics = metrics
  }

  /// What is read beside the models.
  var others: [String] {
    [keys == nil ? nil : "API keys", identity == nil ? nil : "TLS certificate and key"]
      .compactMap(\.self)
  }

  /// Loads everything beside what is in use, and replaces that only when all is well.
  func reload() throws(StartError) -> [ModelIdentity] {
    do throws(StartError) {
      let identities = try turns.take { () throws(StartError) in try replace() }
      metrics.countReload(succeeded: true)
      return identities
    } catch {
      metrics.countReload(succeeded: false)
      throw error
    }
  }

  private func replace() throws(StartError) -> [ModelIdentity] {
    let (models, keys) = (try sources.models(metrics), try sources.keys())
    // The last thing that may fail: from here on all of it is replaced.
    if let identity = try sources.identity() { self.identity?.replace(with: identity) }
    if let keys { self.keys?.replace(with: keys) }
    self.models.replace(with: models)
    return models.identities
  }
}

/// One reload at a time, whoever asks for it, so that an older set never replaces a newer one.
package final class ReloadTurns: Sendable {
  private let turn = Mutex(())

  package init() {}

  /// Waits for those before, and runs `reload`.
  package func take<Result: Sendable, Failure: Error>(
    _ reload: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try turn.withLock { _ throws(Failure) in try reload() }
  }
}

/// Where models, keys and certificate lie.
private struct Sources: Sendable {
  private let paths: [ModelPath]
  private let limits: AudioLimits
  private let keyFile: String?
  private let tls: (certificate: String, key: String)?
  private let decoders: DecoderPool

  init(_ arguments: Arguments, _ decoders: DecoderPool) {
    self.decoders = decoders
    paths = arguments[ServerOptions.models]
    limits = AudioLimits(maximumDuration: arguments[ServerOptions.maxSeconds])
    keyFile = arguments[ServerOptions.apiKeys]
    if let certificate = arguments[ServerOptions.certificate],
      let key = arguments[ServerOptions.key]
    {
      tls = (certificate, key)
    } else {
      tls = nil
    }
  }

  func models(_ metrics: ServiceMetrics) throws(StartError) -> ModelSet {
    var models: [Recognizer] = []
    for path in paths {
      do {
        models.append(
          try Recognizer.checked(
            modelAt: path.file, name: path.name, limits: limits,
            decoders: decoders, observe: metrics.time))
      } catch {
        throw .model(error)
      }
    }
    do { return try ModelSet(models) } catch { throw .models(error) }
  }

  func identity() throws(StartError) -> TLSIdentity? {
    guard let tls else { return nil }
    return try tlsIdentity(tls.certificate, tls.key)
  }

  func keys() throws(StartError) -> APIKeys? {
    guard let keyFile else { return nil }
    let text: String
    do {
      text = try File(keyFile).readText(limit: 1 << 20)
    } catch {
      throw .file(error)
    }
    do { return try APIKeys(text) } catch { throw .keys(path: keyFile, error) }
  }
}
