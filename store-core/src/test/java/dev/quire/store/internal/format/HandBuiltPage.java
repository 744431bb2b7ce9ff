package dev.quire.store.internal.format;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// One page in memory of its own, between two guards that must stay as they are.
final class HandBuiltPage {

  private static final byte GUARD = 0x5A;

  final int size;
  final MemorySegment segment;
  final long page = 4096;

  HandBuiltPage(int size, PageType type, int level) {
    this.size = size;
    segment = Arena.ofAuto().allocate(size + 2 * 4096L, 4096).fill(GUARD);
    segment.asSlice(page, size).fill((byte) 0x77);
    PageHeader.init(segment, page, type, level);
  }

  long shape() {
    return PageHeader.shape(segment, page);
  }

  void begin(String prefix, int count) {
    byte[] bytes = prefix.getBytes();
    PageEditor.begin(segment, page, bytes, bytes.length, count);
  }

  void insert(int index, PageEntry entry) {
    PageEditor.insert(segment, page, size, index, entry);
    checkGuards();
  }

  void replace(int index, PageEntry entry) {
    PageEditor.replace(segment, page, size, index, entry);
    checkGuards();
  }

  void remove(int index) {
    PageEditor.remove(segment, page, size, index);
    checkGuards();
  }

  int count() {
    return PageHeader.count(shape());
  }

  int freeBytes() {
    return PageEditor.freeBytes(shape(), size);
  }

  byte[] key(int index) {
    PageEntry entry = new PageEntry();
    PageEditor.readKey(segment, page, shape(), index, entry);
    return Arrays.copyOf(entry.key, entry.storedLength);
  }

  byte[] value(int index) {
    long shape = shape();
    long cell =
        PageHeader.typeCode(shape) == LeafPage.TYPE_CODE
            ? LeafPage.cell(segment, page, shape, index)
            : IntegerLeafPage.cell(segment, page, shape, index);
    long head = LeafCell.head(segment, cell);
    return segment
        .asSlice(cell + LeafCell.valueOffset(head), LeafCell.valueLength(head))
        .toArray(ValueLayout.JAVA_BYTE);
  }

  long child(int index) {
    return ChildRefs.get(segment, page, shape(), index);
  }

  private void checkGuards() {
    for (long i = 0; i < page; i++) {
      if (segment.get(ValueLayout.JAVA_BYTE, i) != GUARD
          || segment.get(ValueLayout.JAVA_BYTE, page + size + i) != GUARD) {
        throw new AssertionError("an edit left the page at distance " + i);
      }
    }
  }

  static PageEntry entry(byte[] key, byte[] value) {
    PageEntry entry = new PageEntry();
    entry.setKey(key, key.length);
    entry.fingerprint = Fingerprint.of(key, key.length);
    entry.value = MemorySegment.ofArray(value);
    entry.valueLength = value.length;
    return entry;
  }

  static PageEntry separator(byte[] key, long child) {
    PageEntry entry = new PageEntry();
    entry.setKey(key, key.length);
    entry.childRef = child;
    return entry;
  }
}
