import CDNNL
import Executors

/// The kind of numbers that a tensor is made of.
enum Element: CaseIterable {
  case f32
  /// The upper half of an f32.
  case bf16

  var type: dnnl_data_type_t {
    switch self {
    case .f32: dnnl_f32
    case .bf16: dnnl_bf16
    }
  }

  var bytes: Int {
    switch self {
    case .f32: MemoryLayout<Float>.stride
    case .bf16: MemoryLayout<UInt16>.stride
    }
  }
}

extension Precision {
  /// What activations are made of.
  var element: Element {
    switch self {
    case .f32, .tf32: .f32
    case .bf16: .bf16
    }
  }
}

extension Float {
  init(bf16 bits: UInt16) { self.init(bitPattern: UInt32(bits) << 16) }

  /// To nearest, ties to even, as the kernels round.
  var bf16: UInt16 {
    // The carry of a NaN's digits would make it infinite.
    if isNaN { return UInt16(bitPattern >> 16) | 1 << 6 }
    return UInt16((bitPattern + 0x7fff + (bitPattern >> 16 & 1)) >> 16)
  }
}
