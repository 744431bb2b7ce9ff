package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.tree.TreeReader;
import dev.quire.store.internal.tree.ValueSlot;
import dev.quire.store.options.Durability;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Transactions over two tables that always agree: what is in one under a key is in the other with
/// the opposite sign, and every word of a value is the same. A third table counts the transactions
/// of each writer.
final class Transfers {

  static final int KEYS = 40;

  private static final byte[] LEFT = "left".getBytes(StandardCharsets.UTF_8);
  private static final byte[] RIGHT = "right".getBytes(StandardCharsets.UTF_8);
  private static final byte[] WRITERS = "writers".getBytes(StandardCharsets.UTF_8);
  private static final int MOST_WORDS = 1_500;

  private Transfers() {}

  /// One transaction of a writer.
  ///
  /// @return how many transactions of this writer there are with it
  static long transfer(
      Engine engine, String writer, SplittableRandom random, Durability durability) {
    WriteSession session = engine.beginWrite(durability, Duration.ofSeconds(60));
    try {
      TableTree left = session.createTable(LEFT, false);
      TableTree right = session.createTable(RIGHT, false);
      TableTree writers = session.createTable(WRITERS, false);
      int changes = 1 + random.nextInt(4);
      for (int i = 0; i < changes; i++) {
        byte[] key = key("key-" + random.nextInt(KEYS));
        long amount = first(session.pages(), left.root().ref, key) + random.nextInt(1_000);
        int words = random.nextInt(8) == 0 ? MOST_WORDS : 1 + random.nextInt(40);
        put(session, left, key, amount, words);
        put(session, right, key, -amount, words);
      }
      byte[] self = key(writer);
      long count = first(session.pages(), writers.root().ref, self) + 1;
      put(session, writers, self, count, 1);
      session.commit();
      return count;
    } finally {
      session.rollback();
    }
  }

  /// What is wrong with the newest snapshot, or null.
  static @Nullable String finding(Engine engine) {
    Snapshot snapshot = engine.beginRead();
    try {
      for (int i = 0; i < KEYS; i++) {
        byte[] key = key("key-" + i);
        long left = uniform(snapshot, LEFT, key);
        long right = uniform(snapshot, RIGHT, key);
        if (left != -right) {
          return "transaction " + snapshot.txnId() + ", key " + i + ": " + left + ", " + right;
        }
      }
      return null;
    } catch (AssertionError e) {
      return "transaction " + snapshot.txnId() + ": " + e.getMessage();
    } finally {
      snapshot.end();
    }
  }

  /// How many transactions of a writer there are.
  static long count(Engine engine, String writer) {
    Snapshot snapshot = engine.beginRead();
    try {
      return uniform(snapshot, WRITERS, key(writer));
    } finally {
      snapshot.end();
    }
  }

  private static byte[] key(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  private static void put(WriteSession session, TableTree table, byte[] key, long word, int words) {
    long[] value = new long[words];
    Arrays.fill(value, word);
    MemorySegment memory = MemorySegment.ofArray(value);
    session.put(table, key, key.length, memory, 0, memory.byteSize(), 0);
  }

  private static long first(PageReader pages, long root, byte[] key) {
    ValueSlot slot = new ValueSlot();
    return TreeReader.find(pages, root, key, key.length, slot) ? word(slot, 0) : 0;
  }

  /// The word of which a value consists, 0 if there is none.
  private static long uniform(Snapshot snapshot, byte[] table, byte[] key) {
    TableRecord record = snapshot.findTable(table);
    ValueSlot slot = new ValueSlot();
    if (record == null || !TreeReader.find(snapshot, record.rootRef(), key, key.length, slot)) {
      return 0;
    }
    long first = word(slot, 0);
    for (int i = 1; i < slot.length / Long.BYTES; i++) {
      if (word(slot, i) != first) {
        throw new AssertionError("word " + i + " is " + word(slot, i) + ", not " + first);
      }
    }
    return first;
  }

  private static long word(ValueSlot slot, int index) {
    return slot.segment.get(ValueLayout.JAVA_LONG_UNALIGNED, slot.offset + (long) index * 8);
  }
}
