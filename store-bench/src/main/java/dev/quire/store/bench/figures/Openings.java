package dev.quire.store.bench.figures;

import dev.quire.store.Store;
import dev.quire.store.Table;
import dev.quire.store.WriteTxn;
import dev.quire.store.bench.Main;
import dev.quire.store.bench.work.Directories;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/// How long a store takes to open after a loss of power, with the log a quarter full and full, and
/// the page cache warm and cold.
///
/// The file is made as long as asked by a hole: what is not read costs nothing, and opening reads
/// nothing but superblocks, log, space map, and the pages that the log changes. A process fills the
/// log and ends at once; its `shm` is removed, as a machine that starts again has none; a new JVM
/// opens the store.
public final class Openings {

  /// The words for the two kinds of children.
  public static final String FILL = "opening-fill";

  public static final String OPEN = "opening-open";

  private static final int ENTRIES = 200_000;
  private static final int VALUE_BYTES = 100;

  /// Puts of one transaction, whose record is a little less than a quarter of the log.
  private static final int PUTS = 7_000;

  private static final int FULL_TRANSACTIONS = 4;

  /// What such a transaction takes of the log, at least: with less in it, a checkpoint came
  /// between.
  private static final long LEAST_BYTES = 900_000;

  private static final int ATTEMPTS = 100;
  private static final double NANOS_PER_MILLI = 1e6;

  private Openings() {}

  /// Measures and prints a table.
  ///
  /// @param words after the command: the directory, and the file's length in GiB
  public static void measure(List<String> words) throws IOException, InterruptedException {
    Path directory = Path.of(words.isEmpty() ? "target/opening" : words.getFirst());
    long gibibytes = words.size() < 2 ? 10 : Long.parseLong(words.get(1));
    Directories.makeEmpty(directory);
    System.out.println("| transactions in the log | log | file | page cache | opened in |");
    System.out.println("|--:|--:|--:|---|--:|");
    for (int transactions : new int[] {1, FULL_TRANSACTIONS}) {
      for (boolean cold : new boolean[] {false, true}) {
        Path path = directory.resolve("store");
        Directories.delete(path);
        long used = Long.parseLong(child(FILL, path.toString(), "" + transactions, "" + gibibytes));
        Files.delete(path.resolve("shm"));
        boolean dropped = cold && dropCaches();
        String millis = child(OPEN, path.toString());
        String cache = dropped ? "cold" : cold ? "warm (it could not be dropped)" : "warm";
        System.out.println(
            "| %d | %.2f MB | %.1f GiB | %s | %s ms |"
                .formatted(
                    transactions,
                    used / 1e6,
                    Files.size(path.resolve("data")) / (double) (1 << 30),
                    cache,
                    millis));
      }
    }
    Directories.delete(directory);
  }

  private static boolean dropCaches() throws IOException, InterruptedException {
    new ProcessBuilder("sync").start().waitFor();
    Path drop = Path.of("/proc/sys/vm/drop_caches");
    if (!Files.isWritable(drop)) {
      return false;
    }
    Files.writeString(drop, "3");
    return true;
  }

  private static String child(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(String.join(" ", words) + " failed: " + said);
    }
    return said.trim();
  }

  /// Makes the store, fills its log, says how many bytes of it are in use, and ends at once.
  public static void fill(Path path, int transactions, long gibibytes) throws IOException {
    SplittableRandom random = new SplittableRandom(7);
    Store store = Store.open(path);
    Table table = store.table("entries");
    try (WriteTxn txn = store.beginWrite()) {
      for (int i = 0; i < ENTRIES; i++) {
        txn.table("entries").put(key(i), new byte[VALUE_BYTES]);
      }
      txn.commit();
    }
    try {
      table.put(new byte[1], new ByteArrayInputStream(new byte[1]), gibibytes << 30);
    } catch (EOFException e) {
      // The value never comes; its pages are there, behind a hole.
    }
    table.put(new byte[2], new byte[1]);
    long used = 0;
    for (int attempt = 0; used < transactions * LEAST_BYTES && attempt < ATTEMPTS; attempt++) {
      store.checkpoint();
      for (int i = 0; i < transactions; i++) {
        putSome(store, random);
      }
      used = store.stats().ringUsedBytes();
    }
    System.out.println(used);
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  private static void putSome(Store store, SplittableRandom random) {
    try (WriteTxn txn = store.beginWrite()) {
      for (int put = 0; put < PUTS; put++) {
        byte[] value = new byte[VALUE_BYTES];
        random.nextBytes(value);
        txn.table("entries").put(key(random.nextInt(ENTRIES)), value);
      }
      txn.commit();
    }
  }

  private static byte[] key(int number) {
    return "key-%012d".formatted(number).getBytes(StandardCharsets.UTF_8);
  }

  /// Opens the store and says how many milliseconds that took.
  public static void open(Path path) {
    long start = System.nanoTime();
    try (Store store = Store.open(path)) {
      double millis = (System.nanoTime() - start) / NANOS_PER_MILLI;
      System.out.println("%.0f".formatted(millis));
      if (store.table("entries").get(key(ENTRIES / 2)) == null) {
        throw new IllegalStateException("an entry is missing");
      }
      System.out.flush();
      Runtime.getRuntime().halt(0);
    }
  }
}
