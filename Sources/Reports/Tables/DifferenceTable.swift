/// What runs differ in as columns, and what is the same for all in a note; of one run everything,
/// one line each.
struct DifferenceTable {
  typealias Field = (name: String, value: (ReportRun) -> String?)

  let name: String
  let title: String
  let fields: [Field]

  func table(of runs: [ReportRun]) -> ReportTable {
    guard runs.count > 1 else { return list(runs) }
    let differing = fields.filter { field in Set(runs.map(field.value)).count > 1 }
    return ReportTable(
      name: name, title: title, columns: ["run"] + differing.map(\.name),
      rows: runs.map { run in
        [.text(run.label)] + differing.map { cell($0.value(run)) }
      },
      notes: common(to: runs))
  }

  private func list(_ runs: [ReportRun]) -> ReportTable {
    let rows = fields.flatMap { field in
      runs.compactMap { run in
        field.value(run).map { [ReportTable.Cell.text(field.name), cell($0)] }
      }
    }
    return ReportTable(name: name, title: title, columns: ["", "value"], rows: rows)
  }

  private func common(to runs: [ReportRun]) -> [String] {
    let same = fields.compactMap { field -> String? in
      guard let value = field.value(runs[0]), runs.allSatisfy({ field.value($0) == value })
      else { return nil }
      return "\(field.name) \(value)"
    }
    return same.isEmpty ? [] : ["The same for all: " + same.joined(separator: ", ") + "."]
  }

  private func cell(_ text: String?) -> ReportTable.Cell {
    guard let text else { return .missing }
    return Int(text).map(ReportTable.Cell.integer) ?? .text(text)
  }
}

extension DifferenceTable {
  /// The settings, under the names of the tool's options.
  static func settings(of runs: [ReportRun]) -> DifferenceTable {
    let values = runs.map { run in
      (run.label, (try? run.settings?.settings.entries()) ?? [])
    }
    var names: [String] = []
    for (_, entries) in values {
      for entry in entries where !names.contains(entry.name) { names.append(entry.name) }
    }
    let texts = Dictionary(
      values.map { label, entries in
        (label, Dictionary(entries.map { ($0.name, $0.value.text) }) { first, _ in first })
      }
    ) { first, _ in first }
    let fields: [Field] = names.map { name in (name, { texts[$0.label]?[name] }) }
    return DifferenceTable(
      name: "settings", title: "Settings",
      fields: fields + [
        ("ranks", { run in run.ranks.map { "\($0)" + (run.ranksAreGuessed ? " (guess)" : "") } }),
        ("read from", \.origin),
      ])
  }

  /// What computed.
  static var machines: DifferenceTable {
    DifferenceTable(
      name: "machines", title: "Versions and machines",
      fields: [
        ("adabatch", { $0.settings?.adabatch }), ("executor", { $0.settings?.versions.executor }),
        ("oneDNN", { $0.settings?.versions.oneDNN }), ("MPI", { $0.settings?.versions.mpi }),
        ("Swift", { $0.settings?.versions.swift }), ("processor", { $0.settings?.machine.cpu }),
        ("cores", { $0.settings.map { "\($0.machine.cores)" } }),
        ("memory", { $0.settings.map { "\($0.machine.memoryBytes >> 30) GiB" } }),
        ("system", { $0.settings?.machine.operatingSystem }),
        ("kernel", { $0.settings?.machine.kernel }),
        ("instructions", { $0.settings?.machine.instructionSet }),
        ("started", { $0.settings?.started }),
      ])
  }
}
