import CWebAssets
import HTTPServing

/// The service's description, compiled into the program.
enum Contract {
  private static let bytes = unsafe [UInt8](
    UnsafeRawBufferPointer(start: web_contract(), count: web_contract_size()))

  static func answer(_ request: Request) -> Answer {
    .response(Response(contentType: "application/yaml", body: bytes))
  }
}
