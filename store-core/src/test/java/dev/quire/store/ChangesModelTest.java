package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.Campaign;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Goal: the changes between any two snapshots are what a comparison of their whole contents finds.
///
/// Method: seeded random transactions on a few tables of both kinds: puts, deletes, ranges, clears,
/// drops of small and large tables, tables made again, with the same or the other kind of keys;
/// small and large values, short and long keys. Beside the store a model of its tables; some
/// snapshots are kept open with the model as it was. At each transaction some pairs are compared,
/// in whole and in random scopes.
class ChangesModelTest {

  private static final String[] NAMES = {"a", "b", "c", "large"};
  private static final int SNAPSHOTS = 6;

  @TempDir private Path directory;

  private record Contents(boolean integers, TreeMap<byte[], byte[]> entries) {
    Contents copy() {
      TreeMap<byte[], byte[]> copied = new TreeMap<>(Arrays::compareUnsigned);
      copied.putAll(entries);
      return new Contents(integers, copied);
    }
  }

  private record Pinned(ReadTxn txn, TreeMap<String, Contents> tables) {}

  private Random random = new Random();
  private TreeMap<String, Contents> tables = new TreeMap<>();
  private final List<Pinned> pinned = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(ints = {4 << 10, 16 << 10, 64 << 10})
  void diff_randomTransactions_isWhatAComparisonFinds(int pageSizeBytes) {
    run("in memory, pages of " + pageSizeBytes, 3, pageSizeBytes, true);
  }

  @Test
  void diff_randomTransactionsAndCheckpoints_isWhatAComparisonFinds() {
    run("durable", 3, 4 << 10, false);
  }

  private void run(String name, long seconds, int pageSizeBytes, boolean inMemory) {
    long deadline = Campaign.deadlineNanos(seconds);
    long runs = 0;
    long transactions = 0;
    while (runs == 0 || System.nanoTime() < deadline) {
      long seed = Campaign.seed() + runs++;
      random = new Random(seed);
      tables = new TreeMap<>();
      pinned.clear();
      StoreOptions options =
          StoreOptions.defaults()
              .withPageSizeBytes(pageSizeBytes)
              .withDurability(Durability.CHECKPOINT);
      try (Store store =
          inMemory ? Store.inMemory(options) : Store.open(directory.resolve("s" + runs), options)) {
        for (int i = 0; i < 100; i++) {
          step(store);
          transactions++;
        }
        assertEquals(List.of(), store.check().violations());
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(name + ", -Dquire.seed=" + seed, e);
      }
    }
    Campaign.note("changes, " + name + ": " + transactions + " transactions");
  }

  private void step(Store store) {
    try (WriteTxn txn = store.beginWrite()) {
      int edits = random.nextInt(random.nextInt(5) == 0 ? 200 : 6);
      for (int i = 0; i < edits; i++) {
        edit(txn);
      }
      txn.commit();
    }
    if (random.nextInt(40) == 0) {
      store.checkpoint();
    }
    if (random.nextInt(3) == 0) {
      pin(store);
    }
    compareSome(store);
  }

  private void pin(Store store) {
    if (pinned.size() == SNAPSHOTS) {
      pinned.remove(random.nextInt(SNAPSHOTS)).txn.close();
    }
    TreeMap<String, Contents> copy = new TreeMap<>();
    tables.forEach((name, contents) -> copy.put(name, contents.copy()));
    pinned.add(new Pinned(store.beginRead(), copy));
  }

  // -- edits --------------------------------------------------------------------------------------

  private void edit(WriteTxn txn) {
    String name = NAMES[random.nextInt(NAMES.length)];
    int kind = random.nextInt(1000);
    Contents contents = tables.get(name);
    if (contents == null) {
      create(txn, name);
    } else if (kind < 600) {
      put(txn.table(name), contents);
    } else if (kind < 900) {
      deleteSome(txn.table(name), contents);
    } else if (kind < 960) {
      byte[] a = key(contents);
      byte[] b = key(contents);
      boolean ordered = Arrays.compareUnsigned(a, b) <= 0;
      KeyRange range = KeyRange.between(ordered ? a : b, true, ordered ? b : a, false);
      txn.table(name).deleteRange(range);
      contents.entries.subMap(ordered ? a : b, true, ordered ? b : a, false).clear();
    } else if (kind < 970) {
      txn.table(name).clear();
      contents.entries.clear();
    } else if (kind < 980) {
      txn.dropTable(name);
      tables.remove(name);
    } else if (kind < 985) {
      txn.dropTable(name);
      create(txn, name);
    } else {
      fill(txn.table(name), contents);
    }
  }

  private void create(WriteTxn txn, String name) {
    boolean integers = random.nextInt(3) == 0;
    txn.table(name, TableOptions.defaults().withIntegerKeys(integers));
    tables.put(name, new Contents(integers, new TreeMap<>(Arrays::compareUnsigned)));
  }

  private void put(Table table, Contents contents) {
    byte[] key = key(contents);
    byte[] value = value();
    table.put(key, value);
    contents.entries.put(key, value);
  }

  private void fill(Table table, Contents contents) {
    // Enough pages for a table that is not dropped at once.
    for (int i = 0; i < 100; i++) {
      byte[] key = Keys.ofLong(1000 + 7 * i);
      byte[] value = new byte[8_000 + random.nextInt(12_000)];
      table.put(key, value);
      contents.entries.put(key, value);
    }
  }

