package dev.quire.store.internal.txn;

import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;

/// A process that commits one transaction after the other, and says so after each, until it is
/// killed. What each does follows from its number alone.
final class CommitProcess implements AutoCloseable {

  private final Process process;
  private final BufferedReader lines;

  private CommitProcess(Process process) {
    this.process = process;
    this.lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
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
    try {
      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      ProcessBuilder builder =
          new ProcessBuilder(
              java,
              "-XX:TieredStopAtLevel=1",
              "-XX:+UseSerialGC",
              "-cp",
              System.getProperty("java.class.path"),
              CommitProcess.class.getName(),
              directory.toString(),
              mode,
              Long.toString(seed));
      return new CommitProcess(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The next number that it says, or -1 if it says no more. The first is that of the newest
  /// transaction that it found.
  long next() {
    try {
      String line = lines.readLine();
      // A line that the kill cut short has no end mark.
      return line == null || !line.endsWith(".")
          ? -1
          : Long.parseLong(line, 0, line.length() - 1, 10);
    } catch (IOException e) {
      return -1;
    }
  }

  /// Kills it; what it had said before can still be asked for.
  void kill() {
    // Not by Process.destroyForcibly, which closes the pipe with what is still in it.
    process.toHandle().destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    kill();
  }

  /// Opens the store of a directory in a mode and commits.
  ///
  /// @param arguments directory, mode, seed
  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
    long seed = Long.parseLong(arguments[2]);
    StoreOptions options = options(arguments[1]);
    Engine engine = Engine.open(Path.of(arguments[0]), options);
    long number = engine.parts().state.head().userIndex();
    StoreModel model = modelAfter(seed, number);
    while (true) {
      out.println(number + ".");
      number++;
      model = commit(engine, model, seed, number);
    }
  }
}
