import Executors
import Foundation
import NetworkGraph

/// A training on the devices of a PJRT client.
///
/// Each device has the images, and the same state; it passes its share of each update. Where the
/// client is one of several, each process has a training of the same calls.
final class XLATraining: DeviceTraining {
  let training: CarriedTraining
  /// Of this process.
  let devices: [PJRTDevice]
  let replicas, firstReplica: Int
  let programs: TrainingPrograms
  private let order: DeviceOrder
  let images: [ImagesOnDevice]
  private let test: ImagesOnDevice
  /// Parameters, momentum, statistics, on each device.
  private var carried: [[PJRTBuffer]] = []
  /// Parameters and statistics of an earlier moment.
  private var keptState: [PJRTBuffer]?
  let client: PJRTClient

  init(_ training: CarriedTraining, _ accelerator: XLAAccelerator) throws {
    self.training = training
    client = accelerator.client
    devices = accelerator.devices
    (replicas, firstReplica) = (accelerator.replicas, accelerator.firstReplica)
    order = DeviceOrder(training.trainingGraph)
    programs = TrainingPrograms(training, accelerator)
    let (client, channels) = (client, training.mean.count)
    for set in [training.training, training.test] where set.pixels.count / channels > Int32.max {
      throw ExecutorError(
        .unsupported, problem: "a data set of \(set.pixels.count / channels) pixels is too large",
        fix: "train on a part of it: programs number pixels with 31 bits")
    }
    let isTrained = !training.training.labels.isEmpty
    images = try (isTrained ? devices : []).map {
      try ImagesOnDevice(training.training, channels, client, $0)
    }
    // One device scores: it has all that it takes, and the same state as the others.
    test = try ImagesOnDevice(training.test, channels, client, devices[0])
  }

  func reserve(_ batches: [DeviceBatch]) throws { try programs.compile(batches) }

  func load(_ state: DeviceState) throws {
    let (parameters, velocity) = (
      order.toDevice(state.parameters), order.toDevice(state.velocity)
    )
    // What was there is given back first.
    carried = []
    carried = try devices.map { device in
      try [parameters, velocity, state.statistics].map {
        try client.buffer(.floats($0), [$0.count], on: device)
      }
    }
  }

  func state() throws -> DeviceState {
    let graph = training.trainingGraph
    let found = try held()[0]
    return DeviceState(
      parameters: order.fromDevice(try found[0].floats(graph.parameterCount)),
      velocity: order.fromDevice(try found[1].floats(graph.parameterCount)),
      statistics: try found[2].floats(graph.statisticCount))
  }

  /// - Throws: ``ExecutorError`` after a call that failed, with which the state was lost.
  func held() throws(ExecutorError) -> [[PJRTBuffer]] {
    if !carried.isEmpty { return carried }
    throw ExecutorError(
      .library, problem: "the device has lost weights and momentum: a call before this one failed",
      fix: "go on from the newest checkpoint")
  }

  func keep() throws {
    let program = try programs.copy()
    let state = try held()[0]
    keptState = try program.run([[state[0], state[2]]])[0]
  }

  func kept() throws -> (parameters: [Float], statistics: [Float])? {
    guard let keptState else { return nil }
    let graph = training.trainingGraph
    return (
      order.fromDevice(try keptState[0].floats(graph.parameterCount)),
      try keptState[1].floats(graph.statisticCount)
    )
  }

  func update(
    _ choices: [ImageChoice], _ batch: DeviceBatch, rate: Double
  ) throws -> DeviceUpdates {
    let program = try programs.updates(batch)
    let share = batch.images / replicas
    let count = choices.count / batch.images
    precondition(count * batch.images == choices.count, "whole updates")
    precondition(count <= program.updates, "more updates than the program has room for")
    let state = try held()
    let arguments = try devices.indices.map { index in
      let (device, first) = (devices[index], share * (firstReplica + index))
      let own = numbers(
        of: choices, count, batch.images, first..<first + share, program.updates)
      return state[index]
        + [
          try client.buffer(
            .floats(Array(repeating: 0, count: program.updates * program.totals)),
            [program.updates, program.totals], on: device),
          images[index].pixels,
          images[index].labels,
          try client.buffer(.integers(own), [program.updates, share, 4], on: device),
          try client.buffer(.integers([0]), [], on: device),
          try client.buffer(.integers([Int32(count)]), [], on: device),
          try client.buffer(.floats([Float(rate)]), [], on: device),
        ]
    }
    // The arguments' memory is the results' from here on, also where the call fails.
    carried = []
    let results = try program.executable.run(arguments)
    carried = results.map { Array($0[..<3]) }
    let width = program.totals
    let totals = try results[0][3].floats(program.updates * width).map(Double.init)
    let rows = (0..<count).map { Array(totals[$0 * width..<($0 + 1) * width]) }
    return DeviceUpdates(
      made: rows.filter { $0[2] == 1 }.map { row in
        DeviceUpdates.Update(
          lossSum: row[0], correct: Int(row[1]),
          lengths: width > 3
            ? DeviceUpdates.Lengths(meanOfSquares: row[3], squareOfMean: row[4]) : nil)
      },
      squaredLength: Double(try results[0][4].floats(1)[0]))
  }

  /// A device's images of each update, and as many more as a program has room for.
  private func numbers(
    of choices: [ImageChoice], _ count: Int, _ batch: Int, _ share: Range<Int>, _ room: Int
  ) -> [Int32] {
    let total = room * share.count * 4
    return [Int32](unsafeUninitializedCapacity: total) { target, written in
      target.initialize(repeating: 0)
      choices.withUnsafeBufferPointer { choices in
        let source = UnsafeRawBufferPointer(choices).bindMemory(to: Int32.self)
        for update in 0..<count {
          let first = 4 * (update * batch + share.lowerBound)
          let row = UnsafeMutableBufferPointer(
            rebasing: target[(4 * update * share.count)...].prefix(4 * share.count))
          _ = row.update(fromContentsOf: source[first..<first + 4 * share.count])
        }
      }
      written = total
    }
  }

  func score() throws -> (logits: [Float], losses: [Float]) {
    let program = try programs.evaluation()
    let state = try held()[0]
    let results = try program.executable.run([
      [state[0], state[2], test.pixels, test.labels]
    ])[0]
    let count = training.test.labels.count
    let logits = try results[0].floats(program.rows * program.classes)
    let losses = try results[1].floats(program.rows)
    return (Array(logits.prefix(count * program.classes)), Array(losses.prefix(count)))
  }
}

/// A data set in a device's memory.
struct ImagesOnDevice {
  let pixels, labels: PJRTBuffer

  init(
    _ images: CarriedTraining.Images, _ channels: Int, _ client: PJRTClient, _ device: PJRTDevice
  ) throws(ExecutorError) {
    pixels = try client.buffer(
      .bytes(images.pixels), [images.pixels.count / channels, channels], on: device)
    labels = try client.buffer(.integers(images.labels), [images.labels.count], on: device)
  }
}
