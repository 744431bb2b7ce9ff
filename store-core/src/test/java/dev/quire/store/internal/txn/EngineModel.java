package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertNull;

import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.ManualClock;
import dev.quire.store.testing.SimulatedRegion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// A store that does one step after the other, beside the models of its newest state, of its
/// running transaction and of every snapshot that is open. Time passes only where a step says so:
/// what is over counts as absent, and may be purged by each transaction that begins after that.
///
/// A step that makes no sense where it stands does nothing: so any step can be left out.
final class EngineModel implements AutoCloseable {

  /// What can be done.
  enum Kind {
    EDIT,
    MANY_PUTS,
    COMMIT,
    COMMIT_SYNC,
    ROLLBACK,
    SAVEPOINT,
    ROLLBACK_TO,
    RELEASE,
    BEGIN_READ,
    CHECK_READ,
    END_READ,
    CHECKPOINT,
    REOPEN,
    COMPACT,
    PASS_TIME,
    CHECK_ALL
  }

  /// One step.
  ///
  /// @param edit for [Kind#EDIT]
  /// @param number chooses among savepoints or readers, or keys
  record Step(Kind kind, Edit edit, int number) {
    @Override
    public String toString() {
      return kind == Kind.EDIT ? edit.toString() : kind + " " + number;
    }
  }

  /// An open snapshot and what it must show.
  private record Reader(Snapshot snapshot, StoreModel model) {}

  static final int KEYS = 500;
  private static final int TABLES = Edit.BOUNDED_TABLE + 1;
  private static final int MAX_READERS = 12;
  private static final int MAX_SAVEPOINTS = 4;
  private static final int MOST_COMPACTED = 200;
  private static final int MOST_PASSED = ModelSession.LONGEST_LIFE / 3;
  private static final long CAPACITY_BYTES = 96 << 20;

  private final ManualClock clock = new ManualClock();
  private final StoreOptions options;
  private final List<Reader> readers = new ArrayList<>();
  private @Nullable SimulatedRegion disk;
  private Engine engine;
  private StoreModel model = new StoreModel();
  private @Nullable ModelSession running;

  /// @param isInMemory whether the store lives in memory and cannot be opened again
  EngineModel(StoreOptions given, boolean isInMemory) {
    options = given.withClock(clock).withSweepPeriod(Duration.ofDays(1));
    if (isInMemory) {
      engine = Engine.inMemory(options);
    } else {
      disk = new SimulatedRegion(CAPACITY_BYTES);
      engine = Opening.onRegion(disk, options);
    }
  }

  /// Random steps.
  static List<Step> steps(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Step> steps = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      steps.add(
          new Step(randomKind(random), Edit.random(random, KEYS, TABLES), random.nextInt(1 << 20)));
    }
    return steps;
  }

  private static Kind randomKind(SplittableRandom random) {
    int choice = random.nextInt(10_000);
    int[] upTo = {
      8920, 8923, 9200, 9320, 9360, 9460, 9520, 9570, 9660, 9740, 9820, 9875, 9880, 9900, 9980
    };
    for (int kind = 0; kind < upTo.length; kind++) {
      if (choice < upTo[kind]) {
        return Kind.values()[kind];
      }
    }
    return Kind.CHECK_ALL;
  }

  void run(List<Step> steps) {
    steps.forEach(this::run);
    end(true, options.durability());
    checkAll();
  }

  private void run(Step step) {
    switch (step.kind()) {
      case EDIT -> step.edit().applyTo(session());
      case MANY_PUTS -> {
        for (int key = 0; key < 300; key++) {
          new Edit(Edit.Kind.PUT, step.number() % 4, key, 1900, step.number()).applyTo(session());
        }
      }
      case COMMIT -> end(true, options.durability());
      case COMMIT_SYNC -> commitSync();
      case ROLLBACK -> end(false, options.durability());
      case SAVEPOINT -> {
        if (session().savepointDepth() < MAX_SAVEPOINTS) {
          session().savepoint();
        }
      }
      case ROLLBACK_TO -> {
        if (session().savepointDepth() > 0) {
          session().rollbackTo(1 + step.number() % session().savepointDepth());
        }
      }
      case RELEASE -> {
        if (session().savepointDepth() > 0) {
          session().release(1 + step.number() % session().savepointDepth());
        }
      }
      case BEGIN_READ -> {
        if (readers.size() < MAX_READERS) {
          readers.add(new Reader(engine.beginRead(), model));
        }
      }
      case CHECK_READ -> {
        if (!readers.isEmpty()) {
          check(readers.get(step.number() % readers.size()));
        }
      }
      case END_READ -> {
        if (!readers.isEmpty()) {
          Reader reader = readers.remove(step.number() % readers.size());
          check(reader);
          reader.snapshot().end();
        }
      }
      case CHECKPOINT -> engine.checkpoint();
      case REOPEN -> reopen();
      case COMPACT -> compact(1 + step.number() % MOST_COMPACTED);
      case PASS_TIME -> clock.move(Duration.ofMillis(step.number() % MOST_PASSED));
      case CHECK_ALL -> checkAll();
    }
  }

  private ModelSession session() {
    if (running == null) {
      running =
          new ModelSession(engine.beginWrite(options.durability(), Duration.ZERO), model, true);
    }
    return running;
  }

  /// A transaction of its own, made durable by itself.
  private void commitSync() {
    end(true, options.durability());
    ModelSession sync = new ModelSession(engine.beginWrite(Durability.SYNC, Duration.ZERO), model);
    sync.put(Edit.tableName(0), new byte[] {1}, new byte[] {2});
    sync.session.commit();
    model = sync.model();
  }

  private void end(boolean commit, Durability durability) {
    ModelSession session = running;
    running = null;
    if (session != null && commit) {
      session.session.commit();
      model = session.model();
    } else if (session != null) {
      session.session.rollback();
    }
  }

  private void reopen() {
    end(true, options.durability());
    SimulatedRegion old = disk;
    if (old != null) {
      endReaders();
      engine.close();
      disk = old.successor();
      engine = Opening.onRegion(disk, options);
      checkAll();
    }
  }

  /// One step of a compaction, which other steps may follow before the next one.
  private void compact(int pages) {
    end(true, options.durability());
    model = model.copy();
    model.writtenMillis = clock.millis();
    engine.compactStep(1, pages);
  }

  private void endReaders() {
    for (Reader reader : readers) {
      check(reader);
      reader.snapshot().end();
    }
    readers.clear();
  }

  private static void check(Reader reader) {
    assertNull(
        reader.model().differenceTo(reader.snapshot()),
        "the snapshot of transaction " + reader.snapshot().txnId());
  }

  private void checkAll() {
    readers.forEach(EngineModel::check);
    assertNull(CrashOracle.difference(engine, model), "the newest transaction");
  }

  @Override
  public void close() {
    ModelSession session = running;
    if (session != null) {
      session.session.rollback();
    }
    for (Reader reader : readers) {
      reader.snapshot().end();
    }
    CrashOracle.closeQuietly(engine);
  }
}
