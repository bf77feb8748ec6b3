import Foundation

/// The libraries that `adabatch data pack` needs.
package enum PhotographDecoders {
  /// On CI a library that is missing fails the tests that need it.
  package static let areThere =
    ProcessInfo.processInfo.environment["CI"] == "true"
    || (["libturbojpeg.so.0", "libpng16.so.16"] as [String]).allSatisfy { name in
      dlopen(name, RTLD_LAZY) != nil
    }

  /// Why tests were skipped.
  package static let advice =
    "there is no TurboJPEG or libpng; apt-get install libturbojpeg0 libpng16-16"
}
