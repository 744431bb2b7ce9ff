package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.txn.Edit.Kind;
import dev.quire.store.options.Durability;
import dev.quire.store.testing.Campaign;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Goal: whatever step the only process of a store dies at, its `shm` is believed: nothing that it
/// published is lost, though neither the log nor a superblock has it.
///
/// Method: a workload with each kind of commit, checkpoints, a compaction and a cut. The process
/// dies at its n-th moment, which is a step or the begin or end of an operation on the file; and
/// its heir at the m-th moment of its opening. In a campaign that is tried for each n and m; in
/// `verify` for the first and last moment of each step, and some others.
///
/// Invariants: the next process takes over, it does not recover; the state is that of the last
/// commit, or of the one before if that was on its way; the checker is content.
@Timeout(600)
class TakeoverDeathTest {

  private static final int OTHERS_IN_VERIFY = 8;

  @TempDir private Path directory;
  private int stores;

  /// Where a process dies.
  private static final class Death extends Error {
    private static final long serialVersionUID = 1L;
  }

  /// Counts the moments of one process, and ends it at one.
  private static final class Fate {
    final long fatal;
    final List<String> moments = new ArrayList<>();
    Runnable onDeath = () -> {};
    boolean isArmed;

    Fate(long fatal) {
      this.fatal = fatal;
    }

    boolean isMet() {
      return moments.size() >= fatal;
    }

    void reached(String moment) {
      if (isArmed) {
        if (!isMet()) {
          moments.add(moment);
          if (!isMet()) {
            return;
          }
          onDeath.run();
        }
        throw new Death();
      }
    }

    Engine open(Neighbours store) {
      return store.open(
          (operation, done) -> reached((done ? "after " : "before ") + operation),
          step -> reached(step.name()));
    }
  }

  /// A store, and the process that has it open.
  private static final class Victim implements AutoCloseable {
    final Neighbours store;
    final Engine engine;
    final List<StoreModel> history = new ArrayList<>(List.of(new StoreModel()));
    final Fate fate;
    byte[] shm = new byte[0];
    long candidate;

    Victim(Path directory, long fatal) {
      fate = new Fate(fatal);
      store = new Neighbours(directory, CrashTest.CHECKPOINT_OPTIONS);
      engine = fate.open(store);
      fate.onDeath = this::die;
      fate.isArmed = true;
    }

    private void die() {
      try {
        shm = Files.readAllBytes(store.shared());
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      candidate = engine.parts().state.candidateSequence();
      engine.parts().state.expel();
    }

    private void commit(Durability durability, Consumer<ModelSession> edits) {
      WriteSession session = engine.beginWrite(durability, Duration.ZERO);
      try {
        ModelSession both = new ModelSession(session, history.getLast());
        edits.accept(both);
        session.userWords(7, history.size());
        history.add(both.model());
        session.commit();
      } finally {
        session.rollback();
      }
    }

    private void work() {
      Durability unlogged = Durability.CHECKPOINT;
      commit(unlogged, CrashTest.puts(0, 0, 30, 300));
      engine.checkpoint();
      commit(unlogged, CrashTest.puts(0, 5, 12, 1900));
      commit(Durability.SYNC, CrashTest.puts(1, 0, 9, 100));
      commit(unlogged, CrashTest.puts(2, 0, 40, 6000));
      engine.checkpoint();
      commit(unlogged, CrashTest.edit(Kind.DROP, 2, 0, 0));
      commit(unlogged, CrashTest.puts(0, 3, 6, 200));
      while (!engine.compactStep(1, 16).last()) {
        assertTrue(engine.isOpen());
      }
      commit(Durability.SYNC, CrashTest.puts(0, 3, 6, 210));
      commit(unlogged, CrashTest.puts(0, 3, 6, 220));
    }

    /// @return false if it came to its end before it died
    boolean workAndDie() throws IOException {
      try {
        work();
        return false;
      } catch (RuntimeException | Error e) {
        if (!fate.isMet()) {
          throw e;
        }
      }
      Neighbours.die(engine);
      Files.write(store.shared(), shm);
      return true;
    }

    void requireTakenOver(Engine heir, String when) {
      assertTrue(heir.parts().state.durableSequence() <= candidate, when + ": recovered");
      long found = heir.parts().state.head().userIndex();
      long begun = history.size() - 1;
      assertTrue(found == begun || found == begun - 1, when + ": " + found + " of " + begun);
      assertNull(CrashOracle.difference(heir, history.get((int) found)), when);
    }

    @Override
    public void close() {
      store.close();
    }
  }

  private Victim victim(long fatal) throws IOException {
    return new Victim(Files.createDirectory(directory.resolve("store " + stores++)), fatal);
  }

  /// The moments of the whole workload that are tried.
  private List<Long> moments(int others) throws IOException {
    try (Victim all = victim(Long.MAX_VALUE)) {
      all.workAndDie();
      List<String> names = all.fate.moments;
      Map<String, Long> first = new HashMap<>();
      Map<String, Long> last = new HashMap<>();
      TreeSet<Long> chosen = new TreeSet<>();
      SplittableRandom random = new SplittableRandom(Campaign.seed());
      for (int i = 0; i < names.size(); i++) {
        if (names.get(i).indexOf(' ') < 0) {
          first.putIfAbsent(names.get(i), i + 1L);
          last.put(names.get(i), i + 1L);
        }
        if (Campaign.isLong() || random.nextInt(names.size()) < others) {
          chosen.add(i + 1L);
        }
      }
      chosen.addAll(first.values());
      chosen.addAll(last.values());
      assertTrue(first.size() >= 6, first.toString());
      return List.copyOf(chosen);
    }
  }

  @Test
  void death_atAnyMoment_isTakenOver() throws IOException {
    List<Long> moments = moments(OTHERS_IN_VERIFY);
    for (long moment : moments) {
      try (Victim victim = victim(moment)) {
        assertTrue(victim.workAndDie());
        String when = "moment " + moment + ", " + victim.fate.moments.getLast();
        victim.requireTakenOver(victim.store.open(), when);
      }
    }
    Campaign.note("deaths: " + moments.size() + " moments");
  }

  @Test
  void death_ofTheHeir_isTakenOver() throws IOException {
    List<Long> moments = moments(0);
    SplittableRandom random = new SplittableRandom(Campaign.seed());
    int deaths = 0;
    for (long moment : moments) {
      boolean survived = false;
      long fatal = Campaign.isLong() ? 1 : 1 + random.nextInt(6);
      while (!survived) {
        try (Victim victim = victim(moment)) {
          assertTrue(victim.workAndDie());
          Fate fate = new Fate(fatal);
          survived = opens(victim.store, fate);
          victim.requireTakenOver(
              victim.store.open(),
              "moment " + moment + ", the heir's " + fatal + ": " + fate.moments);
        }
        deaths += survived ? 0 : 1;
        survived |= !Campaign.isLong();
        fatal++;
      }
    }
    Campaign.note("deaths of heirs: " + deaths);
    assertTrue(deaths > 0);
  }

  /// @return false if the process dies before it has opened the store
  private static boolean opens(Neighbours store, Fate fate) {
    fate.isArmed = true;
    try {
      Neighbours.die(fate.open(store));
      return true;
    } catch (Death e) {
      return false;
    }
  }
}
