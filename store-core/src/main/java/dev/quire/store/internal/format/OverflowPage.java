package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U64;

import java.lang.foreign.MemorySegment;

/// A run of adjacent pages with one long value, or with the rest of one long key.
///
/// | offset |       size | field      | meaning                                                   |
/// |-------:|-----------:|------------|-----------------------------------------------------------|
/// |      0 |         32 | header     | [PageHeader]; level, count, prefixLength, heapBytes are 0 |
/// |     32 |          8 | dataLength | bytes of data                                             |
/// |     40 | dataLength | data       | through all pages of the run, which have no other headers |
///
/// The CRC covers the data too.
public final class OverflowPage {

  /// [PageType#OVERFLOW] as a constant of switches.
  public static final int TYPE_CODE = 5;

  /// Offset of the data from the run's beginning.
  public static final int DATA = PageHeader.SIZE_BYTES + Long.BYTES;

  private static final int DATA_LENGTH = PageHeader.SIZE_BYTES;

  static {
    assert TYPE_CODE == PageType.OVERFLOW.code();
  }

  private OverflowPage() {}

  /// Number of pages of a run with this much data.
  public static long pages(long dataLength, int pageSizeBytes) {
    return (DATA + dataLength + pageSizeBytes - 1) / pageSizeBytes;
  }

  /// Writes the beginning of a run, for the data to follow at [#DATA].
  public static void init(MemorySegment segment, long page, long dataLength) {
    PageHeader.init(segment, page, PageType.OVERFLOW, 0);
    segment.set(U64, page + DATA_LENGTH, dataLength);
  }

  public static long dataLength(MemorySegment segment, long page) {
    return segment.get(U64, page + DATA_LENGTH);
  }
}
