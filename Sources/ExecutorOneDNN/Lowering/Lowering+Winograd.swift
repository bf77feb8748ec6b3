import CDNNL
import Executors
import NetworkGraph

extension Lowering {
  mutating func lower(
    _ winograd: Winograd, _ node: Node, at index: Int
  ) throws(ExecutorError) {
    let x = tensor(node.inputs[0])
    let filters = try filters(node, at: index)
    let (y, attributes) = try makeWithSumAndReLU(filters.output)
    let u = try transformed(filters.weights, winograd, turned: false)
    // They lie as filters, channels.
    let transposed = Tensor(
      descriptor: try Descriptor(
        [winograd.algorithm.places, winograd.input.channels, winograd.output.channels], dnnl_acb),
      place: u.place)
    try appendProducts(
      "convolution", winograd, (x, winograd.input), transposed, (y, winograd.output),
      bias: filters.bias, attributes)
  }

  mutating func lowerInputGradient(
    _ winograd: Winograd, _ node: Node, at index: Int
  ) throws(ExecutorError) {
    let dy = tensor(node.inputs[0])
    let dx = try make(Value(node: index))
    let u = try transformed(tensor(node.inputs[1]), winograd, turned: true)
    try appendProducts(
      "convolutionInputGradient", winograd, (dy, winograd.output), u, (dx, winograd.input),
      bias: nil, attributes)
  }

  mutating func lowerWeightGradient(
    _ winograd: Winograd, _ node: Node, at index: Int, bias hasBias: Bool
  ) throws(ExecutorError) {
    let (x, dy) = (tensor(node.inputs[0]), tensor(node.inputs[1]))
    let (input, output) = (winograd.input, winograd.output)
    let (v, g) = (try matrices(winograd, input), try matrices(winograd, output))
    let transposed = Tensor(
      descriptor: try Descriptor(
        [winograd.algorithm.places, output.channels, winograd.rowsOfMatrix], dnnl_acb),
      place: g.place)
    let u = block(try filterMatrices(winograd))
    let dw = try makeGradient(Value(node: index), plainDescriptor(node.types[0]))
    let dbias =
      hasBias
      ? try makeGradient(Value(node: index, output: 1), plainDescriptor(node.types[1])) : nil
    let sums =
      hasBias
      ? block(try Descriptor([winograd.mostRows, output.channels], dnnl_ab)) : nil
    let adds = winograd.pieces > 1
    let pieces = Pieces(name: Winograd.name, count: winograd.pieces) { program, piece in
      if adds, piece == 0 { clear(program.vectors(u), u.descriptor) }
      let rows = winograd.rows(of: piece)
      input.writeInputs(of: program.vectors(x), rows, to: program.vectors(v))
      output.writeOutputGradients(
        of: program.vectors(dy), rows, to: program.vectors(g),
        sums: sums.map { program.vectors($0) })
    } finish: { program, piece in
      if let sums, let dbias {
        sumColumns(
          of: program.memory(sums), rows: winograd.rowsOfPiece, width: output.channels, .f32,
          to: program.floats(dbias), adding: piece > 0)
      }
      guard piece == winograd.pieces - 1 else { return }
      winograd.filters.gather(program.vectors(u), to: program.floats(dw))
    }
    try append(
      "convolutionWeightGradient", pieces,
      productKernel(
        transposed.descriptor, v.descriptor, u.descriptor, adds ? sumAttributes : attributes),
      [(DNNL_ARG_SRC, transposed), (DNNL_ARG_WEIGHTS, v), (DNNL_ARG_DST, u)],
      others: [x, dy, u, dw] + [sums, dbias].compactMap(\.self), operations: winograd.operations)
  }

  /// Appends what makes y of x: transforms, products with filters, and transforms back.
  private mutating func appendProducts(
    _ operation: String, _ winograd: Winograd, _ x: (tensor: Tensor, tiles: ImageTiles),
    _ u: Tensor, _ y: (tensor: Tensor, tiles: ImageTiles), bias: Tensor?, _ ending: Attributes
  ) throws(ExecutorError) {
    let (v, m) = (try matrices(winograd, x.tiles), try matrices(winograd, y.tiles))
    let (adds, relu) = (addsToOutput(ending), endsInReLU(ending))
    let pieces = Pieces(name: Winograd.name, count: winograd.pieces) { program, piece in
      x.tiles.writeInputs(
        of: program.vectors(x.tensor), winograd.rows(of: piece), to: program.vectors(v))
    } finish: { program, piece in
      let ending = ImageTiles.Ending(
        bias: bias.map { UnsafePointer(program.floats($0)) }, adds: adds, relu: relu)
      y.tiles.writeOutputs(
        of: program.vectors(m), winograd.rows(of: piece), to: program.vectors(y.tensor), ending)
    }
    try append(
      operation, pieces, productKernel(v.descriptor, u.descriptor, m.descriptor),
      [(DNNL_ARG_SRC, v), (DNNL_ARG_WEIGHTS, u), (DNNL_ARG_DST, m)],
      others: [x.tensor, u, y.tensor] + [bias].compactMap(\.self), operations: winograd.operations)
  }

  /// Filters as the products want them, made in each pass just before they are read: kept, they
  /// would take up to 36 numbers for each 9 of the weights.
  private mutating func transformed(
    _ weights: Tensor, _ winograd: Winograd, turned: Bool
  ) throws(ExecutorError) -> Tensor {
    let u = block(try filterMatrices(winograd))
    appendNative(Winograd.filterTransform, [weights, u]) { program in
      winograd.filters.transform(
        program.floats(weights), turned: turned, to: program.vectors(u))
    }
    return u
  }

  /// Room for the transformed tiles of a piece.
  private mutating func matrices(
    _ winograd: Winograd, _ tiles: ImageTiles
  ) throws(ExecutorError) -> Tensor {
    let room = try Descriptor(
      [winograd.algorithm.places, winograd.rowsReserved, tiles.channels], dnnl_abc)
    return Tensor(
      descriptor: try Descriptor(
        [winograd.algorithm.places, winograd.rowsOfMatrix, tiles.channels], dnnl_abc),
      place: block(room).place)
  }

  private func filterMatrices(_ winograd: Winograd) throws(ExecutorError) -> Descriptor {
    try Descriptor(
      [winograd.algorithm.places, winograd.output.channels, winograd.input.channels], dnnl_abc)
  }
}

extension Winograd {
  /// What profiles call the algorithm, and the transform of filters.
  static let name = "winograd"
  static let filterTransform = "transformFilters"
}

private func clear(_ vectors: UnsafeMutablePointer<Vector>, _ descriptor: Descriptor) {
  OpenMP.parallel(descriptor.bytes / MemoryLayout<Vector>.stride, atLeast: 4096) { share in
    (vectors + share.lowerBound).update(repeating: .zero, count: share.count)
  }
}
