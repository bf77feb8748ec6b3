import AdaBatch

enum Version {
  static let number = "0.1.0"

  static var text: String { "adabatch \(number), oneDNN \(OneDNNLibrary.version)" }
}
