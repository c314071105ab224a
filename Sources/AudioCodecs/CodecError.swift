package import AudioIO

/// Why a C library finds no recording in the bytes.
package enum CodecError: Error {
  case malformed
  case encoding(AudioFormat)
  /// More than a block has room for, or none.
  case channels(Int)
}
