import Foundation
import RunRecords
import Testing

@Suite("Reading safetensors")
struct SafetensorsReadingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Makes a file of these bytes.
  private func put(_ bytes: Data) throws {
    // Thousands of times, so without what syncs: Data's own `write`, and ext4 on overwriting.
    unlink(folder("file"))
    var file = try OutputFile(opening: folder("file"), flags: O_CREAT | O_TRUNC)
    try file.write(Array(bytes))
  }

  /// What reading a file of these bytes throws.
  private func refusal(of bytes: Data) throws -> FileError? {
    let path = folder("file")
    try put(bytes)
    let error = #expect(throws: FileError.self) { try Safetensors.read(from: path) }
    #expect(error?.code == .invalid)
    #expect(error?.path == path)
    return error
  }

  private func file(_ header: String, data: Int = 0, length: UInt64? = nil) -> Data {
    let length = length ?? UInt64(header.utf8.count)
    return withUnsafeBytes(of: length.littleEndian) { Data($0) } + Data(header.utf8)
      + Data(count: data)
  }

  @Test("the reference writer's file gives its tensors and metadata, and is written back as it was")
  func golden() throws {
    let read = try Safetensors.read(from: witness("golden.safetensors").path)
    #expect(read == Safetensors(SafetensorsTests.tensors))

    try read.write(to: folder("copy"))
    let copy = try Data(contentsOf: URL(filePath: folder("copy")))
    #expect(copy == (try Data(contentsOf: witness("golden.safetensors"))))
  }

  @Test("other types of fractions become the Floats that PyTorch makes of them")
  func types() throws {
    let read = try Safetensors.read(from: witness("types.safetensors").path)
    let values = Dictionary(uniqueKeysWithValues: read.tensors.map { ($0.name, $0.values) })
    for type in ["F64", "F16", "BF16"] {
      guard case .float32(let ours)? = values[type],
        case .float32(let theirs)? = values["\(type) as F32"]
      else {
        Issue.record("\(type) is not there")
        continue
      }
      #expect(ours.count == 5)
      #expect(ours.map(\.bitPattern) == theirs.map(\.bitPattern), "\(type)")
    }
  }

  @Test("a file without tensors is valid, and so is a header that is not padded")
  func empty() throws {
    for header in ["{}", "{}      ", "{ \"__metadata__\" : { } }"] {
      try put(file(header))
      #expect(try Safetensors.read(from: folder("file")) == Safetensors([], metadata: [:]))
    }
  }

  @Test("a header whose length begins as a pickle does is a header", arguments: [0x80, 0x280])
  func lengthLikePickle(length: Int) throws {
    try put(file("{}" + String(repeating: " ", count: length - 2)))
    #expect(try Safetensors.read(from: folder("file")) == Safetensors([], metadata: [:]))
  }

  @Test("a name that would break a message out of its line is shown escaped and cut")
  func hostileName() throws {
    let name = #"\u001b[31m\n"# + String(repeating: "x", count: 1000)
    let header = Self.entry(name, "0,4", type: "I32")
    let error = try refusal(of: file("{\(header)}", data: 4))
    #expect(
      error?.reason == "tensor \\u{1B}[31m\\n\(String(repeating: "x", count: 74))… is of type I32, "
        + "and only F64, F32, F16, BF16, I64 are read")
  }

  @Test("every escape of JSON is read in a name")
  func escapes() throws {
    let header =
      #"{"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}"#
    try put(file(header))

    let name = try Safetensors.read(from: folder("file")).tensors.first?.name
    #expect(name == "\"\\/\u{8}\u{c}\n\r\té😀é")
  }

  /// A header, the bytes behind it, and what is wrong.
  static let faults: [(header: String, data: Int, reason: String)] = [
    ("", 0, "its header does not begin with a brace (byte 0 of the header)"),
    (" {}", 0, "its header does not begin with a brace (byte 0 of the header)"),
    ("[]", 0, "its header does not begin with a brace (byte 0 of the header)"),
    ("{", 0, "'\"' is missing (byte 1 of the header)"),
    ("{}\n", 0, "something follows the last brace (byte 2 of the header)"),
    ("{},", 0, "something follows the last brace (byte 2 of the header)"),
    ("{\"a\":1}", 0, "'{' is missing (byte 5 of the header)"),
    ("{\"a", 0, "a string does not end (byte 3 of the header)"),
    ("{\"a\n\":{}}", 0, "a control character is in a string (byte 3 of the header)"),
    (#"{"\x":{}}"#, 0, "a \\ is followed by what cannot follow it (byte 2 of the header)"),
    (#"{"\u00+1":{}}"#, 0, "a \\ is followed by what cannot follow it (byte 2 of the header)"),
    (#"{"\ud83d":{}}"#, 0, "half of a surrogate pair is in a string (byte 2 of the header)"),
    (#"{"\ud83d\u0041":{}}"#, 0, "half of a surrogate pair is in a string (byte 2 of the header)"),
    (#"{"\ude00":{}}"#, 0, "half of a surrogate pair is in a string (byte 2 of the header)"),
    (tensor(), 3, "its tensors have 4 bytes, but 3 follow the header"),
    (tensor(), 5, "its tensors have 4 bytes, but 5 follow the header"),
    (tensor(offsets: "0,8"), 8, "tensor a has 8 bytes, but F32 [1] needs 4"),
    (tensor(offsets: "4,0"), 4, "tensor a has data_offsets [4, 0], which are no range"),
    (tensor(offsets: "0,4,4"), 4, "tensor a has data_offsets [0, 4, 4], which are no range"),
    (tensor(offsets: "4,8"), 8, "tensor a has a hole before it"),
    (tensor(shape: "-1"), 4, "a whole number that is 0 or more is missing (byte 29 of the header)"),
    (
      tensor(shape: "1.0"), 4, "a whole number that is 0 or more is missing (byte 29 of the header)"
    ),
    (
      tensor(shape: "1e0"), 4, "a whole number that is 0 or more is missing (byte 29 of the header)"
    ),
    (tensor(shape: "01"), 4, "a whole number that is 0 or more is missing (byte 29 of the header)"),
    (tensor(shape: "1,"), 4, "a whole number that is 0 or more is missing (byte 31 of the header)"),
    (tensor(shape: "99999999999999999999"), 4, "a number is too large (byte 29 of the header)"),
    (
      tensor(shape: "4294967296,4294967296"), 4,
      "tensor a has the shape [4294967296, 4294967296], which is beyond any memory"
    ),
    (
      // The product is 0, but not before it has overflowed; the reference reader refuses it too.
      tensor(shape: "4294967296,4294967296,0", offsets: "0,0"), 0,
      "tensor a has the shape [4294967296, 4294967296, 0], which is beyond any memory"
    ),
    (
      tensor(shape: "2305843009213693952"), 4,
      "tensor a has the shape [2305843009213693952], which is beyond any memory"
    ),
    (tensor(type: "I32"), 4, "tensor a is of type I32, and only F64, F32, F16, BF16, I64 are read"),
    (tensor(type: "f32"), 4, "tensor a is of type f32, and only F64, F32, F16, BF16, I64 are read"),
    (
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4,
      "tensor a lacks dtype, shape or data_offsets (byte 32 of the header)"
    ),
    (
      "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}", 4,
      "tensor a has 'dtype' twice, or without a meaning (byte 28 of the header)"
    ),
    (
      "{\"a\":{\"scale\":\"F32\"}}", 4,
      "tensor a has 'scale' twice, or without a meaning (byte 14 of the header)"
    ),
    (
      "{\(entry("a", "0,4")),\(entry("a", "4,8"))}", 8,
      "'a' is there twice (byte 58 of the header)"
    ),
    (
      "{\(entry("é", "0,4")),\(entry("e\u{301}", "4,8"))}", 8,
      "'e\u{301}' is there twice (byte 61 of the header)"
    ),
    ("{\(entry("a", "0,4")),\(entry("b", "2,6"))}", 6, "tensor b overlaps another"),
    ("{\(entry("a", "0,4")),\(entry("b", "8,12"))}", 12, "tensor b has a hole before it"),
    ("{\"__metadata__\":{\"a\":1}}", 0, "'\"' is missing (byte 21 of the header)"),
    (
      "{\"__metadata__\":{\"a\":\"b\",\"a\":\"b\"}}", 0,
      "'a' is there twice in __metadata__ (byte 29 of the header)"
    ),
    (
      "{\"__metadata__\":{},\"__metadata__\":{}}", 0,
      "'__metadata__' is there twice (byte 34 of the header)"
    ),
  ]

  private static func entry(
    _ name: String, _ offsets: String, type: String = "F32", shape: String = "1"
  ) -> String {
    "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":[\(shape)],\"data_offsets\":[\(offsets)]}"
  }

  private static func tensor(
    type: String = "F32", shape: String = "1", offsets: String = "0,4"
  ) -> String { "{\(entry("a", offsets, type: type, shape: shape))}" }

  @Test("what the format forbids is refused, with the tensor or the byte", arguments: faults)
  func fault(header: String, data: Int, reason: String) throws {
    let error = try refusal(of: file(header, data: data))

    #expect(
      error?.description == """
        cannot read \(folder("file")): \(reason)
          fix: name a safetensors file, or restore this one from a copy
        """)
  }

  @Test("a header that is no text is refused")
  func notText() throws {
    let bytes = file("{}") + [0xff]
    let error = try refusal(of: Data([3]) + bytes.dropFirst())
    #expect(error?.reason == "its header is not UTF-8")
  }

  @Test(
    "a length that the file does not have, or that no header has, is refused before it is read",
    arguments: [3, 100_000_001, 1 << 63, .max] as [UInt64])
  func lengths(length: UInt64) throws {
    let error = try refusal(of: file("{}", length: length))
    #expect(error?.reason == "its header would have \(length) bytes, and 2 follow")
  }

  @Test("less than a length is refused", arguments: [0, 1, 7])
  func short(count: Int) throws {
    let error = try refusal(of: Data(count: count))
    #expect(error?.reason == "it has \(count) bytes, and the length of its header needs 8")
  }

  @Test(
    "what torch.save writes is refused, with the way to write weights that hold no code",
    arguments: [
      Data("PK\u{3}\u{4}\u{0}\u{0}\u{8}\u{8}".utf8), Data([0x80, 2, 0x8a, 10, 108, 252, 156, 70]),
    ])
  func pickle(start: Data) throws {
    let error = try refusal(of: start + Data(count: 100))
    #expect(
      error?.description == """
        cannot read \(folder("file")): it is what torch.save writes, which may hold code
          fix: write the weights with safetensors.torch.save_file(model.state_dict(), …)
        """)
  }

  @Test("a missing file, and what is no file, is said")
  func noFile() throws {
    let missing = #expect(throws: FileError.self) { try Safetensors.read(from: folder("none")) }
    #expect(missing?.code == .missing)

    #expect(mkfifo(folder("pipe"), 0o666) == 0)
    for path in [folder.path, folder("pipe"), "/dev/zero"] {
      let error = #expect(throws: FileError.self) { try Safetensors.read(from: path) }
      #expect(error?.code == .invalid)
      #expect(error?.description == "cannot read \(path): it is not a file\n  fix: name a file")
    }
  }

  @Test("a file cut anywhere is refused", arguments: ["golden.safetensors", "types.safetensors"])
  func truncations(name: String) throws {
    let whole = try Data(contentsOf: witness(name))
    for count in whole.indices { _ = try refusal(of: whole.prefix(count)) }
  }

  @Test("a changed, lost or added byte is refused, or changes what is read and nothing else")
  func damage() throws {
    let whole = try Data(contentsOf: witness("golden.safetensors"))
    var (refused, read) = (0, 0)
    for place in whole.indices {
      for damaged in variants(of: whole, at: place) {
        try put(damaged)
        do throws(FileError) {
          _ = try Safetensors.read(from: folder("file"))
          read += 1
        } catch {
          #expect(error.code == .invalid)
          refused += 1
        }
      }
    }
    // Bits of numbers, and of letters in names, are not protected; all else is.
    #expect(refused > 2 * read)
    #expect(read > 8 * 80)
  }

  private func variants(of whole: Data, at place: Int) -> [Data] {
    let flipped = (0..<8).map { bit in
      var copy = whole
      copy[place] ^= 1 << bit
      return copy
    }
    return flipped + [
      whole[..<place] + whole[(place + 1)...], whole[...place] + whole[place...],
    ]
  }
}
