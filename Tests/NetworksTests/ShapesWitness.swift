import Foundation

/// Names, shapes, counts and initial distributions from PyTorch, made by Witness/make_shapes.py.
struct ShapesWitness: Decodable {
  struct Totals: Decodable, Sendable {
    let network: String
    let parameters10, parameters100: Int
  }

  struct Tensors: Decodable {
    let parameters: [Tensor]
    let buffers: [Buffer]
  }

  struct Tensor: Decodable {
    let name: String
    let shape: [Int]
    let uniform, normal, constant: Double?
  }

  struct Buffer: Decodable {
    let name: String
    let shape: [Int]
  }

  let networks: [Totals]
  let tensors: [String: Tensors]

  static let loaded: ShapesWitness = {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Witness/shapes.json")
    do {
      return try JSONDecoder().decode(ShapesWitness.self, from: Data(contentsOf: file))
    } catch {
      fatalError("\(file.path): \(error)")
    }
  }()
}
