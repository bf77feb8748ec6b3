import Executors
import Foundation
import NetworkGraph

/// A training on the devices of a PJRT client.
///
/// Each device has the images, and the same state; it passes its share of each update.
final class XLATraining: DeviceTraining {
  private let training: CarriedTraining
  private let devices: [PJRTDevice]
  private let programs: TrainingPrograms
  private let order: DeviceOrder
  private let images: [ImagesOnDevice]
  private let test: ImagesOnDevice
  /// Parameters, momentum, statistics, on each device.
  private var carried: [[PJRTBuffer]] = []
  /// Parameters and statistics of an earlier moment.
  private var keptState: [PJRTBuffer]?
  private let client: PJRTClient

  init(_ training: CarriedTraining, _ accelerator: XLAAccelerator) throws {
    self.training = training
    client = accelerator.client
    devices = Array(client.devices.prefix(accelerator.deviceCount))
    order = DeviceOrder(training.trainingGraph)
    programs = TrainingPrograms(training, accelerator)
    let (client, channels) = (client, training.mean.count)
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
    let found = carried[0]
    return DeviceState(
      parameters: order.fromDevice(try found[0].floats(graph.parameterCount)),
      velocity: order.fromDevice(try found[1].floats(graph.parameterCount)),
      statistics: try found[2].floats(graph.statisticCount))
  }

  func keep() throws {
    let program = try programs.copy()
    keptState = try program.run([[carried[0][0], carried[0][2]]])[0]
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
    let share = batch.images / devices.count
    let count = choices.count / batch.images
    precondition(count * batch.images == choices.count, "whole updates")
    precondition(count <= program.updates, "more updates than the program has room for")
    let arguments = try devices.indices.map { index in
      let device = devices[index]
      let own = numbers(
        of: choices, count, batch.images, share * index..<share * (index + 1), program.updates)
      return carried[index]
        + [
          try client.buffer(
            .floats(Array(repeating: 0, count: program.totals)), [program.totals], on: device),
          images[index].pixels,
          images[index].labels,
          try client.buffer(.integers(own), [program.updates, share, 4], on: device),
          try client.buffer(.integers([0]), [], on: device),
          try client.buffer(.integers([Int32(count)]), [], on: device),
          try client.buffer(.floats([Float(rate)]), [], on: device),
        ]
    }
    let results = try program.executable.run(arguments)
    // The arguments' memory is theirs now.
    carried = results.map { Array($0[..<3]) }
    let totals = try results[0][3].floats(program.totals).map(Double.init)
    return DeviceUpdates(
      count: Int(totals[2]), lossSum: totals[0], correct: Int(totals[1]),
      gradients: totals.count > 3 ? (totals[3], totals[4]) : nil)
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
    let results = try program.executable.run([
      [carried[0][0], carried[0][2], test.pixels, test.labels]
    ])[0]
    let count = training.test.labels.count
    let logits = try results[0].floats(program.rows * program.classes)
    let losses = try results[1].floats(program.rows)
    return (Array(logits.prefix(count * program.classes)), Array(losses.prefix(count)))
  }
}

/// A data set in a device's memory.
private struct ImagesOnDevice {
  let pixels, labels: PJRTBuffer

  init(
    _ images: CarriedTraining.Images, _ channels: Int, _ client: PJRTClient, _ device: PJRTDevice
  ) throws(ExecutorError) {
    pixels = try client.buffer(
      .bytes(images.pixels), [images.pixels.count / channels, channels], on: device)
    labels = try client.buffer(.integers(images.labels), [images.labels.count], on: device)
  }
}
