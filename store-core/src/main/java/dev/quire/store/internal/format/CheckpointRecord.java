package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.WORD;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/// What `shm` knows of one superblock.
///
/// | offset | size | field      | meaning                                      |
/// |-------:|-----:|------------|----------------------------------------------|
/// |      0 |    8 | sequence   | of the superblock                            |
/// |      8 |    8 | txnId      | its transaction                              |
/// |     16 |    8 | lsn        | its log position: the ring before it is free |
/// |     24 |    8 | stampLimit | stamps that it reserves                      |
public final class CheckpointRecord {

  static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          WORD.withName("sequence"),
          WORD.withName("txnId"),
          WORD.withName("lsn"),
          WORD.withName("stampLimit"));

  /// Size of the struct, in bytes.
  public static final int SIZE_BYTES = 32;

  public static final long SEQUENCE = offset("sequence");
  public static final long TXN_ID = offset("txnId");
  public static final long LSN = offset("lsn");
  public static final long STAMP_LIMIT = offset("stampLimit");

  static {
    assert LAYOUT.byteSize() == SIZE_BYTES : LAYOUT;
  }

  private CheckpointRecord() {}

  private static long offset(String field) {
    return Fields.offset(LAYOUT, field);
  }
}
