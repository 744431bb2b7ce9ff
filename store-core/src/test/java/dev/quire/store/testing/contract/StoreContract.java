package dev.quire.store.testing.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.quire.store.CheckReport;
import dev.quire.store.Cursor;
import dev.quire.store.KeyRange;
import dev.quire.store.Store;
import dev.quire.store.Table;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.CheckedStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// What every part of the contract shares: an empty store before each test, and the integrity check
/// of the whole store after it.
public abstract class StoreContract {

  private final Supplier<StoreForm> newForm;
  private @Nullable StoreForm form;
  private @Nullable Store store;

  StoreContract(Supplier<StoreForm> newForm) {
    this.newForm = newForm;
  }

  @BeforeEach
  final void openStore() {
    form = newForm.get();
    store = form.open(options());
  }

  @AfterEach
  final void checkStore() {
    Store toClose = store();
    try {
      if (toClose.isOpen()) {
        assertClean(toClose.check());
      }
    } finally {
      toClose.close();
      form().close();
    }
  }

  /// How the tests of this part open their store.
  StoreOptions options() {
    return StoreOptions.defaults();
  }

  /// Another form of the same kind.
  final StoreForm newForm() {
    return newForm.get();
  }

  final StoreForm form() {
    StoreForm current = form;
    assertNotNull(current);
    return current;
  }

  final Store store() {
    Store current = store;
    assertNotNull(current);
    return current;
  }

  /// Closes the store and opens it again.
  final Store reopen() {
    store().close();
    Store opened = form().open(options());
    store = opened;
    return opened;
  }

  static void assertClean(CheckReport report) {
    CheckedStore.assertClean(report);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  /// `length` bytes that differ from place to place and from seed to seed.
  static byte[] pattern(int length, int seed) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31 + (i >>> 8) * 7 + seed);
    }
    return bytes;
  }

  /// Puts `key=value` pairs.
  static void putAll(Table table, String... entries) {
    for (String entry : entries) {
      int split = entry.indexOf('=');
      table.put(bytes(entry.substring(0, split)), bytes(entry.substring(split + 1)));
    }
  }

  /// The entries of a range as `key=value`, in its direction.
  static List<String> entries(Table table, KeyRange range) {
    List<String> found = new ArrayList<>();
    try (Cursor cursor = table.cursor(range)) {
      while (cursor.next()) {
        found.add(text(cursor.key()) + "=" + text(cursor.valueBytes()));
      }
    }
    return found;
  }

  /// All keys, in order.
  static List<String> keys(Table table) {
    List<String> found = new ArrayList<>();
    try (Cursor cursor = table.cursor()) {
      while (cursor.next()) {
        found.add(String.valueOf(text(cursor.key())));
      }
    }
    assertEquals(found.size(), table.count());
    return found;
  }
}
