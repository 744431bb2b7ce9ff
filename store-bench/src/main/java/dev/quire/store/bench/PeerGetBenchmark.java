package dev.quire.store.bench;

import dev.quire.store.bench.peer.Entry;
import dev.quire.store.bench.peer.Peer;
import dev.quire.store.bench.peer.PeerKind;
import dev.quire.store.bench.peer.Place;
import dev.quire.store.bench.peer.Session;
import dev.quire.store.bench.work.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Random gets under JMH, for its profilers. The figures to compare are those of the command.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "--enable-native-access=ALL-UNNAMED",
      "--sun-misc-unsafe-memory-access=allow",
      "-Dlmdbjava.disable.checks=true",
      "-Dagrona.disable.bounds.checks=true"
    })
@SuppressWarnings("NullAway.Init") // JMH calls open() first.
public class PeerGetBenchmark {

  private static final long SEED = 42;
  private static final int TRANSACTION_ENTRIES = 1000;

  @Param({"QUIRE", "LMDBJAVA"})
  PeerKind kind;

  @Param("100000")
  int entries;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private Path directory;
  private Peer peer;
  private Session session;

  /// Loads the store.
  @Setup
  public void open() throws IOException {
    directory = Files.createTempDirectory("quire-bench");
    peer = kind.open(new Place(directory, entries, Entry.VALUE_BYTES, false));
    session = peer.session();
    long[] keys = Entry.keys(entries, false);
    for (int from = 0; from < entries; from += TRANSACTION_ENTRIES) {
      session.load(keys, from, Math.min(from + TRANSACTION_ENTRIES, entries), false);
    }
  }

  /// Removes the store.
  @TearDown
  public void close() {
    session.close();
    peer.close();
    Directories.delete(directory);
  }

  /// A snapshot each, the value copied.
  @Benchmark
  public long get() {
    return session.get(Entry.key(random.nextInt(entries)));
  }

  /// A snapshot each, the value read in place.
  @Benchmark
  public long getInPlace() {
    return session.getInPlace(Entry.key(random.nextInt(entries)));
  }
}
