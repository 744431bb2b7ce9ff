package dev.quire.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.StoreException;
import dev.quire.store.options.Checksums;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.Campaign;
import dev.quire.store.testing.contract.StoreForm;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Goal: whatever is done to the bytes of `data` or `shm`, each use of the store ends in a right
/// answer or in a [StoreException]; with [Checksums#VERIFY] nothing that is read is wrong.
///
/// Method: a store with a log that is not brought in, and that of a process that died; bits, runs,
/// sectors and pages of a file are changed, swapped, replaced by older ones, or cut off. Then it is
/// opened, read in every way, checked, written to, closed and opened again. What was read is right
/// if some transaction left it. A value that was read in one snapshot belongs to the transaction
/// that the snapshot says it is of.
class MutationTest {

  private static final StoreOptions OPTIONS =
      StoreOptions.defaults()
          .withRingSizeBytes(StoreOptions.MIN_RING_SIZE_BYTES)
          .withChecksums(Checksums.VERIFY)
          .withLockTimeout(Duration.ofSeconds(5))
          .withCheckpointPeriod(Duration.ofHours(1));

  private static final TableOptions BOUNDED = TableOptions.defaults().withMaxEntries(8);

  private static final int TRANSACTIONS = 12;
  private static final byte[] NUMBER = "number".getBytes(UTF_8);
  private static final List<String> TABLES = List.of("long", "short");

  private static final int SUPERBLOCKS_BYTES = 4 * StoreOptions.MIN_PAGE_SIZE_BYTES;

  /// Offset of the head word, and of the ring of its records in a new `shm`.
  private static final int HEAD = 128;

  private static final int HEAD_RING = 4096;

  /// What keys held after each transaction.
  private final List<Map<String, byte[]>> history = new ArrayList<>();

  private Path directory;
  private byte[] older;
  private byte[] data;
  private byte[] shm;
  private long errors;
  private long readWell;

  @BeforeEach
  void makeStore() throws IOException {
    directory = Files.createTempDirectory(Path.of("/dev/shm"), "quire-mutation-");
    Path dead = directory.resolve("store");
    history.add(new HashMap<>());
    try (Store store = Store.open(dead, OPTIONS)) {
      for (int number = 1; number <= TRANSACTIONS; number++) {
        commit(store, number);
        if (number == TRANSACTIONS / 2) {
          store.checkpoint();
          older = Files.readAllBytes(dead.resolve("data"));
        }
        if (number == TRANSACTIONS - 3) {
          store.checkpoint();
        }
      }
      data = Files.readAllBytes(dead.resolve("data"));
      shm = Files.readAllBytes(dead.resolve("shm"));
    }
  }

  @AfterEach
  void deleteStore() {
    StoreForm.deleteTree(directory);
  }

  private static byte[] value(String key, int number) {
    boolean large = key.startsWith("long");
    byte[] bytes = new byte[large ? 4500 + 1700 * (number % 4) : 10 + number % 90];
    new SplittableRandom(key.hashCode() * 31L + number).nextBytes(bytes);
    return bytes;
  }

  private void commit(Store store, int number) {
    Map<String, byte[]> state = new HashMap<>(history.getLast());
    store.write(
        txn -> {
          for (int i = 0; i < 60; i++) {
            put(txn, "short", "short " + (i * 7 + number * 13) % 400, number, state);
          }
          put(txn, "long", "long " + number % 5, number, state);
          txn.table("short").delete(("short " + number).getBytes(UTF_8));
          state.remove("short " + number);
          txn.table("short").put(NUMBER, new byte[] {(byte) number});
        });
    history.add(state);
  }

  private static void put(
      WriteTxn txn, String table, String key, int number, Map<String, byte[]> state) {
    byte[] value = value(key, number);
    txn.table(table).put(key.getBytes(UTF_8), value);
    state.put(key, value);
  }

  /// Writes the store as the dead process left it. The files keep their identity.
  private void lay(byte[] dataBytes, byte[] shmBytes) throws IOException {
    Path store = directory.resolve("store");
    Files.write(store.resolve("data"), dataBytes);
    Files.deleteIfExists(store.resolve("shm"));
    if (shmBytes.length > 0) {
      Files.write(store.resolve("shm"), shmBytes);
    }
  }

  /// Uses a store in every way.
  private void use() {
    use(store -> {});
  }

