package dev.quire.store.bench.cache;

import dev.quire.store.bench.peer.Entry;
import dev.quire.store.bench.work.Directories;
import dev.quire.store.bench.work.ZipfDraw;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
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

/// A full cache that is asked for four times more keys than it holds, by Zipf's law: what is
/// missing is made and put, and something else is evicted. Started by [CacheRun].
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls open() first.
public class ChurnBenchmark {

  private static final int KEYS_PER_ENTRY = 4;
  private static final long SEED = 42;

  @Param({"QUIRE_BOUNDED", "CAFFEINE_BOUNDED"})
  CacheKind kind;

  @Param("25000")
  int entries;

  private Path directory;
  private LocalCache cache;
  private ZipfDraw keys;

  /// Fills the cache.
  @Setup(Level.Trial)
  public void open() throws IOException {
    directory = Files.createTempDirectory("quire-bench");
    cache = kind.open(directory, entries);
    keys = new ZipfDraw(KEYS_PER_ENTRY * entries, SEED);
    for (int i = 0; i < entries; i++) {
      long key = Entry.key(i);
      cache.put(key, CacheBenchmark.value(key));
    }
  }

  /// Removes it.
  @TearDown(Level.Trial)
  public void close() {
    cache.close();
    Directories.delete(directory);
  }

  /// The value of the next key.
  @Benchmark
  public byte[] getOrMake() {
    return cache.getOrMake(keys.next());
  }
}
