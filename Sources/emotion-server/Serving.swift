import AudioIO
import CAllocator
import CommandLineTool
import EmotionAPI
import HTTPServing
import Recognition

/// The service from its start to its end.
enum Serving {
  /// Loads, listens, and waits for the end.
  /// - Returns: Whether every running request was finished.
  static func run(_ arguments: Arguments) throws(StartError) -> Bool {
    // Before anything starts a thread: all of them are to leave these signals alone.
    ProcessSignals.block()
    callocator_give_back()
    let metrics = ServiceMetrics(version: ProgramVersion.text)
    let log = try Log(
      style: arguments[ServerOptions.log], level: arguments[ServerOptions.logLevel],
      onLoss: metrics.countLostLogLines)
    defer { log.flush() }
    let manager = ServiceManager(environment: Terminal.environment)
    let decoders = try decoders(arguments, metrics, log)
    let configuration = try configuration(arguments)
    let loading = try Loading(
      arguments, identity: configuration.tls, decoders: decoders, metrics: metrics)
    let reload: Operations.Reload = { () throws(ReloadError) in
      try Self.reload(loading, log)
    }
    let operations = Operations(models: loading.models, metrics: metrics, reload: reload)
    let listeners = try Listeners(configuration, arguments, loading, operations, metrics, log)
    log.info(listeners.description + " with " + describe(loading.models.value.identities))
    manager.ready("serving")
    while case .reload = ProcessSignals.wait() {
      manager.reloading()
      _ = try? reload()
      manager.ready("serving")
    }
    log.info("finishing running requests")
    manager.stopping()
    let isComplete = listeners.stop()
    if isComplete {
      log.info("stopped")
    } else {
      log.error("stopped; some requests did not finish in the grace time")
    }
    return isComplete
  }

  /// One decoder for each worker is there from the start, so that a system that cannot confine them ends the program
  /// before it takes a request.
  private static func decoders(
    _ arguments: Arguments, _ metrics: ServiceMetrics, _ log: Log
  ) throws(StartError) -> DecoderPool {
    var configuration = DecoderPool.Configuration()
    configuration.program = arguments[ServerOptions.decoder]
    configuration.idle = arguments[ServerOptions.workers]
    configuration.external = try externalDecoder(arguments)
    log.info("external decoder: \(configuration.external ?? "none")")
    let pool = DecoderPool(configuration) { event in
      metrics.count(event)
      if let text = describe(event) { log.error(text) }
    }
    do { try pool.start(arguments[ServerOptions.workers]) } catch { throw .decoders(error) }
    return pool
  }

  /// - Returns: nil for what nobody has to know.
  private static func describe(_ event: DecoderPool.Event) -> String? {
    switch event {
    case .died(let format):
      "a decoder process died of a recording (\(format)); another one takes its place"
    case .exhausted(let format):
      "a decoder process was ended: a recording (\(format)) took too much processor time"
    case .restarted: "the program that makes decoder processes was gone and is started again"
    case .external: nil
    }
  }

  private static func reload(
    _ loading: Loading, _ log: Log
  ) throws(ReloadError) -> [ModelIdentity] {
    do {
      let models = try loading.reload()
      log.info("loaded anew: " + ([describe(models)] + loading.others).joined(separator: "; "))
      return models
    } catch {
      log.error("nothing was loaded anew: \(error)")
      throw ReloadError(reason: "\(error)")
    }
  }

  private static func describe(_ models: [ModelIdentity]) -> String {
    models.map { "\($0.name), sha256 \($0.sha256)" }.joined(separator: "; ")
  }
}
