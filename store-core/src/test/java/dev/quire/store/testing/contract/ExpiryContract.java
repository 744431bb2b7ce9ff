package dev.quire.store.testing.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.Table;
import dev.quire.store.TableOptions;
import dev.quire.store.TableStats;
import dev.quire.store.WriteTxn;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// Entries that end at a time, and tables that have a default for it.
public abstract class ExpiryContract extends StoreContract {

  private static final TableOptions OPTIONS =
      TableOptions.defaults()
          .withExpiry(Duration.ofMinutes(5))
          .withMaxEntries(1000)
          .withMaxBytes(1 << 20);

  protected ExpiryContract(Supplier<StoreForm> newForm) {
    super(newForm);
  }

  private static TableOptions optionsOf(Table table) {
    TableStats stats = table.stats();
    return stats == null ? TableOptions.defaults() : stats.options();
  }

  private static void assertRefused(String expectedWord, Runnable call) {
    String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
    assertTrue(message != null && message.contains(expectedWord), message);
  }

  @Test
  void table_withOptions_keepsThem() {
    store().table("t", OPTIONS);
    store().table("n", OPTIONS.withIntegerKeys(true));
    putAll(store().table("t"), "a=1");
    assertEquals(OPTIONS, optionsOf(store().table("t")));
    if (form().survivesClose()) {
      reopen();
      assertEquals(OPTIONS, optionsOf(store().table("t", OPTIONS)));
      assertEquals(OPTIONS.withIntegerKeys(true), optionsOf(store().table("n")));
    }
  }

  @Test
  void table_existsWithOtherOptions_isRefused() {
    store().table("t", OPTIONS);
    store().table("plain").put(bytes("a"), bytes("1"));
    assertRefused("PT5M", () -> store().table("t", TableOptions.defaults()));
    assertRefused("PT6M", () -> store().table("t", OPTIONS.withExpiry(Duration.ofMinutes(6))));
    assertRefused("1001", () -> store().table("t", OPTIONS.withMaxEntries(1001)));
    assertRefused("8192", () -> store().table("t", OPTIONS.withMaxBytes(8192)));
    try (WriteTxn txn = store().beginWrite()) {
      assertRefused("PT5M", () -> txn.table("plain", OPTIONS));
    }
    assertEquals(OPTIONS, optionsOf(store().table("t")));
  }

  @Test
  void options_outOfRange_areRefused() {
    TableOptions plain = TableOptions.defaults();
    assertRefused("negative", () -> plain.withExpiry(Duration.ofMillis(-1)));
    assertRefused("milliseconds", () -> plain.withExpiry(Duration.ofNanos(1)));
    assertRefused("milliseconds", () -> plain.withExpiry(Duration.ofSeconds(Long.MAX_VALUE)));
    assertRefused("-1 entries", () -> plain.withMaxEntries(-1));
    assertRefused("4095 bytes", () -> plain.withMaxBytes(4095));
    assertRefused("-1 bytes", () -> plain.withMaxBytes(-1));
    assertEquals(1, plain.withMaxEntries(1).maxEntries());
    assertEquals(4096, plain.withMaxBytes(4096).maxBytes());
  }
}