  /// Opens a store, does something to it, and uses it in every way.
  private void use(Consumer<Store> before) {
    Store store;
    try {
      store = Store.open(directory.resolve("store"), OPTIONS);
    } catch (StoreException e) {
      errors++;
      return;
    }
    try {
      attempt(() -> before.accept(store));
      useOpened(store);
    } finally {
      attempt(store::close);
      attempt(store::close);
    }
  }

  private void useOpened(Store store) {
    List<Runnable> uses =
        List.of(
            () -> readAll(store),
            store::check,
            () -> store.write(txn -> txn.table("short").put(new byte[] {1}, new byte[50])),
            () -> store.write(txn -> txn.table("long").put(new byte[] {1}, new byte[9000])),
            () -> store.write(txn -> txn.table("short").delete("short 77".getBytes(UTF_8))),
            store::checkpoint,
            () -> useBounded(store),
            () -> store.backup(Channels.newChannel(OutputStream.nullOutputStream())),
            () -> store.compact(8),
            () -> readAll(store),
            store::stats,
            store::activity);
    for (Runnable each : uses) {
      attempt(each);
    }
  }

  /// Puts and gets entries of a table that evicts, if there is one.
  private static void useBounded(Store store) {
    if (!store.tables().contains("bounded")) {
      return;
    }
    Table table = store.table("bounded");
    for (int i = 0; i < 30; i++) {
      byte[] key = {(byte) i};
      byte[] value = value("short", i);
      byte[] found = table.get(key);
      assertTrue(found == null || Arrays.equals(value, found), () -> "a wrong value of " + key[0]);
      if (i % 3 == 0) {
        table.put(key, value);
      }
    }
    assertTrue(table.count() <= BOUNDED.maxEntries(), "more than the bound");
  }

  private void attempt(Runnable use) {
    try {
      use.run();
    } catch (StoreException e) {
      errors++;
    }
  }

  /// Reads each key and each table; every answer must be that of the snapshot's transaction.
  private void readAll(Store store) {
    try (ReadTxn txn = store.beginRead()) {
      byte[] number = txn.table("short").get(NUMBER);
      int transaction = number == null ? 0 : number[0];
      assertTrue(transaction >= 0 && transaction <= TRANSACTIONS, "transaction " + transaction);
      Map<String, byte[]> state = history.get(transaction);
      for (String table : TABLES) {
        attempt(() -> scan(txn.table(table), state));
      }
      for (int i = 0; i < 400; i += 3) {
        String key = (i % 30 == 0 ? "long " + i / 30 : "short " + i);
        attempt(() -> get(txn.table(key.substring(0, key.indexOf(' '))), key, state));
      }
      readWell++;
    }
  }

  private static void get(Table table, String key, Map<String, byte[]> state) {
    byte[] found = table.get(key.getBytes(UTF_8));
    if (!key.equals("short 77")) {
      assertTrue(Arrays.equals(state.get(key), found), () -> "a wrong value of " + key);
    }
  }

  private static void scan(Table table, Map<String, byte[]> state) {
    Set<String> missing = new HashSet<>();
    state.keySet().stream().filter(key -> key.startsWith(table.name())).forEach(missing::add);
    missing.remove("short 77");
    try (Cursor cursor = table.cursor()) {
      while (cursor.next()) {
        String key = new String(cursor.key(), UTF_8);
        missing.remove(key);
        if (key.contains(" ")) {
          assertTrue(
              Arrays.equals(state.get(key), cursor.valueBytes()), () -> "a wrong value of " + key);
        }
      }
    }
    assertEquals(Set.of(), missing, "keys that a scan lacks");
  }

