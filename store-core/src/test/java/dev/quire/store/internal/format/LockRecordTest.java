package dev.quire.store.internal.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/// The record of a named lock, byte by byte: stores on disks have it so.
class LockRecordTest {

  private static final LockRecord RECORD =
      new LockRecord(0x0000_0003_8000_0007L, 1_700_000_000_123L, 0x0102_0304_0506_0708L);

  private static final String BYTES = "0700008003000000" + "7b68e5cf8b010000" + "0807060504030201";

  @Test
  void bytes_record_areThoseOfFormatVersion1() {
    assertEquals(BYTES, HexFormat.of().formatHex(RECORD.bytes()));
  }

  @Test
  void read_bytesOfFormatVersion1_isTheRecord() {
    byte[] behindOthers = HexFormat.of().parseHex("ffff" + BYTES);
    assertEquals(RECORD, LockRecord.read(MemorySegment.ofArray(behindOthers), 2));
  }
}
