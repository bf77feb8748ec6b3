/// A type of number that tensors can be made of outside of programs.
public protocol TensorScalar: BinaryFloatingPoint, BitwiseCopyable, Sendable {}

extension Float: TensorScalar {}
extension Double: TensorScalar {}