  /// A use, and the next one.
  private void useTwice(String when) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(12),
        () -> {
          try {
            use();
            use();
          } catch (Throwable e) {
            throw new AssertionError(when, e);
          }
        },
        when);
  }

  private void campaign(String name, int atLeast, int seconds, Step step) throws IOException {
    long deadline = Campaign.deadlineNanos(seconds);
    long seed = Campaign.seed();
    int mutations = 0;
    while (mutations < atLeast || System.nanoTime() < deadline) {
      // A number of its own for each, so that -Dquire.seed of a failure begins with it.
      step.run(new SplittableRandom(seed + mutations), "-Dquire.seed=" + (seed + mutations));
      mutations++;
    }
    Campaign.note(
        name
            + ": "
            + mutations
            + " mutations, "
            + readWell
            + " snapshots read, "
            + errors
            + " errors, no wrong answer");
  }

  /// One mutation.
  private interface Step {
    void run(SplittableRandom random, String when) throws IOException;
  }

  @Test
  void use_dataOfAStoreAtRestMutated_isRightOrFails() throws IOException {
    campaign(
        "data",
        20,
        3,
        (random, when) -> {
          MutatedFile file = MutatedFile.of(data, older, random);
          lay(file.bytes(), new byte[0]);
          useTwice(when + ", data: " + file.words());
        });
    byte[] lost = data.clone();
    Arrays.fill(lost, SUPERBLOCKS_BYTES, lost.length, (byte) 0);
    lay(lost, new byte[0]);
    long before = errors;
    useTwice("all but the superblocks");
    assertTrue(errors > before, "lost pages were not noticed");
  }

  @Test
  void use_dataOfADeadProcessMutated_isRightOrFails() throws IOException {
    campaign(
        "data beside a shm",
        20,
        3,
        (random, when) -> {
          MutatedFile file = MutatedFile.of(data, older, random);
          lay(file.bytes(), shm);
          useTwice(when + ", data beside a shm: " + file.words());
        });
  }

  @Test
  void use_shmOfADeadProcessMutated_isRightOrFails() throws IOException {
    campaign(
        "shm",
        20,
        3,
        (random, when) -> {
          MutatedFile file =
              random.nextInt(3) == 0
                  ? MutatedFile.of(shm, shm, random)
                  : MutatedFile.ofWords(shm, 0, usedEnd(random), random);
          lay(data, file.bytes());
          useTwice(when + ", shm: " + file.words());
        });
  }

  /// The words that say which transaction is the newest, and what it is.
  @Test
  void read_headMutatedWhileItIsOpen_isRightOrFails() throws IOException {
    campaign(
        "head in use",
        20,
        1,
        (random, when) -> {
          lay(data, new byte[0]);
          int at = random.nextInt(4) == 0 ? HEAD : HEAD_RING + 8 * random.nextInt(64 * 128 / 8);
          byte[] word = new byte[8];
          if (random.nextBoolean()) {
            random.nextBytes(word);
          }
          assertTimeoutPreemptively(
              Duration.ofSeconds(12),
              () -> {
                try (Store store = Store.open(directory.resolve("store"), OPTIONS)) {
                  overwriteShm(at, word);
                  attempt(() -> readAll(store));
                } catch (StoreException e) {
                  errors++;
                }
              },
              when + ", word " + at + " of shm in use");
        });
  }

  /// Any word: of the header, a bitmap, the pending pages, the note, the plan, a slot.
  @Test
  void use_shmMutatedWhileItIsOpen_isRightOrFails() throws IOException {
    campaign(
        "shm in use",
        20,
        3,
        (random, when) -> {
          lay(data, new byte[0]);
          SharedWord[] word = new SharedWord[1];
          assertTimeoutPreemptively(
              Duration.ofSeconds(25),
              () -> {
                try {
                  use(store -> word[0] = useAndOverwrite(store, random));
                  use();
                } catch (Throwable e) {
                  throw new AssertionError(when + ", " + word[0], e);
                }
              },
              () -> when + ", " + word[0]);
        });
  }

  /// There are a note that was done, a plan, pending pages, and a touch table.
  private SharedWord useAndOverwrite(Store store, SplittableRandom random) {
    store.table("bounded", BOUNDED);
    useBounded(store);
    store.write(txn -> txn.table("short").put(new byte[] {1}, new byte[40]));
    store.checkpoint();
    store.write(txn -> txn.table("short").put(new byte[] {1}, new byte[45]));
    Path path = directory.resolve("store").resolve("shm");
    try {
      SharedWord word = SharedWord.choose(path, random);
      word.write(path);
      return word;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Most of the words that mean something are at the beginning.
  private int usedEnd(SplittableRandom random) {
    return switch (random.nextInt(3)) {
      case 0 -> 512;
      case 1 -> 8192;
      default -> shm.length;
    };
  }

  private void overwriteShm(int at, byte[] word) {
    Path path = directory.resolve("store").resolve("shm");
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(at);
      file.write(word);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
