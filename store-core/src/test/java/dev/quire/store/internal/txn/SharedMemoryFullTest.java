package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.options.Durability;
import dev.quire.store.testing.ChildJvm;
import dev.quire.store.testing.JvmLaunch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Goal: a `shm` for which there is no room ends in a clear error, when it is made or grows; never
/// in a fault, and the store goes on.
///
/// Method: the operating system refuses a process files of more than some size. `MemoryCompat` does
/// the same with a memory that is full.
@Timeout(180)
class SharedMemoryFullTest {

  /// Of 512 bytes; `sh` counts so.
  private static final int BLOCKS_OF_256_KIB = 512;

  @TempDir private Path directory;
  private Path store;

  @BeforeEach
  void makeStore() {
    store = directory.resolve("store");
    Engine engine = Engine.open(store, StoreRole.options("SYNC"));
    for (int i = 0; i < 3; i++) {
      StoreRole.increment(engine, "k", Durability.SYNC, LONG);
    }
    engine.close();
  }

  private static final Duration LONG = Duration.ofSeconds(20);

  private ChildJvm start(int blocks) {
    String limit = "ulimit -f " + blocks + " && exec \"$@\"";
    return ChildJvm.start(
        JvmLaunch.of(StoreRole.class).under("sh", "-c", limit, "sh"), store.toString());
  }

  private void requireSound(long value) {
    Engine engine = Engine.open(store, StoreRole.options("SYNC"));
    try {
      assertEquals(value, StoreRole.counter(engine, "k"));
      assertNull(CrashOracle.violationsOf(engine));
    } finally {
      engine.close();
    }
  }

  @Test
  void open_noRoomForShm_saysSoAndLeavesNothing() {
    try (ChildJvm child = start(BLOCKS_OF_256_KIB / 2)) {
      String answer = child.attempt("open SYNC");
      assertTrue(answer.startsWith("threw StoreFullException"), answer);
      assertFalse(Files.exists(store.resolve(StoreFiles.SHM)));
      assertEquals(0, child.finish());
    }
    requireSound(3);
  }

  @Test
  void beginRead_noRoomForMoreSlots_saysSoAndGoesOn() {
    try (ChildJvm child = start(BLOCKS_OF_256_KIB * 2)) {
      child.ask("open SYNC");
      String answer = "";
      int pins = 0;
      while (!answer.startsWith("threw") && pins < 20_000) {
        answer = child.attempt("pin");
        pins++;
      }
      assertTrue(answer.startsWith("threw StoreFullException"), pins + " pins: " + answer);
      assertTrue(pins > 500, pins + " pins");
      child.ask("unpin");
      child.ask("add k 2");
      child.kill();
    }
    requireSound(5);
  }
}
