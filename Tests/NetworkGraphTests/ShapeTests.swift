import NetworkGraph
import Testing

@Suite("Shape inference")
struct ShapeTests {
  @Test(
    "a window's positions are those of PyTorch's floor formula",
    arguments: [
      (32, Window(size: 11, stride: 4, padding: 5), 8), (32, Window(size: 3, padding: 1), 32),
      (33, Window(size: 2, stride: 2), 16), (5, Window(size: 5), 1), (4, Window(size: 5), 0),
      (8, Window(size: 1, stride: 2), 4), (9, Window(size: 3, stride: 2, padding: 1), 5),
    ])
  func positions(extent: Int, window: Window, expected: Int) {
    #expect(window.positions(along: extent) == expected)
  }

  @Test("a convolution infers channels, height and width")
  func convolution() throws {
    var builder = GraphBuilder(mode: .training)
    let x = try builder.input("x", .perImage(3, 7, 9))
    let w = try builder.parameter("weight", [4, 3, 3, 3], .constant(0))
    let y = try builder.append(.convolution(Window(size: 3, stride: 2, padding: 1)), x, w)[0]
    #expect(builder.type(of: y) == .perImage(4, 4, 5))
  }

  @Test("tensors that do not fit are refused with the layer's name and both shapes")
  func mismatch() throws {
    var builder = GraphBuilder(mode: .training)
    let a = try builder.input("a", .perImage(32, 16, 16))
    let b = try builder.input("b", .perImage(16, 32, 32))
    let error = #expect(throws: GraphError.self) {
      try builder.within("layer2") { (builder: inout GraphBuilder) throws(GraphError) in
        try builder.append(.add, a, b)
      }
    }
    #expect(
      error?.description == """
        shape mismatch in layer2: add cannot join [N, 32, 16, 16] and [N, 16, 32, 32]
          fix: change this layer's settings, or the size of the images that reach it
        """)
  }

  @Test("gradients of a dense layer and of the loss are checked like the rest")
  func gradientShapes() throws {
    var builder = GraphBuilder(mode: .training)
    let ten = try builder.input("ten", .perImage(10))
    let w = try builder.parameter("weight", [9, 4], .constant(0))
    #expect(throws: GraphError.self) { try builder.append(.denseInputGradient, ten, w) }
    #expect(throws: GraphError.self) {
      try builder.append(.softmaxCrossEntropyGradient, ten, ten, ten)
    }
  }

  @Test("a parameter without elements is refused", arguments: [[0, 3], [-1], [4, 3, -3, 3]])
  func emptyParameter(dimensions: [Int]) throws {
    var builder = GraphBuilder(mode: .training)
    #expect(throws: GraphError.self) {
      try builder.parameter("weight", dimensions, .constant(0))
    }
  }

  @Test(
    "windows that cannot be are refused",
    arguments: [
      Window(size: 0), Window(size: 3, stride: 0), Window(size: 3, padding: -1), Window(size: 9),
    ])
  func impossibleWindow(window: Window) throws {
    var builder = GraphBuilder(mode: .training)
    let x = try builder.input("x", .perImage(3, 8, 8))
    #expect(throws: GraphError.self) { try builder.append(.averagePool(window), x) }
  }
}
