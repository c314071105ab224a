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
