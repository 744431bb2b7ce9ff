package dev.quire.store.internal.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.quire.store.internal.format.PageEntry;
import dev.quire.store.internal.page.PageReader;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/// The differences of two trees, found by reading both as a whole.
final class TreeDiffModel {

  private TreeDiffModel() {}

  /// Compares what [TreeDiff] tells of a range with what there is.
  static void check(PageReader pages, TreeRoot older, TreeRoot newer, TreeRange range) {
    List<String> expected = differences(contents(pages, older), contents(pages, newer), range);
    TreeDiff diff = new TreeDiff(pages, pages);
    diff.open(older.ref, newer.ref, range);
    assertEquals(expected, told(diff), () -> "range " + range);
    assertFalse(diff.next());
    assertFalse(diff.inOlder() || diff.inNewer());
  }

  private static List<String> told(TreeDiff diff) {
    List<String> told = new ArrayList<>();
    ValueSlot slot = new ValueSlot();
    while (diff.next()) {
      PageEntry key = diff.key();
      StringBuilder line = new StringBuilder(hex(Arrays.copyOf(key.key, key.keyLength)));
      if (diff.inOlder()) {
        diff.oldValue(slot);
        line.append(" from ").append(value(slot));
      }
      if (diff.inNewer()) {
        diff.newValue(slot);
        line.append(" to ").append(value(slot));
      }
      told.add(line.toString());
    }
    return told;
  }

  private static List<String> differences(
      TreeMap<byte[], String> older, TreeMap<byte[], String> newer, TreeRange range) {
    TreeSet<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);
    keys.addAll(older.keySet());
    keys.addAll(newer.keySet());
    List<String> differences = new ArrayList<>();
    for (byte[] key : keys) {
      String before = older.get(key);
      String after = newer.get(key);
      boolean differs = before == null || !before.equals(after);
      if (differs && isInside(key, range)) {
        differences.add(
            hex(key)
                + (before == null ? "" : " from " + before)
                + (after == null ? "" : " to " + after));
      }
    }
    return differences;
  }

  private static boolean isInside(byte[] key, TreeRange range) {
    int low = range.from() == null ? 1 : Arrays.compareUnsigned(key, range.from());
    int high = range.to() == null ? -1 : Arrays.compareUnsigned(key, range.to());
    return (low > 0 || low == 0 && range.fromInclusive())
        && (high < 0 || high == 0 && range.toInclusive());
  }

  private static TreeMap<byte[], String> contents(PageReader pages, TreeRoot root) {
    TreeMap<byte[], String> contents = new TreeMap<>(Arrays::compareUnsigned);
    TreeCursor cursor = new TreeCursor(pages);
    cursor.open(root.ref);
    ValueSlot slot = new ValueSlot();
    for (boolean found = cursor.first(); found; found = cursor.next()) {
      byte[] key = new byte[cursor.keyLength()];
      cursor.copyKey(key);
      cursor.value(slot);
      contents.put(key, value(slot));
    }
    return contents;
  }

  /// Value and expiry in words.
  private static String value(ValueSlot slot) {
    byte[] bytes = slot.segment.asSlice(slot.offset, slot.length).toArray(ValueLayout.JAVA_BYTE);
    return bytes.length + ":" + Arrays.hashCode(bytes) + "@" + slot.expiryMillis;
  }

  private static String hex(byte[] key) {
    return key.length <= 40
        ? HexFormat.of().formatHex(key)
        : key.length + ":" + Arrays.hashCode(key);
  }
}
