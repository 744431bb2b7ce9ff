package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.region.Directories;
import dev.quire.store.testing.Campaign;
import dev.quire.store.testing.ChildJvm;
import dev.quire.store.testing.contract.StoreForm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Goal: processes that have one store open see each other's commits, and lose none.
@Timeout(180)
class SharedStoreTest {

  /// What each process counts in a store without waiting for a disk, and with.
  private static final int MANY = Campaign.isLong() ? 100_000 : 40_000;

  private static final int SOME = Campaign.isLong() ? 2_000 : 1_000;
  private static final int KILLS = Campaign.isLong() ? 8 : 3;

  @TempDir private Path directory;

  /// Opens the store in this process when all others are gone, and looks at all of it.
  private void requireCounter(String key, long least, long most) {
    requireCounter(Engine.open(directory, StoreRole.options("SYNC")), key, least, most);
  }

  private static void requireCounter(Engine engine, String key, long least, long most) {
    try {
      long value = StoreRole.counter(engine, key);
      assertTrue(value >= least && value <= most, value + ", not " + least + " to " + most);
      assertNull(CrashOracle.violationsOf(engine));
    } finally {
      engine.close();
    }
  }

  private static void countWith(Path store, String mode, int processes, long each) {
    ChildJvm[] children = new ChildJvm[processes];
    try {
      for (int i = 0; i < processes; i++) {
        children[i] = StoreRole.start(store, mode);
      }
      for (ChildJvm child : children) {
        child.tell("add sum " + each);
      }
      for (ChildJvm child : children) {
        child.next();
      }
      assertEquals(Long.toString(processes * each), children[0].ask("get sum"));
      assertEquals("null", children[0].ask("check"));
      for (ChildJvm child : children) {
        assertEquals(0, child.finish());
      }
    } finally {
      for (ChildJvm child : children) {
        if (child != null) {
          child.close();
        }
      }
    }
  }

  private void countWith(String mode, int processes, long each) {
    countWith(directory, mode, processes, each);
    assertFalse(Files.exists(directory.resolve(StoreFiles.SHM)));
    requireCounter("sum", processes * each, processes * each);
  }

  /// Two processes in `verify`; in a campaign four and eight as well.
  @Test
  void count_storeInMemory_losesNothing() throws IOException {
    for (int processes = 2; processes <= (Campaign.isLong() ? 8 : 2); processes *= 2) {
      Path root = Files.createTempDirectory(Directories.ofMemory(), "quire-test-");
      Path store = root.resolve("store");
      try {
        countWith(store, "VOLATILE", processes, MANY);
        Engine engine = Opening.open(store, StoreRole.options("VOLATILE"), StoreKind.VOLATILE);
        requireCounter(engine, "sum", (long) processes * MANY, (long) processes * MANY);
      } finally {
        StoreForm.deleteTree(root);
      }
    }
  }

  /// Four and eight processes in a campaign; four that do a little in `verify`.
  @Test
  void count_manyProcesses_losesNothing() {
    if (Campaign.isLong()) {
      for (int processes = 4; processes <= 8; processes *= 2) {
        countWith(directory.resolve("c-" + processes), "CHECKPOINT", processes, MANY);
        countWith(directory.resolve("s-" + processes), "SYNC", processes, SOME);
        countWith(directory.resolve("i-" + processes), "INTERVAL", processes, 20_000);
      }
    } else {
      countWith("SYNC", 4, 50);
    }
  }

  @Test
  void count_checkpointStore_losesNothing() {
    countWith("CHECKPOINT", 2, MANY);
  }

  @Test
  void count_syncStore_losesNothing() {
    countWith("SYNC", 2, SOME);
  }

  @Test
  void count_intervalStore_losesNothing() {
    countWith("INTERVAL", 3, SOME);
  }

  @Test
  void commit_inOneProcess_isSeenInTheOther() {
    try (ChildJvm writer = StoreRole.start(directory, "SYNC");
        ChildJvm reader = StoreRole.start(directory, "SYNC")) {
      for (int i = 1; i <= 100; i++) {
        assertEquals(Integer.toString(i), writer.ask("add k 1"));
        assertEquals(Integer.toString(i), reader.ask("get k"));
      }
      reader.ask("pin");
      assertEquals("5100", writer.ask("add k 5000"));
      assertEquals("100", reader.ask("pinned k"));
      assertEquals("5100", reader.ask("get k"));
      assertEquals("5101", reader.ask("add k 1"));
      assertEquals("5101", writer.ask("get k"));
    }
  }

  @Test
  void kill_ofOneCounter_losesNothingAcknowledged() {
    for (String mode : new String[] {"SYNC", "CHECKPOINT", "INTERVAL"}) {
      killOneOfTwo(mode);
    }
  }

  private void killOneOfTwo(String mode) {
    SplittableRandom random = new SplittableRandom(Campaign.seed());
    String key = mode;
    long acknowledged = 0;
    long uncertain = 0;
    try (ChildJvm survivor = StoreRole.start(directory, mode)) {
      for (int round = 0; round < KILLS; round++) {
        try (ChildJvm victim = StoreRole.start(directory, mode)) {
          long[] last = {0};
          survivor.tell("add " + key + " 300");
          victim.ask("adding " + key);
          int before = random.nextInt(200);
          for (int i = 0; i < before; i++) {
            last[0] = Long.parseLong(victim.next());
            acknowledged++;
          }
          victim.kill();
          Optional<String> more = victim.findNext();
          while (more.isPresent()) {
            acknowledged++;
            more = victim.findNext();
          }
          uncertain++;
          survivor.next();
          acknowledged += 300;
        }
        long value = Long.parseLong(survivor.ask("get " + key));
        assertTrue(
            value >= acknowledged && value <= acknowledged + uncertain,
            value + ", acknowledged " + acknowledged + ", seed " + Campaign.seed());
        assertEquals("null", survivor.ask("check"));
      }
      survivor.finish();
    }
    requireCounter(key, acknowledged, acknowledged + uncertain);
  }
}
