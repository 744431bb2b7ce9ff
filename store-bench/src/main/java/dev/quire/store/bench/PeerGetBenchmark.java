package dev.quire.store.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.Txn;
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

/// Random get of 8-byte keys and 100-byte values, from what Quire is compared with.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "--enable-native-access=ALL-UNNAMED",
      "--sun-misc-unsafe-memory-access=allow",
      "--add-opens=java.base/java.nio=ALL-UNNAMED",
      "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED"
    })
public class PeerGetBenchmark {

  private static final int VALUE_BYTES = 100;
  private static final long SEED = 42;

  @Param("100000")
  int entries;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final TreeMap<Long, byte[]> map = new TreeMap<>();
  private final ByteBuffer key = ByteBuffer.allocateDirect(Long.BYTES);
  private long[] keys = {};
  private @Nullable Path directory;
  private Env<ByteBuffer> env;
  private Dbi<ByteBuffer> table;
  private Txn<ByteBuffer> txn;

  /// Fills the map and the LMDB environment with the same entries.
  @Setup
  public void load() throws IOException {
    directory = Files.createTempDirectory("quire-bench");
    env = Env.create().setMapSize(1L << 30).setMaxDbs(1).open(directory.toFile());
    table = env.openDbi("table", DbiFlags.MDB_CREATE);
    keys = new SplittableRandom(SEED).longs(entries).toArray();
    ByteBuffer value = ByteBuffer.allocateDirect(VALUE_BYTES);
    try (Txn<ByteBuffer> write = env.txnWrite()) {
      for (long next : keys) {
        map.put(next, new byte[VALUE_BYTES]);
        table.put(write, key.clear().putLong(next).flip(), value.clear());
      }
      write.commit();
    }
    txn = env.txnRead();
  }

  /// Removes the environment.
  @TearDown
  public void close() throws IOException {
    txn.close();
    env.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Benchmark
  public byte[] treeMap() {
    return map.get(keys[random.nextInt(entries)]);
  }

  @Benchmark
  public ByteBuffer lmdb() {
    return table.get(txn, key.clear().putLong(keys[random.nextInt(entries)]).flip());
  }
}
