package dev.quire.store.internal.inspect;

/// Hashes of keys, to be added up.
final class KeyHash {

  private KeyHash() {}

  /// The hash of the bytes `[from, to)`.
  static long of(byte[] bytes, int from, int to) {
    long hash = (long) to - from;
    for (int i = from; i < to; i++) {
      hash = mix(hash + bytes[i]);
    }
    return hash;
  }

  /// Spreads a word over all bits.
  static long mix(long word) {
    long mixed = (word ^ word >>> 32) * 0x9E3779B97F4A7C15L;
    return mixed ^ mixed >>> 29;
  }
}
