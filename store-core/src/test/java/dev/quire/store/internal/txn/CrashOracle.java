package dev.quire.store.internal.txn;

import dev.quire.store.errors.Violation;
import dev.quire.store.internal.inspect.IntegrityChecker;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.CrashPolicy;
import dev.quire.store.testing.KeptRegion;
import dev.quire.store.testing.SimulatedRegion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Opens what a crash left and says what is wrong with it.
///
/// A store carries the number of its last transaction in the user words; the store must equal the
/// model after that transaction, which must lie between the last that was acknowledged as durable
/// and the last that was begun to be committed. Its pages must add up, a further transaction must
/// work, and the store must be the same after an orderly close, and after a further crash.
final class CrashOracle {

  /// Room for two growths of a small store.
  static final long HEADROOM_BYTES = 3 << 20;

  private static final byte[] EXTRA = "afterwards".getBytes(StandardCharsets.UTF_8);

  private final StoreOptions options;

  /// The model after each transaction.
  private final List<StoreModel> history;

  CrashOracle(StoreOptions options, List<StoreModel> history) {
    // Nothing expires for it: it compares what is stored.
    this.options = options.withClock(() -> Instant.EPOCH);
    this.history = history;
  }

  /// @param image of the disk
  /// @param acknowledged number of the last transaction that must be there
  /// @param attempted number of the last transaction that may be there
  /// @return what is wrong, or null
  @Nullable String findingIn(byte[] image, long acknowledged, long attempted) {
    String finding = findingIn(image.clone(), acknowledged, attempted, 0);
    return finding != null ? finding : findingIn(image.clone(), acknowledged, attempted, 1);
  }

  /// The same, fast.
  ///
  /// @param image of the disk, which is the oracle's from now on
  /// @param seed if it is odd the machine crashes once more in the end, else the store is closed
  @Nullable String findingIn(byte[] image, long acknowledged, long attempted, long seed) {
    return withStore(
        image,
        (disk, engine) -> {
          String finding = findingIn(engine, acknowledged, attempted);
          return finding != null ? finding : findingFurtherOn(disk, engine, seed);
        });
  }

  /// Whether the image is right, and no more.
  @Nullable String findingInState(byte[] image, long acknowledged, long attempted) {
    return withStore(
        image,
        (disk, engine) -> {
          disk.unwatch();
          return findingIn(engine, acknowledged, attempted);
        });
  }

  /// What looks at a store that was opened from an image.
  private interface Look {
    @Nullable String findingIn(SimulatedRegion disk, Engine engine);
  }

  private @Nullable String withStore(byte[] image, Look look) {
    SimulatedRegion disk = SimulatedRegion.ofImage(image, image.length + HEADROOM_BYTES);
    try {
      Engine engine = open(disk);
      try {
        return look.findingIn(disk, engine);
      } finally {
        abandon(engine);
      }
    } catch (RuntimeException | AssertionError e) {
      return describe(e);
    } finally {
      disk.close();
    }
  }

  /// Opens what a disk holds; the disk outlives the engine.
  private Engine open(SimulatedRegion disk) {
    StoreFiles files = new StoreFiles(Steps.NONE);
    SharedMemoryPool.lendTo(files);
    return Opening.onRegion(new KeptRegion(disk), options, files);
  }

  /// What is wrong after further transactions and the end.
  private @Nullable String findingFurtherOn(SimulatedRegion disk, Engine engine, long seed) {
    StoreModel model = continueWriting(engine);
    String end;
    byte[] image;
    if ((seed & 1) == 0) {
      engine.close();
      end = "a close";
      image = disk.cachedImage();
    } else {
      CrashPolicy[] policies = CrashPolicy.values();
      CrashPolicy policy = policies[(int) Math.floorMod(seed >> 1, (long) policies.length)];
      end = "a crash, " + policy;
      image = disk.crash(policy, seed).bytes();
      abandon(engine);
    }
    String finding =
        withStore(
            image,
            (again, reopened) -> {
              again.unwatch();
              return difference(reopened, model);
            });
    return finding == null ? null : "after further transactions and " + end + ": " + finding;
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

  /// Closes a store of which nobody wants anything any more: without bringing it to rest.
  static void abandon(Engine engine) {
    if (engine.isOpen()) {
      engine.parts().state.poison();
    }
    closeQuietly(engine);
  }

  static void closeQuietly(Engine engine) {
    try {
      engine.close();
    } catch (RuntimeException | Error e) {
      // The finding is what counts; the memory is freed all the same.
    }
  }
}
