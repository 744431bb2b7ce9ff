package dev.quire.store.internal.format;

/// One byte that stands for a whole key in a leaf.
///
/// With all arithmetic modulo 2^64: start with `h = length * A`; for each eight bytes of the key,
/// the last ones filled up with zeros, as a big-endian word, `h = (h ^ word) * B; h = h ^ (h >>>
/// 32)`. The fingerprint is the top byte of `h * A`.
///
/// The value is stored: this function never changes.
public final class Fingerprint {

  private static final long A = 0x9E37_79B9_7F4A_7C15L;
  private static final long B = 0xD6E8_FEB8_6659_FD93L;

  private Fingerprint() {}

  /// The fingerprint of a key, 0 to 255.
  public static int of(byte[] key, int length) {
    long hash = length * A;
    for (int i = 0; i < length; i += Long.BYTES) {
      hash = (hash ^ KeyBytes.word(key, length, i)) * B;
      hash ^= hash >>> 32;
    }
    return (int) ((hash * A) >>> 56);
  }
}
