package dev.quire.store.internal.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PageHeaderTest {

  private final MemorySegment segment = Arena.ofAuto().allocate(4096);

  @Test
  void fields_extremeValues_areReadBack() {
    PageHeader.init(segment, 0, PageType.INTEGER_BRANCH, 255);
    PageHeader.stamp(segment, 0, 0xFFFF_FFFFL, -5, Long.MAX_VALUE);
    PageHeader.markCrc(segment, 0);
    PageHeader.setCrc(segment, 0, 0xCAFE_BABE);
    PageHeader.setShape(segment, 0, PageHeader.resized(PageHeader.shape(segment, 0), 65535, 65504));
    long shape = PageHeader.shape(segment, 0);
    assertEquals(0xFFFF_FFFFL, PageHeader.pageNo(segment, 0));
    assertEquals(-5, PageHeader.stamp(segment, 0));
    assertEquals(Long.MAX_VALUE, PageHeader.birth(segment, 0));
    assertEquals(0xCAFE_BABE, PageHeader.crc(segment, 0));
    assertEquals(PageType.INTEGER_BRANCH.code(), PageHeader.typeCode(shape));
    assertEquals(255, PageHeader.level(shape));
    assertEquals(65535, PageHeader.count(shape));
    assertEquals(65504, PageHeader.heapBytes(shape));
    assertEquals(0, PageHeader.prefixLength(shape));
    assertTrue(PageHeader.hasCrc(shape));
  }

  @Test
  void bytes_ofAKnownHeader_neverChange() {
    PageHeader.init(segment, 0, PageType.LEAF, 0);
    PageHeader.stamp(segment, 0, 0x01020304, 0x1112131415161718L, 0x21L);
    PageHeader.setShape(segment, 0, PageHeader.shapeOf(PageType.BRANCH, 3, 0x0405, 6, 0x0708));
    PageHeader.setCrc(segment, 0, 0x31323334);
    byte[] bytes = segment.asSlice(0, 32).toArray(Le.U8);
    assertEquals(
        "34333231040302011817161514131211210000000000000002030504060008" + "07",
        HexFormat.of().formatHex(bytes));
  }

  @Test
  void stamp_pageWithCrc_forgetsIt() {
    PageHeader.init(segment, 0, PageType.LEAF, 0);
    PageHeader.markCrc(segment, 0);
    PageHeader.setCrc(segment, 0, 1);
    PageHeader.stamp(segment, 0, 1, 1, 1);
    assertFalse(PageHeader.hasCrc(PageHeader.shape(segment, 0)));
    assertEquals(0, PageHeader.crc(segment, 0));
  }

  @Test
  void varint_bothSidesOfEachSize_areReadBack() {
    for (int bits = 0; bits <= 41; bits++) {
      for (long value : new long[] {(1L << bits) - 1, 1L << bits}) {
        long end = Varint.write(segment, 100, value);
        assertEquals(Varint.size(value), end - 100);
        assertEquals(value, Varint.read(segment, 100));
      }
    }
    assertEquals(1, Varint.size(0));
    assertEquals(Varint.MAX_BYTES, Varint.size(Limits.MAX_VALUE_BYTES));
  }

  @Test
  void varint_bytesThatNeverEnd_areReadToTheLimit() {
    segment.asSlice(0, 64).fill((byte) 0xFF);
    assertEquals((1L << 42) - 1, Varint.read(segment, 0));
  }

  @Test
  void tableRecord_allFields_areReadBack() {
    TableRecord record =
        new TableRecord(
            -1, 2, -3, TableRecord.KIND_INTEGERS, 40, 65535, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    record.write(segment, 8);
    assertEquals(record, TableRecord.read(segment, 8));
    assertEquals(96, TableRecord.SIZE_BYTES);
  }

  @Test
  void overflowRun_pages_countTheHeader() {
    assertEquals(1, OverflowPage.pages(0, 4096));
    assertEquals(1, OverflowPage.pages(4096 - 40, 4096));
    assertEquals(2, OverflowPage.pages(4096 - 39, 4096));
    assertEquals((1L << 28) + 1, OverflowPage.pages(1L << 40, 4096));
  }
}
