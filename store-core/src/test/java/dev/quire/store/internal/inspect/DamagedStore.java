package dev.quire.store.internal.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quire.store.Store;
import dev.quire.store.Table;
import dev.quire.store.TableOptions;
import dev.quire.store.WriteTxn;
import dev.quire.store.errors.Violation;
import dev.quire.store.internal.txn.Engine;
import dev.quire.store.options.StoreOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/// A store with a tree of each kind, that tests damage while it is closed and check when it is
/// open.
final class DamagedStore {

  /// Byte keys, three levels with pages of 4 KiB.
  static final String TEXT = "text";

  /// Integer keys, two levels.
  static final String NUMBERS = "numbers";

  /// Long values and long keys.
  static final String LARGE = "large";

  /// No checkpoint by itself: it would take the records that a test damages out of the log's part
  /// that counts, and keep a check from copying what the store is in.
  static final StoreOptions OPTIONS =
      StoreOptions.defaults().withRingSizeBytes(64 << 10).withCheckpointPeriod(Duration.ofHours(1));

  private final Path directory;
  private final StoreImage sound;

  /// Makes the store.
  DamagedStore(Path parent) {
    this.directory = parent.resolve("damaged");
    try (Store store = Store.open(directory, OPTIONS)) {
      fill(store);
    }
    this.sound = StoreImage.read(data());
  }

  private static void fill(Store store) {
    Random random = new Random(1);
    try (WriteTxn txn = store.beginWrite()) {
      Table text = txn.table(TEXT);
      for (int i = 0; i < 4_000; i++) {
        byte[] key = new byte[180];
        byte[] start = ("key " + i).getBytes(StandardCharsets.UTF_8);
        random.nextBytes(key);
        System.arraycopy(start, 0, key, 0, start.length);
        text.put(key, start);
      }
      Table numbers = txn.table(NUMBERS, TableOptions.defaults().withIntegerKeys(true));
      for (long i = 0; i < 1_000; i++) {
        numbers.put(i * 3, new byte[20]);
      }
      Table large = txn.table(LARGE);
      for (int i = 0; i < 8; i++) {
        byte[] key = new byte[i % 2 == 0 ? 10 : 2_000];
        key[key.length - 1] = (byte) i;
        byte[] value = new byte[3_000 * (i + 1)];
        random.nextBytes(value);
        large.put(key, value);
      }
      txn.commit();
    }
  }

  Path data() {
    return directory.resolve("data");
  }

  /// A copy of the closed store's bytes.
  StoreImage image() {
    return sound.copy();
  }

  /// What the checker finds in a store with these bytes.
  List<Violation> check(StoreImage image) {
    return report(image).violations();
  }

  IntegrityChecker.Report report(StoreImage image) {
    image.write(data());
    Engine engine = Engine.open(directory, OPTIONS.withCreateIfMissing(false));
    try {
      return IntegrityChecker.check(engine);
    } finally {
      engine.close();
    }
  }

  /// Opens the sound store.
  Engine open() {
    sound.write(data());
    return Engine.open(directory, OPTIONS.withCreateIfMissing(false));
  }

  /// Checks that damage is found, and where.
  ///
  /// @param expected part of what the violation must say
  void assertFound(StoreImage image, long pageNo, String expected) {
    List<Violation> violations = check(image);
    long found =
        violations.stream()
            .filter(v -> v.pageNo() == pageNo && v.toString().contains(expected))
            .count();
    assertEquals(
        1, Math.min(1, found), () -> "page " + pageNo + ", " + expected + ": " + violations);
  }

  /// The length of the data file.
  long sizeBytes() {
    try {
      return Files.size(data());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
