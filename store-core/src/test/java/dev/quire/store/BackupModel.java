package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quire.store.testing.Campaign;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What every transaction did to the tables `bytes` and `integers`, in their order.
final class BackupModel {

  /// An edit; without a value, a deletion.
  private record Edit(String table, byte[] key, byte @Nullable [] value) {}

  private final TreeMap<Long, Edit[]> edits = new TreeMap<>();

  /// Commits one transaction of random edits, among so many keys of each table.
  void change(Store store, Random random, int keys, int count) {
    Edit[] own = new Edit[count];
    for (int i = 0; i < count; i++) {
      boolean integers = random.nextBoolean();
      long number = random.nextInt(keys);
      byte[] key = integers ? Keys.ofLong(number) : key(number);
      own[i] =
          new Edit(
              integers ? "integers" : "bytes", key, random.nextInt(4) == 0 ? null : value(random));
    }
    long txnId;
    try (WriteTxn txn = store.beginWrite()) {
      txn.table("integers", TableOptions.defaults().withIntegerKeys(true));
      txn.table("bytes", TableOptions.defaults());
      for (Edit edit : own) {
        byte[] value = edit.value();
        if (value == null) {
          txn.table(edit.table()).delete(edit.key());
        } else {
          txn.table(edit.table()).put(edit.key(), value);
        }
      }
      txnId = txn.id();
      txn.commit();
    }
    synchronized (edits) {
      edits.put(txnId, own);
    }
  }

  /// Some keys do not fit a page, and differ at their ends only.
  private static byte[] key(long number) {
    byte[] key = new byte[number % 7 == 0 ? 5_000 : 20];
    Arrays.fill(key, (byte) (number % 3));
    ByteBuffer.wrap(key).putLong(key.length - Long.BYTES, number);
    return key;
  }

  private static byte[] value(Random random) {
    int kind = random.nextInt(20);
    byte[] value = new byte[kind == 0 ? 50_000 : kind < 3 ? 4_000 : random.nextInt(200)];
    random.nextBytes(value);
    return value;
  }

  long lastTxnId() {
    return edits.lastKey();
  }

  /// The transactions up to this one.
  BackupModel upTo(long txnId) {
    BackupModel model = new BackupModel();
    synchronized (edits) {
      model.edits.putAll(edits.headMap(txnId, true));
    }
    return model;
  }

  /// Fails unless the tables are just what the transactions left.
  void requireEqual(Store store) {
    for (String table : new String[] {"bytes", "integers"}) {
      TreeMap<byte[], byte[]> expected = new TreeMap<>(Arrays::compareUnsigned);
      for (Edit[] all : edits.values()) {
        for (Edit edit : all) {
          byte[] value = edit.value();
          if (!edit.table().equals(table)) {
            continue;
          }
          if (value == null) {
            expected.remove(edit.key());
          } else {
            expected.put(edit.key(), value);
          }
        }
      }
      String seed = table + ", -Dquire.seed=" + Campaign.seed();
      assertEquals(expected.size(), store.table(table).count(), seed);
      try (Cursor cursor = store.table(table).cursor()) {
        for (var entry : expected.entrySet()) {
          assertEquals(true, cursor.next(), seed);
          assertArrayEquals(entry.getKey(), cursor.key(), seed);
          assertArrayEquals(entry.getValue(), cursor.valueBytes(), seed);
        }
      }
    }
  }
}
