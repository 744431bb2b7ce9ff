package dev.quire.store.internal.region;

/// Checks of ranges of a file that callers ask for.
final class Ranges {

  private Ranges() {}

  /// A range that could be in some file.
  static void check(long offset, long length) {
    if (offset < 0 || length < 0 || offset > Long.MAX_VALUE - length) {
      throw new IllegalArgumentException("no range: " + length + " bytes at " + offset);
    }
  }

  /// A range within a file of `sizeBytes`.
  static void checkWithin(long offset, long length, long sizeBytes) {
    check(offset, length);
    if (offset + length > sizeBytes) {
      throw new IllegalArgumentException(
          length + " bytes at " + offset + " of a file of " + sizeBytes + " bytes; grow it first");
    }
  }

  /// A range that could be mapped.
  static void checkMapping(long offset, long length) {
    check(offset, length);
    if (offset % Region.MAP_ALIGNMENT_BYTES != 0) {
      throw new IllegalArgumentException(
          "a mapping at " + offset + ", not a multiple of " + Region.MAP_ALIGNMENT_BYTES);
    }
  }
}
