package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Reading allocates nothing: not a byte per `getInto` and not a byte per `next`.
class AllocationTest {

  private static final int ENTRIES = 20_000;
  private static final int WARM_UPS = 20;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final byte[][] keys = new byte[ENTRIES][];
  private final byte[] target = new byte[100];
  private Store store = Store.inMemory();

  @BeforeEach
  void fill() {
    store.close();
    store = Store.inMemory();
    store.table("integers", TableOptions.defaults().withIntegerKeys(true));
    store.write(
        txn -> {
          for (int i = 0; i < ENTRIES; i++) {
            keys[i] = Keys.ofLong(i * 0x9E37_79B9_7F4A_7C15L);
            txn.table("bytes").put(keys[i], new byte[100]);
            txn.table("integers").put(i, new byte[100]);
          }
        });
  }

  @AfterEach
  void close() {
    store.close();
  }

  /// The least number of bytes that one of several runs allocates, after warming up.
  private long allocated(LongSupplier work) {
    long expected = work.getAsLong();
    for (int i = 0; i < WARM_UPS; i++) {
      assertEquals(expected, work.getAsLong());
    }
    long least = Long.MAX_VALUE;
    for (int i = 0; i < WARM_UPS; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      work.getAsLong();
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }

  private long getAll(Table table) {
    long bytes = 0;
    for (byte[] key : keys) {
      bytes += table.getInto(key, target);
    }
    return bytes;
  }

  private long getAllIntegers(Table table) {
    long bytes = 0;
    for (int i = 0; i < ENTRIES; i++) {
      bytes += table.getInto(i, target);
    }
    return bytes;
  }

  @Test
  void getInto_storeTable_allocatesNothing() {
    Table bytes = store.table("bytes");
    assertEquals(0, allocated(() -> getAll(bytes)));
    Table integers = store.table("integers");
    assertEquals(0, allocated(() -> getAllIntegers(integers)));
  }

  @Test
  void getInto_readTxn_allocatesNothing() {
    try (ReadTxn txn = store.beginRead()) {
      Table bytes = txn.table("bytes");
      assertEquals(0, allocated(() -> getAll(bytes)));
      Table integers = txn.table("integers");
      assertEquals(0, allocated(() -> getAllIntegers(integers)));
    }
  }

  @Test
  void getInto_writeTxn_allocatesNothing() {
    try (WriteTxn txn = store.beginWrite()) {
      Table bytes = txn.table("bytes");
      bytes.put(keys[0], new byte[100]);
      assertEquals(0, allocated(() -> getAll(bytes)));
    }
  }

  @Test
  void contains_absentKeys_allocatesNothing() {
    byte[] absent = new byte[20];
    Table table = store.table("bytes");
    assertEquals(
        0,
        allocated(
            () -> {
              long found = 0;
              for (int i = 0; i < ENTRIES; i++) {
                absent[0] = (byte) i;
                found += table.contains(absent) ? 1 : 0;
              }
              return found;
            }));
  }

  @Test
  void cursor_walk_allocatesNothing() {
    for (String name : new String[] {"bytes", "integers"}) {
      byte[] key = new byte[8];
      try (ReadTxn txn = store.beginRead();
          Cursor cursor = txn.table(name).cursor()) {
        assertEquals(
            0,
            allocated(
                () -> {
                  long bytes = 0;
                  for (boolean found = cursor.first(); found; found = cursor.next()) {
                    bytes += cursor.keyInto(key) + cursor.valueInto(target);
                  }
                  return bytes;
                }));
      }
    }
  }

  @Test
  void cursor_seeks_allocateNothing() {
    try (ReadTxn txn = store.beginRead();
        Cursor cursor = txn.table("bytes").cursor()) {
      assertEquals(
          0,
          allocated(
              () -> {
                long found = 0;
                for (byte[] key : keys) {
                  found += cursor.seekAtLeast(key) ? 1 : 0;
                  found += cursor.previous() ? 1 : 0;
                }
                return found;
              }));
    }
  }
}
