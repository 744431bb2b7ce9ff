package dev.quire.store.lmdb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.ReadTxn;
import dev.quire.store.Store;
import dev.quire.store.TableOptions;
import dev.quire.store.errors.StoreLockedException;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.ChildJvm;
import dev.quire.store.testing.JvmLaunch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Two processes with one store of LMDB.
@Timeout(60)
class LmdbProcessesTest {

  @TempDir private Path directory;
  private Store store;
  private ChildJvm child;

  @BeforeEach
  void openInBoth() {
    StoreOptions options =
        StoreOptions.defaults()
            .withBackend(LmdbProvider.NAME)
            .withDurability(Durability.CHECKPOINT)
            .withLockTimeout(Duration.ofMillis(500));
    store = new LmdbOpening(directory.resolve("store"), options, 1 << 20).open();
    child =
        ChildJvm.start(
            JvmLaunch.of(LmdbUser.class)
                .withFlags(
                    "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    child.ask("open " + directory.resolve("store"));
  }

  @AfterEach
  void closeBoth() {
    store.close();
    child.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void tables_madeAndDroppedByTheOther_areSeenBySnapshotsAsTheyWere() {
    store.table("a").put(bytes("k"), bytes("mine"));
    assertEquals("[a]", child.ask("tables"));
    try (ReadTxn before = store.beginRead()) {
      child.ask("put b k theirs");
      child.ask("drop a");
      child.ask("put c k theirs");
      assertEquals(List.of("a"), before.tables());
      assertEquals("mine", new String(before.table("a").get(bytes("k")), UTF_8));
      assertEquals(List.of("b", "c"), store.tables());
      assertEquals(1, store.table("b").count());
      store.table("a").put(bytes("k"), bytes("again"));
      assertEquals("mine", new String(before.table("a").get(bytes("k")), UTF_8));
    }
    assertEquals("[a, b, c]", child.ask("tables"));
    assertEquals("again", new String(store.table("a").get(bytes("k")), UTF_8));
  }

  @Test
  void table_madeAgainByTheOtherWithOtherOptions_hasThem() {
    store.table("t", TableOptions.defaults().withIntegerKeys(true)).put(1, bytes("one"));
    child.ask("drop t");
    child.ask("put t k theirs");
    assertEquals("theirs", new String(store.table("t").get(bytes("k")), UTF_8));
  }

  @Test
  void increment_byBoth_losesNothing() {
    child.tell("increment 500");
    for (int i = 0; i < 500; i++) {
      long unused = store.table("counters").increment(bytes("n"), 1);
    }
    assertEquals("done", child.next());
    assertEquals(1000, store.table("counters").increment(bytes("n"), 0));
  }

  @Test
  void beginWrite_whileTheOtherWrites_waitsNoLongerThanItShould() {
    child.ask("begin");
    assertThrows(StoreLockedException.class, () -> store.table("t").put(bytes("k"), bytes("v")));
    assertEquals(List.of(), store.tables());
    child.ask("commit");
    store.table("t").put(bytes("k"), bytes("v"));
    assertEquals(List.of("t", "unfinished"), store.tables());
  }

  @Test
  void kill_inAWriteTransaction_undoesItAndBlocksNobody() {
    child.ask("begin");
    child.kill();
    store.table("t").put(bytes("k"), bytes("v"));
    assertEquals(List.of("t"), store.tables());
  }

  @Test
  void map_madeLargerByTheOther_isFollowed() {
    store.table("t").put(bytes("k"), bytes("v"));
    child.ask("fill large 5000000");
    assertEquals(5_000_000, store.table("large").valueLength(new byte[] {0, 0, 0, 0, 0, 0, 0, 1}));
    store.table("t").put(bytes("l"), bytes("w"));
    assertTrue(store.check().isClean());
  }
}
