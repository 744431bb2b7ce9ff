package dev.quire.store;

import dev.quire.store.testing.Campaign;
import dev.quire.store.testing.CheckedStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Goal: whoever does what a watch tells has what the store has, however fast others write.
///
/// Method: threads change two tables at random, each entry of one together with its copy in the
/// other, while a watch is followed into a map. Each change must fit the map: its old value is the
/// one there. After each poll both tables must be equal in the map, for no commit is told by half.
/// In the end the map is the store.
@Timeout(120)
class WatchMirrorTest {

  private static final int WRITERS = 3;

  @RegisterExtension
  private final CheckedStore checked = CheckedStore.durable().with(StoreUser.options());

  private static void write(Store store, long seed, long deadline) {
    Random random = new Random(seed);
    while (System.nanoTime() < deadline) {
      StoreUser.change(store, random);
    }
  }

  @Test
  void poll_besideWriters_keepsAMirror() throws Exception {
    Store store = checked.store();
    long deadline = Campaign.deadlineNanos(3);
    Mirror mirror = new Mirror();
    int polls = 0;
    try (Watch watch = store.watch();
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        long seed = Campaign.seed() + i;
        running.add(writers.submit(() -> write(store, seed, deadline)));
      }
      boolean more = true;
      while (more) {
        // Looked at before the poll: what was committed until then is told by it.
        boolean over = running.stream().allMatch(Future::isDone);
        boolean told = mirror.follow(watch, Duration.ofMillis(1));
        more = told || !over;
        polls += told ? 1 : 0;
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
    mirror.requireEqual(store);
    Campaign.note("mirror: " + polls + " polls, " + store.stats().commits() + " commits");
  }
}
