package dev.quire.store.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.Store;
import dev.quire.store.Table;
import dev.quire.store.TableOptions;
import dev.quire.store.options.Checksums;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.contract.StoreForm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Goal: `docs/examples/read_store.py`, which knows only `docs/FORMAT.md`, reads what the engine
/// writes.
///
/// Method: stores with every kind of page are written, closed and printed by Python; the text is
/// compared with what was put. Not part of `mvn verify`, because it needs `python3`: run it by
/// `./quire compat`.
final class ReadStoreCompat {

  private static final HexFormat HEX = HexFormat.of();

  /// What a run of the script printed, and how it ended.
  ///
  /// @param exitCode its exit code
  /// @param text what it printed, errors included
  private record Outcome(int exitCode, String text) {}

  private Path directory = Path.of("");
  private final Random random = new Random(Long.getLong("quire.seed", 25));

  @BeforeEach
  void createDirectory() throws IOException {
    directory = Files.createTempDirectory("quire-compat");
  }

  @AfterEach
  void deleteDirectory() {
    StoreForm.deleteTree(directory);
  }

  @ParameterizedTest
  @CsvSource({"4096, WRITE", "4096, OFF", "16384, WRITE", "65536, WRITE"})
  void readStore_closedStore_printsWhatWasPut(int pageSizeBytes, Checksums checksums)
      throws IOException {
    StoreOptions options =
        StoreOptions.defaults().withPageSizeBytes(pageSizeBytes).withChecksums(checksums);
    StringBuilder expected = new StringBuilder();
    try (Store store = Store.open(directory.resolve("store"), options)) {
      expected.append(fill(store, "bytes", false, bytesEntries(pageSizeBytes)));
      store.table("dropped").put(key("a"), key("b"));
      expected.append(fill(store, "empty", false, new TreeMap<>()));
      expected.append(fill(store, "integers", true, integerEntries()));
      expected.append(fill(store, "long", false, longKeys()));
      store.dropTable("dropped");
    }
    Outcome outcome = readStore("--hex");
    assertEquals(0, outcome.exitCode(), outcome.text());
    assertEquals(expected.toString(), tablesOf(outcome.text()));
  }

  @Test
  void readStore_newerTransactionsInTheLog_areCounted() throws IOException {
    StoreOptions options = StoreOptions.defaults().withCheckpointPeriod(Duration.ofHours(1));
    Path data = directory.resolve("store").resolve("data");
    byte[] copy;
    try (Store store = Store.open(directory.resolve("store"), options)) {
      for (int i = 0; i < 7; i++) {
        store.table("t").put(key("k" + i), key("v"));
      }
      copy = Files.readAllBytes(data);
    }
    Files.write(data, copy);
    Outcome outcome = readStore("--hex");
    assertEquals(1, outcome.exitCode(), outcome.text());
    assertTrue(outcome.text().contains("7 newer transactions"), outcome.text());
  }

  @Test
  void readStore_flippedByteInAPage_isFound() throws IOException {
    try (Store store = Store.open(directory.resolve("store"))) {
      store.table("t").put(key("key"), new byte[100]);
    }
    Path data = directory.resolve("store").resolve("data");
    byte[] bytes = Files.readAllBytes(data);
    bytes[bytes.length - 1] ^= 1;
    bytes[bytes.length - 4096 + 1] ^= 1;
    Files.write(data, bytes);
    assertEquals(4, readStore().exitCode());
  }

  @Test
  void readStore_otherFile_isRefused() throws IOException {
    Files.createDirectory(directory.resolve("store"));
    Files.writeString(directory.resolve("store").resolve("data"), "x".repeat(100_000));
    assertEquals(3, readStore().exitCode());
  }

  /// Puts the entries in several transactions and takes some away again.
  ///
  /// @return what the script must print of the table
  private String fill(Store store, String name, boolean integers, TreeMap<byte[], byte[]> entries) {
    Table table = store.table(name, TableOptions.defaults().withIntegerKeys(integers));
    store.write(
        txn -> {
          for (Map.Entry<byte[], byte[]> entry : entries.entrySet()) {
            txn.table(name).put(entry.getKey(), new byte[] {1});
          }
        });
    store.write(
        txn -> {
          for (Map.Entry<byte[], byte[]> entry : entries.entrySet()) {
            txn.table(name).put(entry.getKey(), entry.getValue());
          }
        });
    byte[][] removed =
        entries.keySet().stream().filter(k -> random.nextInt(4) == 0).toArray(byte[][]::new);
    store.write(
        txn -> {
          for (byte[] key : removed) {
            txn.table(name).delete(key);
          }
        });
    for (byte[] key : removed) {
      entries.remove(key);
    }
    assertEquals(entries.size(), table.count());
    StringBuilder text = new StringBuilder("table " + name + ": " + entries.size() + "\n");
    entries.forEach(
        (key, value) ->
            text.append(HEX.formatHex(key)).append('\t').append(HEX.formatHex(value)).append('\n'));
    return text.toString();
  }

  private TreeMap<byte[], byte[]> bytesEntries(int pageSizeBytes) {
    TreeMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
    entries.put(new byte[0], new byte[0]);
    for (int i = 0; i < 4000; i++) {
      entries.put(key("user:%07d".formatted(i * 13)), bytes(random.nextInt(40)));
      entries.put(bytes(1 + random.nextInt(24)), bytes(random.nextInt(200)));
    }
    for (int length : new int[] {127, 128, 129, pageSizeBytes / 2, pageSizeBytes, 300_000}) {
      entries.put(key("value of " + length), bytes(length));
      entries.put(key("other value of " + length), bytes(length));
    }
    return entries;
  }

  private TreeMap<byte[], byte[]> integerEntries() {
    TreeMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
    for (int i = 0; i < 3000; i++) {
      entries.put(bytes(8), bytes(random.nextInt(30)));
      entries.put(HEX.parseHex("%016x".formatted(i)), key("small " + i));
    }
    entries.put(HEX.parseHex("ffffffffffffffff"), bytes(20_000));
    return entries;
  }

  /// Keys that differ late, so that separators are spilled too.
  private TreeMap<byte[], byte[]> longKeys() {
    TreeMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
    byte[] common = bytes(64 << 10);
    for (int i = 0; i < 100; i++) {
      byte[] key = common.clone();
      key[key.length - 1] = (byte) (2 * i);
      entries.put(key, bytes(50));
    }
    return entries;
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] key(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// The text from the first table on, with titles cut behind the count.
  private static String tablesOf(String text) {
    StringBuilder tables = new StringBuilder();
    boolean in = false;
    for (String line : text.split("\n")) {
      in |= line.startsWith("table ");
      if (in && !line.isEmpty()) {
        tables.append(line.startsWith("table ") ? line.replaceFirst(" entries.*", "") : line);
        tables.append('\n');
      }
    }
    return tables.toString();
  }

  private Outcome readStore(String... options) throws IOException {
    Path script = Path.of("..", "docs", "examples", "read_store.py");
    ProcessBuilder builder =
        new ProcessBuilder("python3", script.toString(), directory.resolve("store").toString());
    builder.command().addAll(Arrays.asList(options));
    Process process = builder.redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.onExit().join().exitValue(), text);
  }
}
