package dev.quire.store.internal.txn;

import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.ChildJvm;
import dev.quire.store.testing.ParentLink;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;

/// A process that commits one transaction after the other, and says so after each, until it is
/// killed. What each does follows from its number alone.
final class CommitProcess implements AutoCloseable {

  private final ChildJvm child;

  private CommitProcess(ChildJvm child) {
    this.child = child;
  }

  static StoreOptions options(String mode) {
    Durability durability =
        switch (mode) {
          case "SYNC" -> Durability.SYNC;
          case "INTERVAL" -> Durability.interval(Duration.ofMillis(5));
          default -> Durability.CHECKPOINT;
        };
    return StoreOptions.defaults()
        .withDurability(durability)
        .withRingSizeBytes(StoreOptions.MIN_RING_SIZE_BYTES)
        .withWriterMemoryBytes(StoreOptions.MIN_WRITER_MEMORY_BYTES)
        .withCheckpointPeriod(Duration.ofMillis(20));
  }

  /// What transaction `number` does.
  static void edit(ModelSession session, long seed, long number) {
    SplittableRandom random = new SplittableRandom(seed * 1_000_003 + number);
    int count = 1 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      Edit.random(random, 120).applyTo(session);
    }
    session.session.userWords(7, number);
  }

  /// The model after transaction `number`.
  static StoreModel modelAfter(long seed, long number) {
    Engine mirror = Engine.inMemory(StoreOptions.defaults());
    StoreModel model = new StoreModel();
    for (long i = 1; i <= number; i++) {
      model = commit(mirror, model, seed, i);
    }
    mirror.close();
    return model;
  }

  private static StoreModel commit(Engine engine, StoreModel model, long seed, long number) {
    Durability durability = engine.options().durability();
    WriteSession session = engine.beginWrite(durability, Duration.ofSeconds(10));
    try {
      ModelSession both = new ModelSession(session, model);
      edit(both, seed, number);
      session.commit();
      return both.model();
    } finally {
      session.rollback();
    }
  }

  static CommitProcess start(Path directory, String mode, long seed) {
    String[] arguments = {directory.toString(), mode, Long.toString(seed)};
    return new CommitProcess(ChildJvm.start(CommitProcess.class, arguments));
  }

  /// The next number that it says, or -1 if it says no more. The first is that of the newest
  /// transaction that it found.
  long next() {
    return child.findNext().map(Long::parseLong).orElse(-1L);
  }

  /// Kills it; what it had said before can still be asked for.
  void kill() {
    child.kill();
  }

  @Override
  public void close() {
    child.close();
  }

  /// Opens the store of a directory in a mode and commits.
  ///
  /// @param arguments directory, mode, seed
  public static void main(String[] arguments) {
    long seed = Long.parseLong(arguments[2]);
    StoreOptions options = options(arguments[1]);
    Engine engine = Engine.open(Path.of(arguments[0]), options);
    long number = engine.parts().state.head().userIndex();
    StoreModel model = modelAfter(seed, number);
    while (true) {
      ParentLink.say(Long.toString(number));
      number++;
      model = commit(engine, model, seed, number);
    }
  }
}
