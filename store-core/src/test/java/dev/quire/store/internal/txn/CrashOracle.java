package dev.quire.store.internal.txn;

import dev.quire.store.errors.Violation;
import dev.quire.store.internal.inspect.IntegrityChecker;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.SimulatedRegion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Opens what a crash left and says what is wrong with it.
///
/// A store carries the number of its last transaction in the user words; the store must equal the
/// model after that transaction, which must lie between the last that was acknowledged as durable
/// and the last that was begun to be committed. Its pages must add up, a further transaction must
/// work, and the store must be the same after an orderly close.
final class CrashOracle {

  /// Room for two growths of a small store.
  static final long HEADROOM_BYTES = 3 << 20;

  private static final byte[] EXTRA = "afterwards".getBytes(StandardCharsets.UTF_8);

  private final StoreOptions options;

  /// The model after each transaction.
  private final List<StoreModel> history;

  CrashOracle(StoreOptions options, List<StoreModel> history) {
    this.options = options;
    this.history = history;
  }

  /// @param image of the disk
  /// @param acknowledged number of the last transaction that must be there
  /// @param attempted number of the last transaction that may be there
  /// @return what is wrong, or null
  @Nullable String findingIn(byte[] image, long acknowledged, long attempted) {
    List<Engine> opened = new ArrayList<>();
    SimulatedRegion disk = new SimulatedRegion(image, image.length + HEADROOM_BYTES);
    try {
      Engine engine = Opening.onRegion(disk, options);
      opened.add(engine);
      String finding = findingIn(engine, acknowledged, attempted);
      if (finding != null) {
        return finding;
      }
      StoreModel model = continueWriting(engine);
      engine.close();
      SimulatedRegion again = disk.successor();
      Engine reopened = Opening.onRegion(again, options);
      opened.add(reopened);
      finding = difference(reopened, model);
      return finding == null ? null : "after a further transaction and a close: " + finding;
    } catch (RuntimeException | AssertionError e) {
      return describe(e);
    } finally {
      opened.forEach(CrashOracle::closeQuietly);
    }
  }

  /// Checks a store that has just been opened.
  @Nullable String findingIn(Engine engine, long acknowledged, long attempted) {
    long number = engine.parts().state.head().userIndex();
    if (number < acknowledged || number > attempted) {
      return "the store is at transaction "
          + number
          + ", acknowledged is "
          + acknowledged
          + ", attempted "
          + attempted;
    }
    String difference = difference(engine, history.get((int) number));
    return difference == null ? null : "at transaction " + number + ": " + difference;
  }

  static @Nullable String difference(Engine engine, StoreModel model) {
    Snapshot snapshot = engine.beginRead();
    try {
      String difference = model.differenceTo(snapshot);
      if (difference != null) {
        return difference;
      }
    } finally {
      snapshot.end();
    }
    return violationsOf(engine);
  }

  /// What the integrity checker has to say against a store, or null.
  static @Nullable String violationsOf(Engine engine) {
    List<Violation> violations = IntegrityChecker.check(engine).violations();
    return violations.isEmpty() ? null : violations.toString();
  }

  private StoreModel continueWriting(Engine engine) {
    long number = engine.parts().state.head().userIndex();
    StoreModel model = history.get((int) number);
    for (int i = 0; i < 2; i++) {
      WriteSession session = engine.beginWrite(Durability.SYNC, Duration.ZERO);
      try {
        ModelSession edits = new ModelSession(session, model);
        edits.put("afterwards", EXTRA, new byte[100 * i]);
        for (String table : List.copyOf(edits.model().tables.keySet())) {
          var entries = edits.model().tables.get(table).entries;
          if (!entries.isEmpty()) {
            edits.put(table, entries.firstKey(), new byte[300]);
          }
        }
        session.commit();
        model = edits.model();
      } finally {
        session.rollback();
      }
    }
    return model;
  }

  static String describe(Throwable e) {
    StringBuilder words = new StringBuilder(e.toString());
    for (StackTraceElement frame : e.getStackTrace()) {
      if (frame.getClassName().startsWith("dev.quire")) {
        words.append("\n      at ").append(frame);
      }
    }
    return words.toString();
  }

  static void closeQuietly(Engine engine) {
    try {
      engine.close();
    } catch (RuntimeException | Error e) {
      // The finding is what counts; the memory is freed all the same.
    }
  }
}
