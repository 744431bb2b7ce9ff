package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.format.KeyBytes;
import dev.quire.store.internal.region.Region;
import dev.quire.store.internal.tree.TreeRoot;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.SimulatedRegion;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Reading ahead reads each page that a lookup of the keys would touch, whatever is in it.
class ReadAheadTest {

  private static final int KEYS = 4 * ReadAhead.KEYS_PER_THREAD;

  private final Region region = new SimulatedRegion(256 << 20);
  private final Engine engine = Engine.onRegion(region, StoreOptions.defaults());

  private static byte[][] keys(int lengthBytes, int count) {
    byte[][] keys = new byte[count][];
    for (int i = 0; i < count; i++) {
      keys[i] = new byte[lengthBytes];
      KeyBytes.setWord(keys[i], lengthBytes - Long.BYTES, i);
    }
    return keys;
  }

  private TreeRoot load(String name, boolean integerKeys, byte[][] keys, int valueBytes) {
    WriteSession session = engine.beginWrite(Durability.SYNC, Duration.ofSeconds(10));
    try {
      TableTree table = session.createTable(name.getBytes(), integerKeys);
      MemorySegment value = MemorySegment.ofArray(new byte[valueBytes]);
      for (byte[] key : keys) {
        session.put(table, key, key.length, value, 0, valueBytes, 0);
      }
      session.commit();
    } finally {
      session.rollback();
    }
    Snapshot snapshot = engine.beginRead();
    try {
      var record = snapshot.findTable(name.getBytes());
      assertNotNull(record);
      return Catalogue.root(record);
    } finally {
      snapshot.end();
    }
  }

  private long readAhead(TreeRoot root, byte[][] keys) {
    return ReadAhead.run(region, engine.parts().pageSizeBytes(), root, keys);
  }

  @Test
  void run_allKeys_readsEveryPageAboutOnce() {
    byte[][] keys = keys(16, KEYS);
    for (boolean integers : new boolean[] {false, true}) {
      byte[][] fitting = integers ? keys(8, KEYS) : keys;
      TreeRoot root = load("t" + integers, integers, fitting, 500);
      long pages = readAhead(root, fitting);
      long all = root.leafPages + root.branchPages;
      // Each of the four threads reads the branches above its own leaves.
      assertTrue(pages >= all && pages <= all + 8L * root.depth, pages + " of " + all);
    }
    engine.close();
  }

  @Test
  void run_longValuesAndKeys_readsTheFirstPagesOfTheirRuns() {
    byte[][] keys = keys(16, KEYS);
    TreeRoot root = load("values", false, keys, 10_000);
    assertTrue(readAhead(root, keys) >= root.leafPages + KEYS);
    byte[][] longKeys = keys(9_000, KEYS);
    assertTrue(readAhead(load("keys", false, longKeys, 10), longKeys) > 0);
    engine.close();
  }

  @Test
  void run_fewKeysOrNoTree_readsNothing() {
    byte[][] keys = keys(16, KEYS);
    TreeRoot root = load("t", false, keys, 10);
    assertEquals(0, readAhead(root, Arrays.copyOf(keys, ReadAhead.KEYS_PER_THREAD - 1)));
    assertEquals(0, readAhead(new TreeRoot(false), keys));
    engine.close();
  }

  @Test
  void run_damagedLeaf_isLeftToWhoeverNeedsIt() {
    byte[][] keys = keys(16, KEYS);
    TreeRoot root = load("t", false, keys, 500);
    MemorySegment zeros = engine.parts().buffers.allocate(4096);
    for (long page = 0; page < region.sizeBytes() / 4096; page += 3) {
      region.write(page * 4096, zeros, 0, 4096);
    }
    assertTrue(readAhead(root, keys) >= 0);
  }
}
