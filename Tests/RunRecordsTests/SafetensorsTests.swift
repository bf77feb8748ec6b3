import Foundation
import RunRecords
import Testing

@Suite struct SafetensorsTests {
  /// The tensors of Witness/make_safetensors.py, in its order.
  static let tensors = [
    SafetensorsTensor(
      name: "layer2.0.conv1.weight", shape: [2, 1, 2, 2],
      values: .float32([-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75])),
    SafetensorsTensor(
      name: "layer10.0.conv1.weight", shape: [2, 2],
      values: .float32([.leastNonzeroMagnitude, 3.4e38, .infinity, -0.0])),
    SafetensorsTensor(name: "bn1.weight", shape: [3], values: .float32([0.1, 0.2, 0.3])),
    SafetensorsTensor(name: "bn1.num_batches_tracked", scalar: 1 << 40 + 7),
    SafetensorsTensor(name: "bn1.bias", shape: [0, 3], values: .float32([])),
    SafetensorsTensor(name: "odd \"name\" \\ /\té∑", shape: [], values: .float32([-2.5])),
    SafetensorsTensor(name: "another.num_batches_tracked", scalar: 3),
  ]

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("the file is the reference writer's, byte for byte, in whichever order tensors come")
  func golden() throws {
    let expected = try Data(contentsOf: witness("golden.safetensors"))

    for tensors in [Self.tensors, Self.tensors.reversed()] {
      let path = folder("model.safetensors")
      try Safetensors(tensors).write(to: path)
      #expect(try Data(contentsOf: URL(filePath: path)) == expected)
    }
  }

  @Test("a file without tensors or metadata is a header and no more")
  func empty() throws {
    try Safetensors([], metadata: [:]).write(to: folder("empty"))

    #expect(try text(of: folder("empty")) == "\u{8}\0\0\0\0\0\0\0{}      ")
  }

  @Test("values of memory that belongs to somebody else follow it, but for a copy's")
  func borrowing() throws {
    let memory = UnsafeMutableBufferPointer<Float>.allocate(capacity: 4)
    defer { memory.deallocate() }
    _ = memory.initialize(from: [1, 2, 3, 4])
    let tensor = SafetensorsTensor(
      name: "weight", shape: [2, 2], borrowing: UnsafeBufferPointer(memory))
    let copy = tensor.copied
    memory[0] = 100
    #expect(tensor.values == .float32([100, 2, 3, 4]))
    #expect(copy.values == .float32([1, 2, 3, 4]))
    try Safetensors([tensor]).write(to: folder("borrowed"))
    try Safetensors([tensor.copied]).write(to: folder("own"))
    let files = try ["borrowed", "own"].map { try Data(contentsOf: URL(filePath: folder($0))) }
    #expect(files[0] == files[1] && files[0].count > 16)
  }

  @Test("a run has its weights under the name that others look for")
  func run() throws {
    let run = try RunDirectory(creatingAt: folder("run"))
    try run.write(Safetensors(Self.tensors))

    #expect(
      try FileManager.default.contentsOfDirectory(atPath: run.path) == ["model.safetensors"])
  }
}
