package dev.quire.store.internal.tree;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.quire.store.internal.format.KeyBytes;
import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.format.OverflowPage;
import dev.quire.store.internal.format.PageEntry;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.page.PageReader;
import java.lang.foreign.MemorySegment;

/// Keys whose end lies in an overflow run.
final class SpilledKeys {

  private SpilledKeys() {}

  /// Compares `key` with a spilled one that has the same first `storedLength` bytes.
  static int compareRest(
      PageReader pages, byte[] key, int keyLength, int storedLength, int otherLength, long run) {
    MemorySegment segment = pages.segmentOf(run);
    long page = pages.offsetOf(run);
    int rest = otherLength - storedLength;
    requireRest(segment, page, rest);
    long data = page + OverflowPage.DATA;
    return KeyBytes.compare(key, keyLength, storedLength, segment, data, rest);
  }

  /// Refuses a key that is longer than keys may be.
  static int requireLength(MemorySegment segment, long page, int keyLength) {
    if (keyLength < 0 || keyLength > Limits.MAX_STORED_KEY_BYTES) {
      throw PageHeader.corrupt(
          segment,
          page,
          "a key of at most " + Limits.MAX_STORED_KEY_BYTES + " bytes",
          Integer.toUnsignedString(keyLength) + " bytes");
    }
    return keyLength;
  }

  /// Copies the bytes of a spilled key that its page does not hold to `target`, behind the stored
  /// ones.
  static void readRest(PageReader pages, byte[] target, int storedLength, int keyLength, long run) {
    MemorySegment segment = pages.segmentOf(run);
    long page = pages.offsetOf(run);
    int rest = keyLength - storedLength;
    requireRest(segment, page, rest);
    MemorySegment.copy(segment, JAVA_BYTE, page + OverflowPage.DATA, target, storedLength, rest);
  }

  /// Completes a key that was read from a page.
  static void readRest(PageReader pages, PageEntry entry) {
    if (entry.keyRef != PageRef.NONE) {
      MemorySegment segment = pages.segmentOf(entry.keyRef);
      long page = pages.offsetOf(entry.keyRef);
      entry.reserveKey(requireLength(segment, page, entry.keyLength));
      readRest(pages, entry.key, entry.storedLength, entry.keyLength, entry.keyRef);
    }
  }

  private static void requireRest(MemorySegment segment, long page, int expected) {
    long found = OverflowPage.dataLength(segment, page);
    if (found != expected) {
      throw PageHeader.corrupt(
          segment, page, "a run with " + expected + " bytes of a key", found + " bytes");
    }
  }
}
