import CDNNL
import NetworkGraph

/// How the numbers of a tensor lie in memory: a rule, so that every kernel meets the layout it
/// expects and nothing has to be reordered between layers.
///
/// Images whose channels fill vector registers are blocked by them (nChw16c with AVX-512): the
/// fastest end to end for f32 on such CPUs, because per-layer mixtures lose to their reorders.
/// Others, such as the three channels of a photograph, lie plainly. In bf16 all channels of a pixel lie
/// together where the CPU multiplies tiles (AMX), for oneDNN's kernels of tiles read nothing else.
enum Layout {
  static func tag(_ type: TensorType, _ element: Element) -> dnnl_format_tag_t {
    switch type.dimensions.count + (type.perImage ? 1 : 0) {
    case 1: dnnl_a
    case 2: dnnl_ab
    default: type.perImage ? imageTag(channels: type.dimensions[0], element) : dnnl_abcd
    }
  }

  /// Whether the elements of one image lie in the order in which `flatten` counts them.
  static func isPlain(_ type: TensorType, _ element: Element) -> Bool {
    guard type.perImage, type.dimensions.count == 3 else { return true }
    let onePixel = type.dimensions[1] * type.dimensions[2] == 1
    return onePixel || imageTag(channels: type.dimensions[0], element) == dnnl_abcd
  }

  /// Channels of an image that lie together, 1 where they lie plainly.
  static func blockedChannels(_ type: TensorType, _ element: Element) -> Int {
    switch imageTag(channels: type.dimensions[0], element) {
    case dnnl_acdb: type.dimensions[0]
    case dnnl_aBcd16b: 16
    case dnnl_aBcd8b: 8
    default: 1
    }
  }

  /// Whether kernels multiply tiles of such numbers.
  static func isForTiles(_ element: Element) -> Bool {
    element == .bf16 && OneDNNLibrary.hasTiles
  }

  private static func imageTag(channels: Int, _ element: Element) -> dnnl_format_tag_t {
    if isForTiles(element) { return dnnl_acdb }
    let width = OneDNNLibrary.vectorWidth
    if width == 16, channels % 16 == 0 { return dnnl_aBcd16b }
    if width >= 8, channels % 8 == 0 { return dnnl_aBcd8b }
    return dnnl_abcd
  }
}
