package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.HandBuiltPage.entry;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.CorruptPageException;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeafPageTest {

  private static byte[] key(int number) {
    return String.format("key%05d", number).getBytes();
  }

  private static byte[] value(int number) {
    return "v".repeat(number % 40).getBytes();
  }

  private static HandBuiltPage page(int size) {
    HandBuiltPage page = new HandBuiltPage(size, PageType.LEAF, 0);
    page.begin("key", 0);
    return page;
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 16384, 65536})
  void insert_untilFull_keepsAll(int size) {
    HandBuiltPage page = page(size);
    int capacity = PageEditor.capacity(page.shape(), size);
    assertEquals(size - 32, capacity);
    int used = 3;
    int count = 0;
    while (true) {
      PageEntry next = entry(key(7 * count), value(count));
      int bytes = PageEditor.entryBytes(page.shape(), next, 3);
      if (bytes > page.freeBytes()) {
        break;
      }
      page.insert(count, next);
      used += bytes;
      count++;
      assertEquals(capacity - used, page.freeBytes());
    }
    assertTrue(count > size / 50);
    for (int i = 0; i < count; i++) {
      assertArrayEquals(key(7 * i), page.key(i));
      assertArrayEquals(value(i), page.value(i));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 65536})
  void insert_backwardsAndRemove_leavesNoHole(int size) {
    HandBuiltPage page = page(size);
    int empty = page.freeBytes();
    for (int i = 50; i > 0; i--) {
      page.insert(0, entry(key(i), value(i)));
    }
    for (int i = 0; i < 25; i++) {
      page.remove(i);
    }
    assertEquals(25, page.count());
    for (int i = 0; i < 25; i++) {
      assertArrayEquals(key(2 * i + 2), page.key(i));
      assertArrayEquals(value(2 * i + 2), page.value(i));
    }
    while (page.count() > 0) {
      page.remove(page.count() / 2);
    }
    assertEquals(empty, page.freeBytes());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, 100, 127, 128, 1000})
  void replace_valueOfAnyLength_keepsTheOthers(int length) {
    HandBuiltPage page = page(4096);
    for (int i = 0; i < 20; i++) {
      page.insert(i, entry(key(i), "0123456789".getBytes()));
    }
    PageEntry entry = entry(key(11), new byte[length]);
    entry.expiryMillis = length == 100 ? 77 : 0;
    page.replace(11, entry);
    assertArrayEquals(new byte[length], page.value(11));
    assertArrayEquals(key(11), page.key(11));
    assertArrayEquals("0123456789".getBytes(), page.value(10));
    assertArrayEquals("0123456789".getBytes(), page.value(12));
    long cell = LeafPage.cell(page.segment, page.page, page.shape(), 11);
    long head = LeafCell.head(page.segment, cell);
    assertEquals(entry.expiryMillis, LeafCell.expiryMillis(page.segment, cell, head));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 7, 8})
  void copy_toAnyPrefix_keepsKeysHeadsAndFingerprints(int prefixLength) {
    HandBuiltPage from = new HandBuiltPage(4096, PageType.LEAF, 0);
    from.begin("key00", 0);
    HandBuiltPage to = new HandBuiltPage(4096, PageType.LEAF, 0);
    to.begin("key00000".substring(0, prefixLength), 1);
    PageEntry entry = entry("key00000!".getBytes(), value(33));
    entry.keyRef = PageRef.of(5, 6);
    entry.keyLength = 60_000;
    entry.expiryMillis = -8;
    from.insert(0, entry);
    PageEditor.copy(from.segment, from.page, 0, to.segment, to.page, 4096, 0, new PageEntry());
    assertArrayEquals("key00000!".getBytes(), to.key(0));
    assertArrayEquals(value(33), to.value(0));
    MemorySegment segment = to.segment;
    long cell = LeafPage.cell(segment, to.page, to.shape(), 0);
    long head = LeafCell.head(segment, cell);
    assertEquals(LeafCell.SPILLED | LeafCell.EXPIRES, LeafCell.flags(head));
    assertEquals(PageRef.of(5, 6), LeafCell.keyRef(segment, cell, head));
    assertEquals(60_000, LeafCell.keyLength(segment, cell, head));
    assertEquals(-8, LeafCell.expiryMillis(segment, cell, head));
    assertEquals(entry.fingerprint, LeafPage.fingerprint(segment, to.page, to.shape(), 0));
    int keyHead = KeyBytes.head("key00000!".getBytes(), 9, prefixLength);
    assertEquals(keyHead, segment.get(Le.U32, LeafPage.heads(to.page, to.shape())));
    assertEquals(
        PageEditor.entryBytes(from.segment, from.page, from.shape(), 0, prefixLength),
        PageEditor.entryBytes(segment, to.page, to.shape(), 0, prefixLength));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 31, 1000, 4095})
  void remove_cellOffsetIsCorrupt_isRefused(int offset) {
    HandBuiltPage page = page(4096);
    for (int i = 0; i < 10; i++) {
      page.insert(i, entry(key(i), new byte[300]));
    }
    page.segment.set(Le.U16, LeafPage.offsets(page.page, page.shape()), (short) offset);
    assertThrows(CorruptPageException.class, () -> page.remove(0));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 127, 128, 16383, 16384, 1L << 35, 1L << 40})
  void cellHead_valueOfAnyLength_isReadBack(long valueLength) {
    HandBuiltPage page = page(4096);
    PageEntry entry = entry("key".getBytes(), new byte[0]);
    entry.valueLength = valueLength;
    entry.valueRef = PageRef.of(9, 9);
    page.insert(0, entry);
    long cell = LeafPage.cell(page.segment, page.page, page.shape(), 0);
    long head = LeafCell.head(page.segment, cell);
    assertEquals(valueLength, LeafCell.valueLength(head));
    assertTrue(LeafCell.isOverflow(head));
    assertEquals(0, LeafCell.suffixLength(head));
    assertEquals(PageRef.of(9, 9), LeafCell.valueRef(page.segment, cell, head));
  }
}