  private void deleteSome(Table table, Contents contents) {
    byte[] key = contents.entries.ceilingKey(key(contents));
    int count = random.nextInt(20) == 0 ? 100 : 1;
    for (int i = 0; i < count && key != null; i++) {
      table.delete(key);
      contents.entries.remove(key);
      key = contents.entries.higherKey(key);
    }
  }

  private byte[] key(Contents contents) {
    if (contents.integers) {
      return Keys.ofLong(random.nextInt(3000));
    }
    byte[] key = new byte[random.nextInt(20) == 0 ? 1000 + random.nextInt(2000) : 1 + nextLength()];
    for (int i = Math.max(0, key.length - 4); i < key.length; i++) {
      key[i] = (byte) random.nextInt(8);
    }
    return key;
  }

  private int nextLength() {
    return random.nextInt(5);
  }

  private byte[] value() {
    byte[] value = new byte[random.nextInt(30) == 0 ? random.nextInt(20_000) : nextLength() * 20];
    Arrays.fill(value, (byte) random.nextInt(3));
    return value;
  }

  // -- comparisons --------------------------------------------------------------------------------

  private void compareSome(Store store) {
    try (ReadTxn now = store.beginRead()) {
      Pinned newest = new Pinned(now, tables);
      for (Pinned each : pinned) {
        if (random.nextInt(3) == 0) {
          compare(store, each, newest);
        }
      }
      if (pinned.size() > 1) {
        int older = random.nextInt(pinned.size());
        int newer = random.nextInt(older, pinned.size());
        byId(older, newer, store);
      }
    }
  }

  private void byId(int older, int newer, Store store) {
    Pinned a = pinned.get(older);
    Pinned b = pinned.get(newer);
    compare(store, a.txn.id() <= b.txn.id() ? a : b, a.txn.id() <= b.txn.id() ? b : a);
  }

  private void compare(Store store, Pinned older, Pinned newer) {
    assertEquals(
        expected(older.tables, newer.tables, null, KeyRange.all()),
        told(store.diff(older.txn, newer.txn)));
    String name = NAMES[random.nextInt(NAMES.length)];
    byte[] from = new byte[] {(byte) random.nextInt(4), (byte) random.nextInt(8)};
    byte[] to = random.nextBoolean() ? Keys.ofLong(random.nextInt(3000)) : new byte[] {5};
    KeyRange range =
        KeyRange.between(
            random.nextInt(3) == 0 ? Keys.ofLong(random.nextInt(3000)) : from,
            random.nextBoolean(),
            to,
            random.nextBoolean());
    assertEquals(
        expected(older.tables, newer.tables, name, range),
        told(store.diff(older.txn, newer.txn, ChangeScope.table(name, range))),
        () -> name + " " + range);
  }

  private static List<String> told(Changes changes) {
    List<String> told = new ArrayList<>();
    while (changes.next()) {
      boolean ofEntry = changes.kind() == Changes.Kind.PUT || changes.kind() == Changes.Kind.DELETE;
      String what = changes.kind() + " " + changes.table();
      told.add(
          ofEntry
              ? line(what, changes.key(), bytes(changes.oldValue()), changes.newBytes())
              : what);
    }
    return told;
  }

  private static byte @Nullable [] bytes(@Nullable MemorySegment segment) {
    return segment == null ? null : segment.toArray(ValueLayout.JAVA_BYTE);
  }

  private static List<String> expected(
      TreeMap<String, Contents> older,
      TreeMap<String, Contents> newer,
      @Nullable String only,
      KeyRange range) {
    TreeSet<String> names = new TreeSet<>(older.keySet());
    names.addAll(newer.keySet());
    List<String> expected = new ArrayList<>();
    for (String name : names) {
      if (only == null || only.equals(name)) {
        table(name, older.get(name), newer.get(name), range, expected);
      }
    }
    return expected;
  }

  private static void table(
      String name,
      @Nullable Contents before,
      @Nullable Contents after,
      KeyRange range,
      List<String> out) {
    Contents none = new Contents(false, new TreeMap<>(Arrays::compareUnsigned));
    if (before != null && after != null && before.integers == after.integers) {
      entries(name, before, after, range, out);
      return;
    }
    if (before != null) {
      entries(name, before, none, range, out);
      out.add("TABLE_DROPPED " + name);
    }
    if (after != null) {
      out.add("TABLE_CREATED " + name);
      entries(name, none, after, range, out);
    }
  }

  private static void entries(
      String name, Contents before, Contents after, KeyRange range, List<String> out) {
    TreeSet<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);
    keys.addAll(before.entries.keySet());
    keys.addAll(after.entries.keySet());
    for (byte[] key : keys) {
      byte[] was = before.entries.get(key);
      byte[] is = after.entries.get(key);
      if (!Arrays.equals(was, is) && range.contains(key)) {
        out.add(line((is == null ? "DELETE " : "PUT ") + name, key, was, is));
      }
    }
  }

  private static String line(String what, byte[] key, byte @Nullable [] was, byte @Nullable [] is) {
    return what + " " + shown(key) + " from " + shown(was) + " to " + shown(is);
  }

  private static String shown(byte @Nullable [] bytes) {
    if (bytes == null) {
      return "none";
    }
    return bytes.length <= 24
        ? "x" + HexFormat.of().formatHex(bytes)
        : bytes.length + ":" + Arrays.hashCode(bytes);
  }
}
