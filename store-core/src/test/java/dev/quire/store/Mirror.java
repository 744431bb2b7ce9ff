package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.quire.store.testing.Campaign;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The tables `one` and `two`, whose entries every transaction changes alike, as a watch tells of
/// them.
final class Mirror {

  private final TreeMap<String, String> one = new TreeMap<>();
  private final TreeMap<String, String> two = new TreeMap<>();

  private static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  /// Does what the next poll tells. Each change must fit what is here, and no transaction be told
  /// by half.
  ///
  /// @return whether something was told
  boolean follow(Watch watch, Duration timeout) throws InterruptedException {
    Changes changes = watch.poll(timeout);
    while (changes != null && changes.next()) {
      apply(changes, changes.table().equals("one") ? one : two);
    }
    assertEquals(one, two);
    return changes != null;
  }

  private static void apply(Changes changes, TreeMap<String, String> table) {
    switch (changes.kind()) {
      case TABLE_CREATED, TABLE_DROPPED -> assertEquals(0, table.size());
      case PUT, DELETE -> {
        String key = text(changes.key());
        assertNotNull(key);
        assertEquals(table.get(key), text(changes.oldBytes()), key);
        String value = text(changes.newBytes());
        if (value == null) {
          table.remove(key);
        } else {
          table.put(key, value);
        }
      }
    }
  }

  /// Fails unless the store has just what is here.
  void requireEqual(Store store) {
    TreeMap<String, String> contents = new TreeMap<>();
    try (Cursor cursor = store.table("one").cursor()) {
      while (cursor.next()) {
        contents.put(text(cursor.key()), text(cursor.valueBytes()));
      }
    }
    assertEquals(contents, one, () -> "-Dquire.seed=" + Campaign.seed());
  }
}
