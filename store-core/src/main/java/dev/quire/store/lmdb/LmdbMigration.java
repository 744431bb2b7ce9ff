package dev.quire.store.lmdb;

import dev.quire.store.Store;
import dev.quire.store.errors.NotAStoreException;
import dev.quire.store.errors.StoreIoException;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Copies everything between an LMDB environment and a store, into a new one. The copy is made
/// beside its place, compared by its numbers of entries, and renamed when it is complete.
///
/// From LMDB: any environment, a directory or a single file. A named database becomes the table of
/// its name, in the order of bytes. Keys of `MDB_INTEGERKEY` become numbers, and their table one of
/// integer keys. The entries of the unnamed database become a table of their own.
///
/// To LMDB: an environment as the backend `lmdb` makes it.
public final class LmdbMigration {

  private static final byte[] MAGIC = {(byte) 0xDE, (byte) 0xC0, (byte) 0xEF, (byte) 0xBE};

  /// Where the magic number is in a file of LMDB.
  private static final int MAGIC_OFFSET = 16;

  /// What a copy does where there is a choice.
  ///
  /// @param flattenDuplicates whether databases with several values for a key are copied: each
  ///   value then becomes an entry, whose key is the key followed by its number, four bytes,
  ///   big-endian, from 0. Else they are refused
  /// @param unnamed table for the entries of LMDB's unnamed database; in the other direction the
  ///   table whose entries go there, or null for none
  /// @param singleFile whether the LMDB environment to be made is a file, not a directory
  public record Choices(boolean flattenDuplicates, @Nullable String unnamed, boolean singleFile) {

    /// Table for the entries of the unnamed database if none is named.
    public static final String DEFAULT_UNNAMED = "main";

    /// Nothing but what is certain.
    public static Choices defaults() {
      return new Choices(false, null, false);
    }
  }

  /// Is told how a copy goes on.
  public interface Progress {

    /// Some entries more were copied.
    ///
    /// @param copied entries of the table up to now
    /// @param all entries of the table
    void copied(String table, long copied, long all);

    /// Something that should be known about a table.
    void note(String text);
  }

  private LmdbMigration() {}

  /// Whether there is an LMDB environment, a directory or a file.
  ///
  /// @throws StoreIoException if it cannot be read
  public static boolean isLmdb(Path path) {
    Path file = Files.isDirectory(path) ? path.resolve(LmdbOpening.DATA_FILE) : path;
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(MAGIC_OFFSET + MAGIC.length);
      return head.length == MAGIC_OFFSET + MAGIC.length
          && Arrays.equals(head, MAGIC_OFFSET, head.length, MAGIC, 0, MAGIC.length);
    } catch (IOException e) {
      throw new StoreIoException("read " + file + ": " + e, e);
    }
  }

  /// Makes a store of an LMDB environment.
  ///
  /// @return number of entries of each table
  /// @throws UnsupportedOperationException if something in it can be in no store; nothing is made
  /// @throws NotAStoreException if there is no LMDB environment
  /// @throws StoreIoException if there is something at `to`, or the system refuses
  public static Map<String, Long> fromLmdb(Path from, Path to, Choices choices, Progress progress) {
    LmdbProvider.requireLibrary();
    if (!isLmdb(from)) {
      throw new NotAStoreException("there is no LMDB environment at " + from);
    }
    return make(
        to,
        place -> {
          Path directory = place.resolve("store");
          StoreOptions options = StoreOptions.defaults().withDurability(Durability.CHECKPOINT);
          Map<String, Long> copied;
          try (LmdbSource source = LmdbSource.open(from);
              Store store = Store.open(directory, options)) {
            copied = source.copyTo(store, choices, progress);
            requireCounts(store, copied);
          }
          return new Made(directory, copied);
        });
  }

  /// Makes an LMDB environment of a store.
  ///
  /// @return number of entries of each table
  /// @throws UnsupportedOperationException if something in it can be in no LMDB environment;
  ///   nothing is made
  /// @throws StoreIoException if there is something at `to`, or the system refuses
  public static Map<String, Long> toLmdb(Path from, Path to, Choices choices, Progress progress) {
    LmdbProvider.requireLibrary();
    return make(
        to,
        place -> {
          Path directory = place.resolve("lmdb");
          Map<String, Long> copied;
          try (Store store = Store.open(from, StoreOptions.defaults().withCreateIfMissing(false))) {
            copied = LmdbTarget.copy(store, directory, choices, progress);
          }
          try (LmdbSource written = LmdbSource.open(directory)) {
            written.requireCounts(copied, choices);
          }
          Path made = choices.singleFile ? directory.resolve(LmdbOpening.DATA_FILE) : directory;
          return new Made(made, copied);
        });
  }

  /// What was made in a place of its own.
  private record Made(Path path, Map<String, Long> entries) {}

  /// Makes something in an empty directory.
  private interface Work {
    Made in(Path place) throws IOException;
  }

  private static Map<String, Long> make(Path to, Work work) {
    if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
      throw new StoreIoException("there is something at " + to + " already: name a new path");
    }
    Path parent = to.toAbsolutePath().normalize().getParent();
    try {
      Path place = Files.createTempDirectory(parent, to.getFileName() + ".migrating-");
      try {
        Made made = work.in(place);
        Path _ = Files.move(made.path, to, StandardCopyOption.ATOMIC_MOVE);
        return made.entries;
      } finally {
        deleteTree(place);
      }
    } catch (IOException e) {
      throw new StoreIoException("make " + to + ": " + e, e);
    }
  }

  private static void deleteTree(Path root) throws IOException {
    try (Stream<Path> found = Files.walk(root)) {
      List<Path> deepestFirst = found.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    }
  }

  private static void requireCounts(Store store, Map<String, Long> copied) {
    for (Map.Entry<String, Long> table : copied.entrySet()) {
      requireCount(table.getKey(), table.getValue(), store.table(table.getKey()).count());
    }
  }

  /// @throws StoreIoException if the numbers differ
  static void requireCount(String table, long expected, long found) {
    if (expected != found) {
      throw new StoreIoException(
          "table \"" + table + "\" has " + expected + " entries, and its copy " + found);
    }
  }
}
