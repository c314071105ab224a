import HTTPServing
import Testing

@Suite("addresses of clients")
struct ClientAddressTests {
  @Test(
    "what proxies write is read, without the port",
    arguments: [
      ("192.0.2.7", "192.0.2.7", "192.0.2.7"), ("192.0.2.7:8080", "192.0.2.7", "192.0.2.7"),
      ("::ffff:192.0.2.7", "192.0.2.7", "192.0.2.7"),
      ("2001:db8::7", "2001:db8::7", "2001:db8::/64"),
      ("[2001:db8::7]", "2001:db8::7", "2001:db8::/64"),
      ("[2001:DB8:0:0::7]:443", "2001:db8::7", "2001:db8::/64"),
      ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
      ("fe80::1%eth0", "fe80::1", "fe80::/64"), ("::1", "::1", "::/64"),
    ])
  func reads(written: String, text: String, group: String) throws {
    let address = try #require(ClientAddress(written))
    #expect(address.text == text)
    #expect(address.group == group)
  }

  @Test(
    "what is no address is none",
    arguments: [
      "", "unknown", "192.0.2", "192.0.2.256", "192.0.2.7:", "192.0.2.7:99999", "192.0.2.7:x",
      "[::1",
      "[::1]x", "[::1]:", "[192.0.2.7", "::1]", "_hidden", "1:2:3", "192.0.2.7\0", " 192.0.2.7",
    ])
  func refuses(written: String) { #expect(ClientAddress(written) == nil) }
}
