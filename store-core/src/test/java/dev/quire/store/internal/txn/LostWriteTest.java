package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.StoreException;
import dev.quire.store.internal.txn.Edit.Kind;
import dev.quire.store.options.Checksums;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.Campaign;
import dev.quire.store.testing.CrashPolicy;
import dev.quire.store.testing.SimulatedRegion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Goal: a disk that loses a write and says nothing may cost what was acknowledged, but what the
/// store shows afterwards is what one of its transactions left, or an error.
///
/// Method: the n-th write of a workload is lost, for every n; after each step the machine stops.
/// Whoever opens the store verifies checksums.
class LostWriteTest {

  private static final List<StoreOptions> MODES =
      List.of(CrashTest.OPTIONS, CrashTest.INTERVAL_OPTIONS, CrashTest.CHECKPOINT_OPTIONS);

  /// A workload on a disk that loses one write.
  private static final class Run implements AutoCloseable {
    final StoreOptions options;
    final SimulatedRegion disk;
    final Engine engine;
    final List<StoreModel> history = new ArrayList<>(List.of(new StoreModel()));
    final List<String> wrong = new ArrayList<>();
    final long firstWrite;
    int states;
    int errors;

    Run(StoreOptions options, long lost) {
      this.options = options;
      SimulatedRegion first = new SimulatedRegion(8 << 20);
      Opening.onRegion(first, options).close();
      disk = first.successor();
      engine = Opening.onRegion(disk, options);
      firstWrite = writes();
      disk.loseWrite(firstWrite + lost);
    }

    long writes() {
      return disk.operations().stream().filter(op -> op.kind().name().equals("WRITE")).count();
    }

    void commit(Durability durability, Consumer<ModelSession> edits) {
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
      look();
    }

    void look() {
      for (CrashPolicy policy : List.of(CrashPolicy.NONE, CrashPolicy.ALL)) {
        states++;
        look(disk.crashImage(policy, 0));
      }
    }

    void look(byte[] image) {
      SimulatedRegion left =
          SimulatedRegion.ofImage(image, image.length + CrashOracle.HEADROOM_BYTES);
      left.unwatch();
      try {
        Engine opened = Opening.onRegion(left, options.withChecksums(Checksums.VERIFY));
        try {
          int number = (int) opened.parts().state.head().userIndex();
          Snapshot snapshot = opened.beginRead();
          try {
            String difference = history.get(number).differenceTo(snapshot);
            if (difference != null) {
              wrong.add("transaction " + number + ": " + difference);
            }
          } finally {
            snapshot.end();
          }
        } finally {
          CrashOracle.abandon(opened);
        }
      } catch (StoreException e) {
        errors++;
      }
    }

    void work() {
      for (int i = 0; i < 2; i++) {
        commit(options.durability(), CrashTest.puts(0, 0, 40, 180 + i));
        commit(Durability.SYNC, CrashTest.puts(0, i, i + 3, 190));
        engine.checkpoint();
        commit(options.durability(), CrashTest.puts(1, 0, 3, 5000 + i));
        commit(options.durability(), CrashTest.edit(Kind.DELETE, 0, 5 + i, 0));
        commit(Durability.SYNC, CrashTest.puts(2, 0, 2, 30));
        engine.checkpoint();
        look();
      }
    }

    @Override
    public void close() {
      CrashOracle.closeQuietly(engine);
      disk.close();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void write_lost_isNoticedOrHarmless(int mode) {
    StoreOptions options = MODES.get(mode);
    int states = 0;
    int errors = 0;
    boolean more = true;
    for (int lost = 1; more; lost++) {
      try (Run run = new Run(options, lost)) {
        try {
          run.work();
        } catch (StoreException e) {
          run.errors++;
        }
        states += run.states;
        errors += run.errors;
        assertEquals(List.of(), run.wrong, "write " + lost + " lost, " + options.durability());
        more = run.writes() - run.firstWrite >= lost;
      }
    }
    Campaign.note("lost writes: " + states + " states, of which " + errors + " say so");
    assertTrue(errors > 0, "no loss was ever noticed");
  }
}
