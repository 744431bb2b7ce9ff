package dev.quire.store.internal.format;

/// One byte that stands for a whole key in a leaf.
///
/// It is the top byte of `(m ^ m >>> 32) * E` with `m = length * A ^ first * B ^ rotl(last, 32) * C ^
/// middle * D`,
/// where `first` and `last` are the key's first and last eight bytes (big-endian, zeros behind the end
/// of a shorter key) and `middle`, of keys longer than 16 bytes only, those from `length / 2 - 4` on.
///
/// The value is stored: this function never changes.
public final class Fingerprint {

  private static final long A = 0x9E37_79B9_7F4A_7C15L;
  private static final long B = 0xBF58_476D_1CE4_E5B9L;
  private static final long C = 0x94D0_49BB_1331_11EBL;
  private static final long D = 0xD6E8_FEB8_6659_FD93L;
  private static final long E = 0xFF51_AFD7_ED55_8CCDL;

  private static final int WORD = Long.BYTES;

  private Fingerprint() {}

  /// The fingerprint of a key, 0 to 255.
  public static int of(byte[] key, int length) {
    long first = KeyBytes.word(key, length, 0);
    long last = length > WORD ? KeyBytes.word(key, length, length - WORD) : first;
    long mixed = length * A ^ first * B ^ Long.rotateLeft(last, 32) * C;
    if (length > 2 * WORD) {
      mixed ^= KeyBytes.word(key, length, length / 2 - 4) * D;
    }
    return (int) ((mixed ^ mixed >>> 32) * E >>> 56);
  }
}
