package dev.quire.store.bench.cache;

import dev.quire.store.bench.peer.Entry;
import dev.quire.store.bench.work.Directories;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// A cache of one process and one thread, whose entries expire after an hour: hits, puts, and
/// values that are made unless they are there, which here they are. Started by [CacheRun].
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls open() first.
public class CacheBenchmark {

  static final Duration LIFE = Duration.ofHours(1);
  private static final long SEED = 42;

  @Param({"QUIRE", "QUIRE_MEMORY", "CAFFEINE", "CHRONICLE"})
  CacheKind kind;

  @Param("100000")
  int entries;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final byte[] fresh = new byte[Entry.VALUE_BYTES];
  private Path directory;
  private LocalCache cache;

  /// The value that belongs to a key.
  static byte[] value(long key) {
    return ByteBuffer.allocate(Entry.VALUE_BYTES).putLong(key).array();
  }

  /// Fills the cache.
  @Setup(Level.Trial)
  public void open() throws IOException {
    directory = Files.createTempDirectory("quire-bench");
    cache = kind.open(directory, entries);
    for (int i = 0; i < entries; i++) {
      long key = Entry.key(i);
      cache.put(key, value(key));
    }
  }

  /// Removes it.
  @TearDown(Level.Trial)
  public void close() {
    cache.close();
    Directories.delete(directory);
  }

  private long anyKey() {
    return Entry.key(random.nextInt(entries));
  }

  /// A value that is there.
  @Benchmark
  public byte @Nullable [] get() {
    return cache.get(anyKey());
  }

  /// Another value for a key that has one.
  @Benchmark
  public void put() {
    cache.put(anyKey(), fresh);
  }

  /// A value that is there, asked for with a way to make it.
  @Benchmark
  public byte[] getOrMake() {
    return cache.getOrMake(anyKey());
  }
}
