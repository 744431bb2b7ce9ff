package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.region.Directories;
import dev.quire.store.testing.Campaign;
import dev.quire.store.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Goal: whatever happens to processes that share a store, readers see committed states only, and
/// no acknowledged transaction is lost.
///
/// Method: writers whose transactions keep two tables in agreement, readers that look at every
/// snapshot, real signals at random moments, deaths at named steps. All of it follows from a seed,
/// but for the schedule of the processes.
///
/// Invariants: what [Transfers] says; each writer's count in the store is the last that it
/// acknowledged, or one more; the checker finds nothing.
class ProcessCampaignTest {

  private static final String VOLATILE = "VOLATILE";
  private static final String[] MODES = {"SYNC", "CHECKPOINT", "INTERVAL", VOLATILE};

  private static final String[] STEPS = {
    "AFTER_PAGES",
    "AFTER_RING",
    "AFTER_SYNC_RANGE_COMMIT",
    "NOTE_WRITTEN",
    "NOTE_APPLIED",
    "HEAD_STORED",
    "PLAN_WRITTEN",
    "BEFORE_SYNC_CHECKPOINT",
    "CANDIDATE_SET",
    "AFTER_SUPERBLOCK",
    "AFTER_SYNC_RANGE_CHECKPOINT",
    "DURABLE_SET",
    "TAKEOVER_BEGUN",
    "TAKEOVER_NOTE_DONE"
  };

  /// A process at work.
  private static final class Worker {
    final ChildJvm child;
    final @Nullable String writer;

    Worker(ChildJvm child, @Nullable String writer) {
      this.child = child;
      this.writer = writer;
    }
  }

  @TempDir private Path directory;
  private Path memory;
  private final List<Worker> workers = new ArrayList<>();
  private final Map<String, Long> acknowledged = new HashMap<>();
  private SplittableRandom random;
  private String mode;
  private long transactions;
  private int kills;
  private int stops;
  private int names;

  @BeforeEach
  void makeMemoryDirectory() throws IOException {
    memory = Files.createTempDirectory(Directories.ofMemory(), "campaign-");
  }

  @AfterEach
  void removeMemoryDirectory() throws IOException {
    List<Path> files;
    try (Stream<Path> below = Files.walk(memory)) {
      files = below.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }

  @Test
  void processes_killedAndStoppedAtRandom_keepTheStoreRight() {
    long deadline = Campaign.deadlineNanos(12);
    int round = 0;
    do {
      run(Campaign.seed() + round, deadline);
      round++;
    } while (System.nanoTime() < deadline);
    Campaign.note(
        round
            + " rounds, "
            + kills
            + " kills, "
            + stops
            + " stops, "
            + transactions
            + " transactions");
  }

  private void run(long seed, long deadline) {
    random = new SplittableRandom(seed);
    mode = MODES[(int) Math.floorMod(seed, (long) MODES.length)];
    Path store = (mode.equals(VOLATILE) ? memory : directory).resolve("store-" + seed);
    long end = Math.min(deadline, System.nanoTime() + 8_000_000_000L);
    String when = mode + ", -Dquire.seed=" + seed;
    try {
      for (int i = 0; i < 4; i++) {
        start(store, i < 3);
      }
      while (System.nanoTime() < end) {
        disturb(store);
        listen(Duration.ofMillis(20 + random.nextInt(150)), when);
      }
      while (!workers.isEmpty()) {
        stop(workers.getFirst(), when);
      }
    } finally {
      workers.forEach(worker -> worker.child.close());
      workers.clear();
    }
    requireRight(store, when);
    transactions += acknowledged.values().stream().mapToLong(Long::longValue).sum();
    acknowledged.clear();
    names = 0;
  }

  private void start(Path store, boolean writing) {
    ChildJvm child = StoreRole.start(store, mode);
    String name = null;
    if (writing) {
      name = "writer-" + names++;
      if (random.nextInt(3) == 0) {
        String step = STEPS[random.nextInt(STEPS.length)];
        child.ask("die " + step + " " + (1 + random.nextInt(30)));
      }
      child.tell("transfer " + name + " " + random.nextInt(1 << 20));
    } else {
      child.tell("watch");
    }
    workers.add(new Worker(child, name));
  }

  private void disturb(Path store) {
    Worker chosen = workers.get(random.nextInt(workers.size()));
    int action = random.nextInt(10);
    if (action < 5) {
      kill(chosen);
      start(store, chosen.writer != null);
    } else if (action < 9 && chosen.child.isAlive()) {
      stops++;
      freeze(chosen);
    } else if (action == 9) {
      List<Worker> all = List.copyOf(workers);
      all.forEach(this::kill);
      all.forEach(worker -> start(store, worker.writer != null));
    }
  }

  /// Stops a process while the others work, and lets it go on. It may die of its own at any time.
  private void freeze(Worker worker) {
    try {
      worker.child.freeze();
    } catch (AssertionError e) {
      assertTrue(!worker.child.isAlive(), e.getMessage());
      return;
    }
    listen(Duration.ofMillis(random.nextInt(300)), mode);
    worker.child.thaw();
  }

  private void kill(Worker worker) {
    kills++;
    worker.child.kill();
    drain(worker);
    worker.child.close();
    workers.remove(worker);
  }

  /// Hears what a dead process has said.
  private void drain(Worker worker) {
    for (var said = worker.child.findNext(); said.isPresent(); said = worker.child.findNext()) {
      hear(worker, said.get());
    }
  }

  private void hear(Worker worker, String line) {
    if (line.equals(StoreRole.DOES)) {
      return;
    }
    String writer = worker.writer;
    assertTrue(
        writer != null && !line.startsWith("threw"), line + ", -Dquire.seed=" + Campaign.seed());
    acknowledged.merge(writer, Long.parseLong(line), Math::max);
  }

  private void listen(Duration time, String when) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      Worker worker = workers.get(random.nextInt(workers.size()));
      if (worker.child.speaksWithin(Duration.ofMillis(2))) {
        worker.child.findNext().ifPresent(line -> hear(worker, line));
      }
    }
    assertTrue(!workers.isEmpty(), when);
  }

  private void stop(Worker worker, String when) {
    if (worker.child.isAlive()) {
      worker.child.tell("end");
    }
    workers.remove(worker);
    drain(worker);
    int code = worker.child.awaitEnd();
    assertTrue(code == 0 || code == 9, when + ": exit code " + code);
    worker.child.close();
  }

  private void requireRight(Path store, String when) {
    Engine engine = Opening.open(store, StoreRole.options(mode), StoreRole.kind(mode));
    try {
      assertNull(Transfers.finding(engine), when);
      assertNull(CrashOracle.violationsOf(engine), when);
      for (int i = 0; i < names; i++) {
        String writer = "writer-" + i;
        long count = Transfers.count(engine, writer);
        long least = acknowledged.getOrDefault(writer, 0L);
        if (count != 0 || acknowledged.containsKey(writer)) {
          String message = when + ": " + writer + " has " + count + ", acknowledged " + least;
          assertTrue(count == least || count == least + 1, message);
        }
      }
      assertEquals(0, engine.parts().readers.countPins(), when);
    } finally {
      engine.close();
    }
  }
}
