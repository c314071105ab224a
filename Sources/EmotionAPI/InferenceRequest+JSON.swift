import StrictJSON

extension InferenceRequest {
  /// Members that are not known here are stepped over, as the protocol wants it.
  init(_ json: ArraySlice<UInt8>) throws {
    self.init()
    var scanner = JSONScanner(json)
    var list: String?
    try scanner.object(["id", "inputs", "outputs", "parameters"], required: ["inputs"]) {
      (name, scanner) throws(JSONError) in
      switch name {
      case "id": id = try scanner.optionalString()
      case "inputs":
        try scanner.array { scanner throws(JSONError) in inputs.append(try Tensor(&scanner)) }
      case "outputs": outputs = try scanner.outputNames()
      default: list = try scanner.labelList()
      }
    }
    try scanner.finish()
    labels = try list.map(PredictionOptions.labels)
  }
}

extension InferenceRequest.Tensor {
  private static let members = ["name", "shape", "datatype", "parameters", "data"]

  fileprivate init(_ scanner: inout JSONScanner) throws(JSONError) {
    self.init()
    try scanner.object(Self.members, required: ["name", "shape", "datatype"]) {
      (member, scanner) throws(JSONError) in
      switch member {
      case "name": name = try scanner.string()
      case "datatype": datatype = try scanner.string()
      case "shape":
        try scanner.array { scanner throws(JSONError) in shape.append(try scanner.integer()) }
      case "parameters": binarySize = try scanner.binarySize()
      default: data = try scanner.recordings()
      }
    }
  }
}

extension JSONScanner {
  fileprivate mutating func optionalString() throws(JSONError) -> String? {
    try takesNull() ? nil : try string()
  }

  fileprivate mutating func outputNames() throws(JSONError) -> [String] {
    if try takesNull() { return [] }
    var names: [String] = []
    try array { scanner throws(JSONError) in
      try scanner.object(["name"], required: ["name"]) { (_, scanner) throws(JSONError) in
        names.append(try scanner.string())
      }
    }
    return names
  }

  /// Other parameters of a request are stepped over.
  fileprivate mutating func labelList() throws(JSONError) -> String? {
    if try takesNull() { return nil }
    var list: String?
    try object(["labels"]) { (_, scanner) throws(JSONError) in list = try scanner.optionalString() }
    return list
  }

  fileprivate mutating func binarySize() throws(JSONError) -> Int? {
    if try takesNull() { return nil }
    var size: Int?
    try object(["binary_data_size"]) { (_, scanner) throws(JSONError) in
      size = try scanner.takesNull() ? nil : try scanner.integer()
    }
    return size
  }

  fileprivate mutating func recordings() throws(JSONError) -> [Base64Text]? {
    if try takesNull() { return nil }
    var texts: [Base64Text] = []
    try array { scanner throws(JSONError) in texts.append(try scanner.base64()) }
    return texts
  }
}
