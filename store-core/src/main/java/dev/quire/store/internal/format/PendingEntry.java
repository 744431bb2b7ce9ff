package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U32;
import static dev.quire.store.internal.format.Le.WORD;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;

/// Pages that no new snapshot refers to, but a live one may.
///
/// | offset | size | field  | meaning                                    |
/// |-------:|-----:|--------|--------------------------------------------|
/// |      0 |    4 | pageNo | first page                                 |
/// |      4 |    4 | count  | pages from there on; 0: the entry is spent |
/// |      8 |    8 | birth  | transaction that wrote them                |
/// |     16 |    8 | freed  | transaction that stopped referring to them |
public final class PendingEntry {

  static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          U32.withName("pageNo"),
          U32.withName("count"),
          WORD.withName("birth"),
          WORD.withName("freed"));

  /// Size of the struct, in bytes.
  public static final int SIZE_BYTES = 24;

  public static final long PAGE_NO = offset("pageNo");
  public static final long COUNT = offset("count");
  public static final long BIRTH = offset("birth");
  public static final long FREED = offset("freed");

  static {
    assert LAYOUT.byteSize() == SIZE_BYTES : LAYOUT;
  }

  private PendingEntry() {}

  private static long offset(String field) {
    return LAYOUT.byteOffset(PathElement.groupElement(field));
  }
}
