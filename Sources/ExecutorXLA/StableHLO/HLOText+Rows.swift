// Rows of tensors by their number, and doing something for each.
extension HLOText {
  /// Rows of `a`, `[R, …]`, by their numbers.
  mutating func rows(_ numbers: HLOValue, of a: HLOValue) -> HLOValue {
    let (row, rank) = (a.type.dimensions.dropFirst(), numbers.type.dimensions.count)
    let type = HLOType(numbers.type.dimensions + row, a.type.element)
    let name = newName()
    let offsets = row.indices.map { $0 - 1 + rank }
    line(
      "\(name) = \"stablehlo.gather\"(\(a.name), \(numbers.name)) <{dimension_numbers ="
        + " #stablehlo.gather<offset_dims = \(offsets), collapsed_slice_dims = [0],"
        + " start_index_map = [0], index_vector_dim = \(rank)>, slice_sizes = array<i64:"
        + " \(([1] + row).map(String.init).joined(separator: ", "))>}> :"
        + " (\(a.type), \(numbers.type)) -> \(type)")
    return HLOValue(name: name, type: type)
  }

  /// The part of `a`, `[R, …]`, at row `index`, without that dimension.
  mutating func row(_ index: HLOValue, of a: HLOValue) -> HLOValue {
    reshape(rows(from: index, count: 1, of: a), Array(a.type.dimensions.dropFirst()))
  }

  /// Rows of `a`, `[R, …]`, from row `index` on.
  mutating func rows(from index: HLOValue, count: Int, of a: HLOValue) -> HLOValue {
    let sizes = [count] + a.type.dimensions.dropFirst()
    let type = HLOType(sizes, a.type.element)
    let zero = constant(0, .scalar(.i32))
    let starts = [index] + sizes.dropFirst().map { _ in zero }
    return append(
      "dynamic_slice \(a.name), \(starts.names), sizes = \(sizes) :"
        + " (\(a.type), \(starts.types)) -> \(type)", type)
  }

  /// `a`, `[R, …]`, with other rows from row `index` on.
  mutating func replacing(_ a: HLOValue, from index: HLOValue, with rows: HLOValue) -> HLOValue {
    let zero = constant(0, .scalar(.i32))
    let starts = [index] + a.type.dimensions.dropFirst().map { _ in zero }
    return append(
      "dynamic_update_slice \(a.name), \(rows.name), \(starts.names) :"
        + " (\(a.type), \(rows.type), \(starts.types)) -> \(a.type)", a.type)
  }

  /// Does `body` for each number from `first` to before `end`, with what the last time gave.
  ///
  /// - Parameter body: gives as many values, and whether to go on.
  mutating func loop(
    from first: HLOValue, to end: HLOValue, _ initial: [HLOValue],
    _ body: (inout HLOText, HLOValue, [HLOValue]) -> (results: [HLOValue], goesOn: HLOValue?)
  ) -> [HLOValue] {
    let starts = [first] + initial
    let inner = starts.map { HLOValue(name: newName(), type: $0.type) }
    let result = newName()
    let bindings = zip(inner, starts).map { "\($0.name) = \($1.name)" }.joined(separator: ", ")
    line("\(result):\(starts.count) = stablehlo.while(\(bindings)) : \(starts.types)")
    line("cond {")
    indented { text in
      let goesOn = text.compare("LT", inner[0], end)
      text.line("stablehlo.return \(goesOn.name) : \(goesOn.type)")
    }
    line("} do {")
    indented { text in
      let (results, goesOn) = body(&text, inner[0], Array(inner.dropFirst()))
      var next = text.binary(.add, inner[0], text.constant(1, .scalar(.i32)))
      if let goesOn { next = text.select(goesOn, next, end) }
      let all = [next] + results
      text.line("stablehlo.return \(all.names) : \(all.types)")
    }
    line("}")
    return initial.enumerated().map { index, value in
      HLOValue(name: "\(result)#\(index + 1)", type: value.type)
    }
  }
}
