import HTTPServing
import Testing

@Test("members keep their order, absent ones are left out")
func order() {
  let json = JSON.object([
    "b": .integer(1), "none": nil, "a": .array([.null, .bool(true), .float(0.1), .number(2.5)]),
  ])
  #expect(json.text == #"{"b":1,"a":[null,true,0.1,2.5]}"#)
}

@Test("text is escaped as JSON wants it")
func escapes() {
  #expect(
    JSON.string("\"\\\n\r\t\u{1}\u{7F}/é😀").text == #""\"\\\n\r\t\u0001\u007f/é😀""#)
}

@Test("what is no number is null", arguments: [Double.nan, .infinity, -.infinity])
func nonFinite(value: Double) {
  #expect(JSON.number(value).text == "null")
  #expect(JSON.float(Float(value)).text == "null")
}

@Test(
  "a float has six significant digits at most, and reads as the number it was",
  arguments: [
    (0.35930005, "0.3593"), (0.123456789, "0.123457"), (0.0000123456789, "1.23457e-05"),
    (999_999.5, "1000000.0"), (-0.5, "-0.5"), (0, "0.0"), (1, "1.0"),
  ] as [(Float, String)])
func significantDigits(value: Float, text: String) throws {
  #expect(JSON.float(value).text == text)
  for extreme in [Float.greatestFiniteMagnitude, .leastNonzeroMagnitude, .leastNormalMagnitude] {
    let read = try #require(Float(JSON.float(extreme).text))
    #expect(abs(read - extreme) <= extreme * 1e-5)
  }
}
