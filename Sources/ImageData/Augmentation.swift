import Randomness

/// What is done to a training image before it is shown: a random crop, a random flip.
///
/// The crop has the image's own size and lies anywhere in the image with `padding` black pixels
/// around it. Black is the byte 0 *before* normalisation, so padded pixels become
/// −mean/deviation, not 0.
///
/// > Source: torchvision's `RandomCrop(32, padding=4)`, `RandomHorizontalFlip()`, `ToTensor()`,
/// > `Normalize(…)`, in this order, as the reference has them; the draws are our own.
public struct Augmentation: Sendable, Equatable {
  /// Black pixels on each of the four sides; 0 for no crop.
  public let padding: Int
  /// Whether half of the images, at random, are mirrored left to right.
  public let flips: Bool

  public init(padding: Int, flips: Bool) {
    precondition(padding >= 0, "padding is 0 or more")
    self.padding = padding
    self.flips = flips
  }

  /// Padding 4 and flips.
  public static let reference = Augmentation(padding: 4, flips: true)
  /// The image as it is, for testing.
  public static let none = Augmentation(padding: 0, flips: false)
}

/// One image's draw: where the crop lies and whether it is mirrored.
package struct View: Sendable, Equatable {
  /// How far down and right of the image's own corner the crop begins; −padding to padding.
  package var down: Int, right: Int
  package var mirrored: Bool

  package init(down: Int, right: Int, mirrored: Bool) {
    self.down = down
    self.right = right
    self.mirrored = mirrored
  }
}

extension Augmentation {
  /// Draws the view of image `index` in `epoch`; a function of its arguments, not of a state.
  package func view(seed: UInt64, epoch: Int, index: Int) -> View {
    var view = View(down: 0, right: 0, mirrored: false)
    if padding > 0 {
      var crop = RandomStream(seed: seed, purpose: .crop, epoch: epoch, index: index)
      view.down = crop.integer(below: 2 * padding + 1) - padding
      view.right = crop.integer(below: 2 * padding + 1) - padding
    }
    if flips {
      var flip = RandomStream(seed: seed, purpose: .flip, epoch: epoch, index: index)
      view.mirrored = flip.bits() & 1 == 1
    }
    return view
  }
}
