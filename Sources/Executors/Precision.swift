/// The kind of numbers that activations are, and the weights they are multiplied by.
///
/// What training adds up over many steps stays in f32 in both: the weights themselves, their
/// gradients, statistics of batch norm, the loss and the update (mixed precision, Micikevicius et al.
/// 2018, arXiv:1710.03740; bf16 needs no scaling of the loss, for it has the exponents of f32).
public enum Precision: String, Sendable, Hashable, CaseIterable, Codable {
  case f32
  /// f32 whose factors are rounded to 10 digits behind the point where they are multiplied, as tensor
  /// cores do, and as PyTorch has its convolutions on NVIDIA's GPUs.
  case tf32
  /// 8 bits of exponent and 8 of significand, one of them implied.
  case bf16
}
