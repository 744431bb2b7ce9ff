package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.testing.Campaign;
import dev.quire.store.testing.CheckedStore;
import dev.quire.store.testing.ChildJvm;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Goal: what several processes ask for at the same time is loaded once, and whoever loads can die
/// or hang without harm.
///
/// Method: [LoadProcess]es on one store. In a campaign 8 processes ask for 1000 keys, in `verify` 3
/// for 60.
@Timeout(120)
class LoadProcessesTest {

  @TempDir private Path directory;

  private Path path() {
    return directory.resolve("store");
  }

  private Store open() {
    return Store.open(path(), StoreUser.options());
  }

  @Test
  void getOrCompute_stampede_loadsEachKeyOnce() {
    int processes = Campaign.isLong() ? 8 : 3;
    int keys = Campaign.isLong() ? 1000 : 60;
    List<ChildJvm> children = new ArrayList<>();
    try (Store store = open()) {
      for (int i = 0; i < processes; i++) {
        children.add(LoadProcess.start(path()));
      }
      children.forEach(child -> child.tell("stampede " + keys));
      for (ChildJvm child : children) {
        assertEquals("asked", child.next());
      }
      assertEquals(keys, store.map("m", Codecs.STRING, Codecs.STRING).size());
      Table loads = store.table("loads");
      for (int i = 0; i < keys; i++) {
        byte[] key = ("k" + i).getBytes(StandardCharsets.UTF_8);
        assertEquals(1, Keys.toLong(loads.get(key)), "k" + i);
      }
      assertEquals(0, leases(store));
      CheckedStore.assertClean(store);
    } finally {
      children.forEach(ChildJvm::close);
    }
  }

  private static long leases(Store store) {
    return store.check().entries().getOrDefault("quire.loads", 0L);
  }

  @Test
  void getOrCompute_loaderIsKilled_anotherOneLoadsAtOnce() throws Exception {
    try (Store store = open();
        ChildJvm victim = LoadProcess.start(path());
        ChildJvm waiter = LoadProcess.start(path())) {
      victim.tell("hang a 3600000 never");
      assertEquals("loading", victim.next());
      waiter.tell("get a b");
      victim.kill();
      assertEquals("b", waiter.next());
      assertEquals("b", store.map("m", Codecs.STRING, Codecs.STRING).getOrCompute("a", key -> "c"));
      assertEquals(0, leases(store));
    }
  }

  @Test
  void getOrCompute_loaderIsStopped_isOvertakenAndDiscarded() throws Exception {
    try (Store store = open();
        ChildJvm slow = LoadProcess.start(path())) {
      StoreMap<String, String> map = store.map("m", Codecs.STRING, Codecs.STRING);
      slow.tell("hang a 200 late");
      assertEquals("loading", slow.next());
      // Whoever stopped would keep the writer's turn, if it still had it.
      store.table("other").put(new byte[] {1}, new byte[] {1});
      slow.freeze();
      long begin = System.nanoTime();
      assertEquals("in time", map.getOrCompute("a", key -> "in time"));
      assertTrue(System.nanoTime() - begin >= Duration.ofMillis(200).toNanos());
      slow.thaw();
      slow.tell("go on");
      assertEquals("in time", slow.next());
      assertEquals("in time", map.get("a"));
      assertEquals(0, leases(store));
    }
  }

  @Test
  void getOrCompute_loaderThatThrows_letsTheNextOneLoad() throws Exception {
    try (Store store = open();
        ChildJvm waiter = LoadProcess.start(path())) {
      StoreMap<String, String> map = store.map("m", Codecs.STRING, Codecs.STRING);
      IllegalStateException broken = new IllegalStateException("broken on purpose");
      try {
        String _ =
            map.getOrCompute(
                "a",
                key -> {
                  waiter.tell("get a b");
                  throw broken;
                });
      } catch (IllegalStateException e) {
        assertEquals(broken, e);
      }
      assertEquals("b", waiter.next());
      assertEquals("b", map.get("a"));
    }
  }
}
