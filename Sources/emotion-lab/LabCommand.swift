@main
struct LabCommand {
  static func main() {}
}
