/// How a program is compiled, as the bytes of XLA's `CompileOptionsProto`.
///
/// > Source: openxla/xla, xla/pjrt/proto/compile_options.proto: `executable_build_options` is field 3,
/// > with `num_replicas` 4, `num_partitions` 5 and `device_assignment` 9, which has a count of
/// > replicas 1, one of computations 2, and for each of these 3 the devices 1;
/// > `env_option_overrides` is field 7, a map of flags to
/// > values of `string_field` 1, `bool_field` 2, `int_field` 3.
public struct CompileOptions: Sendable, Hashable {
  /// A flag's value.
  public enum Flag: Sendable, Hashable {
    case text(String)
    case whole(Int)
    case isOn(Bool)
  }

  /// Devices that run the program together.
  public var replicas: Int
  /// The numbers of these devices among all processes', in the order of replicas; nil for the first
  /// ones of this process.
  public var devices: [Int]?
  /// XLA's flags by their names, for this program alone.
  public var flags: [String: Flag]

  public init(replicas: Int = 1, devices: [Int]? = nil, flags: [String: Flag] = [:]) {
    precondition(devices == nil || devices?.count == replicas, "a device for each replica")
    (self.replicas, self.devices, self.flags) = (replicas, devices, flags)
  }

  /// Equal options give equal bytes.
  var bytes: [UInt8] {
    var build = ProtoText()
    build.add(4, number: replicas)
    build.add(5, number: 1)
    if let devices {
      var computation = ProtoText()
      computation.add(1, numbers: devices)
      var assignment = ProtoText()
      assignment.add(1, number: replicas)
      assignment.add(2, number: 1)
      assignment.add(3, computation.bytes)
      build.add(9, assignment.bytes)
    }
    var options = ProtoText()
    options.add(3, build.bytes)
    for (name, flag) in flags.sorted(by: { $0.key < $1.key }) {
      var value = ProtoText()
      switch flag {
      case .text(let text): value.add(1, Array(text.utf8))
      case .isOn(let isOn): value.add(2, number: isOn ? 1 : 0)
      case .whole(let number): value.add(3, number: number)
      }
      var entry = ProtoText()
      entry.add(1, Array(name.utf8))
      entry.add(2, value.bytes)
      options.add(7, entry.bytes)
    }
    return options.bytes
  }
}

/// A protocol buffer's message, field by field.
private struct ProtoText {
  private(set) var bytes: [UInt8] = []

  /// - Parameter number: 0 or more.
  mutating func add(_ field: Int, number: Int) {
    add(varint: field << 3)
    add(varint: number)
  }

  mutating func add(_ field: Int, numbers: [Int]) {
    var list = ProtoText()
    for number in numbers { list.add(varint: number) }
    add(field, list.bytes)
  }

  /// Text, or another message.
  mutating func add(_ field: Int, _ content: [UInt8]) {
    add(varint: field << 3 | 2)
    add(varint: content.count)
    bytes += content
  }

  /// Seven bits in a byte, the lowest first.
  private mutating func add(varint number: Int) {
    var rest = number
    while rest >= 128 {
      bytes.append(UInt8(rest & 127) | 128)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
