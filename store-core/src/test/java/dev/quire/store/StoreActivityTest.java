package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.StoreActivity.Counts;
import dev.quire.store.testing.CheckedStore;
import dev.quire.store.testing.ChildJvm;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Goal: each process sees what all of them count; what one has counted stays when it ends or is
/// killed, and is nobody else's.
@Timeout(60)
class StoreActivityTest {

  @TempDir private Path directory;

  private static Counts countsOf(Store store, long pid) {
    for (StoreActivity.Member member : store.activity().processes()) {
      if (member.pid() == pid) {
        return member.counts();
      }
    }
    throw new AssertionError("no process " + pid + ": " + store.activity());
  }

  private static boolean isThere(Store store, long pid) {
    return store.activity().processes().stream().anyMatch(member -> member.pid() == pid);
  }

  private static void assertCounts(Counts counts, long commits, long hits, long misses) {
    assertEquals(commits, counts.commits(), counts::toString);
    assertEquals(hits, counts.hits(), counts::toString);
    assertEquals(misses, counts.misses(), counts::toString);
  }

  @Test
  void counts_ofSeveralProcesses_areEachItsOwn() {
    try (ChildJvm first = StoreUser.start(directory);
        ChildJvm second = StoreUser.start(directory)) {
      first.ask("put a 1");
      first.ask("put b 1");
      first.ask("look a 5");
      first.ask("look none 2");
      second.ask("put c 1");
      second.ask("look a 1");
      second.ask("look none 4");
      try (Store third = Store.open(directory, StoreUser.options())) {
        assertCounts(countsOf(third, first.pid()), 2, 5, 2);
        assertCounts(countsOf(third, second.pid()), 1, 1, 4);
        assertCounts(countsOf(third, ProcessHandle.current().pid()), 0, 0, 0);
        assertCounts(third.activity().totals(), 3, 6, 6);
        assertEquals(3, third.activity().commit().count());
        first.kill();
        assertFalse(isThere(third, first.pid()));
        assertCounts(third.activity().totals(), 3, 6, 6);
        // It takes the slot of the dead one, and in time its reader slots.
        try (ChildJvm heir = StoreUser.start(directory)) {
          heir.ask("count");
          assertCounts(countsOf(third, heir.pid()), 0, 0, 0);
          heir.ask("look a 10");
          heir.ask("put d 1");
          assertCounts(countsOf(third, heir.pid()), 1, 10, 0);
          assertCounts(third.activity().totals(), 4, 16, 6);
          assertEquals(4, third.activity().commit().count());
          assertEquals(0, heir.finish());
          assertCounts(third.activity().totals(), 4, 16, 6);
        }
        CheckedStore.assertClean(third.check());
      }
      assertEquals(0, second.finish());
    }
  }

  @Test
  void kill_whileItLooks_losesNothingItSaid() {
    try (Store store = Store.open(directory, StoreUser.options())) {
      store.table("t").put(new byte[] {'a'}, new byte[0]);
      long before = 0;
      for (int round = 0; round < 2; round++) {
        try (ChildJvm victim = StoreUser.start(directory)) {
          victim.tell("lookForever a");
          long said = 0;
          while (said < 20_000) {
            said = Long.parseLong(victim.next());
          }
          victim.kill();
          for (Optional<String> line = victim.findNext();
              line.isPresent();
              line = victim.findNext()) {
            said = Long.parseLong(line.get());
          }
          long hits = store.activity().totals().hits() - before;
          assertTrue(hits >= said && hits < said + 1_001, hits + " of " + said);
          before += hits;
        }
      }
    }
  }

  @Test
  void oldestReader_ofAnotherProcess_isNamed() {
    try (ChildJvm reader = StoreUser.start(directory);
        Store store = Store.open(directory, StoreUser.options())) {
      reader.ask("put a 1");
      reader.ask("watch");
      StoreActivity.Reader oldest = store.activity().oldestReader();
      assertNotNull(oldest);
      assertEquals(reader.pid(), oldest.pid());
      assertNotNull(oldest.since());
      reader.kill();
    }
  }
}
