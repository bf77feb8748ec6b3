/// Numbers in −1 ..< 1 that follow from a position, so that nothing has to be stored and PyTorch's
/// script makes the same ones: the finaliser of SplitMix64 (Steele, Lea and Flood 2014) over
/// (tensor, element).
package func formula(tensor: Int, element: Int) -> Double {
  var z = UInt64(tensor) << 32 &+ UInt64(element)
  z &+= 0x9E37_79B9_7F4A_7C15
  z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
  z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
  z ^= z >> 31
  return 2 * (Double(z >> 11) * 0x1p-53) - 1
}

/// `count` numbers of the formula, rounded to f32 so that every precision starts from the same.
package func formulaTensor(_ tensor: Int, count: Int, scale: Double = 1) -> [Double] {
  (0..<count).map { Double(Float(scale * formula(tensor: tensor, element: $0))) }
}
