package dev.quire.store.internal.txn;

import dev.quire.store.errors.NotAStoreException;
import dev.quire.store.errors.StoreIoException;
import dev.quire.store.errors.StoreLockedException;
import dev.quire.store.internal.region.Directories;
import dev.quire.store.internal.region.LockFile;
import dev.quire.store.internal.region.MemoryDirectory;
import dev.quire.store.internal.region.StoreRegistry;
import dev.quire.store.options.StoreOptions;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;

/// The stores in memory that processes find by name or by token: each a directory in the one of
/// [MemoryDirectory]. Those with a token begin with a dot.
///
/// The engines of other class loaders of this process are not looked at: their lock files must not
/// be opened here.
public final class SharedStores {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");
  private static final Pattern TOKEN = Pattern.compile("[0-9a-f]{32}");
  private static final String TEMPORARY_PREFIX = ".";
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long UNLINK_NANOS = TimeUnit.SECONDS.toNanos(10);

  /// One store.
  ///
  /// @param name its name, or its token
  /// @param temporary whether it is one with a token
  /// @param sizeBytes memory that it takes up
  /// @param created when it was made
  /// @param users processes that have it open; at least one if another class loader of this process
  ///   has
  public record Entry(String name, boolean temporary, long sizeBytes, Instant created, int users) {}

  private final Path root;

  /// @param root the directory in which the stores lie
  SharedStores(Path root) {
    this.root = root;
  }

  /// Those of this process's user.
  public static SharedStores ofUser() {
    return new SharedStores(MemoryDirectory.ofUser());
  }

  /// Opens the store of a name; makes it if there is none and the options say so.
  public Engine open(String name, StoreOptions options) {
    Path directory = placeOf(name);
    requireNoGroup(options);
    prepareRoot(options.createIfMissing(), name);
    return openAt(directory, options, StoreKind.VOLATILE);
  }

  /// A token that nobody has.
  public static String newToken() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  /// Makes the store of a new token.
  public Engine createTemporary(String token, StoreOptions options) {
    requireNoGroup(options);
    prepareRoot(true, token);
    sweep();
    return openAt(temporaryPlaceOf(token), options.withCreateIfMissing(true), StoreKind.TEMPORARY);
  }

  /// Opens the store of a token.
  ///
  /// @throws NotAStoreException if its last user has gone
  public Engine openTemporary(String token, StoreOptions options) {
    Path directory = temporaryPlaceOf(token);
    if (!MemoryDirectory.isThere(root) || !Files.exists(directory)) {
      throw new NotAStoreException(
          "there is no store with the token " + token + ": its last user has closed it");
    }
    return openAt(directory, options.withCreateIfMissing(false), StoreKind.TEMPORARY);
  }

  /// All stores, in the order of their names. Removes those with a token that nobody uses.
  public List<Entry> list() {
    List<Entry> entries = new ArrayList<>();
    if (MemoryDirectory.isThere(root)) {
      sweep();
      List<String> names = new ArrayList<>(Directories.names(root));
      Collections.sort(names);
      for (String name : names) {
        Path directory = root.resolve(name);
        boolean half = name.startsWith(MemoryStore.REMOVED_PREFIX);
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS) && !half) {
          addEntry(entries, directory, name);
        }
      }
    }
    return entries;
  }

  /// Removes the name of a store. Processes that have it open keep it until they close it.
  ///
  /// @param name its name, or its token
  /// @return whether there was one
  /// @throws StoreLockedException if it is being opened, or another class loader of this process
  ///   has it open
  public boolean unlink(String name) {
    Path named = placeOf(name);
    boolean isToken = !Files.exists(named) && TOKEN.matcher(name).matches();
    Path directory = isToken ? temporaryPlaceOf(name) : named;
    if (!MemoryDirectory.isThere(root) || !Files.isDirectory(directory)) {
      return false;
    }
    try {
      if (!MemoryStore.isStore(directory)) {
        throw new NotAStoreException(directory + " holds other files than a store's; remove it");
      }
      withLock(directory, locks -> unlink(directory, locks));
      return true;
    } catch (StoreIoException e) {
      if (isRemoval(e)) {
        return false;
      }
      throw e;
    }
  }

  private static int unlink(Path directory, ProcessLocks locks) {
    if (!locks.take(ProcessLocks.OPEN, System.nanoTime() + UNLINK_NANOS)) {
      throw new StoreLockedException(
          "another process is opening " + directory + "; if it is stopped, end it");
    }
    try {
      // Or somebody else was first, and what has the name now is another store.
      locks.requirePresent();
      MemoryStore.remove(directory);
      return 1;
    } finally {
      locks.release(ProcessLocks.OPEN);
    }
  }

  private Engine openAt(Path directory, StoreOptions options, StoreKind kind) {
    long deadline = System.nanoTime() + options.lockTimeout().toNanos();
    while (true) {
      try {
        return OpenEngines.open(directory, options, kind);
      } catch (StoreIoException e) {
        // Unlinked, or swept, just while it was opened: there is another one now, or none.
        if (!isRemoval(e) || System.nanoTime() - deadline > 0) {
          throw e;
        }
      }
    }
  }

  private void addEntry(List<Entry> entries, Path directory, String name) {
    try {
      Path lock = directory.resolve(StoreFiles.LOCK);
      long sizeBytes =
          MemoryDirectory.sizeBytes(directory.resolve(StoreFiles.DATA))
              + MemoryDirectory.sizeBytes(directory.resolve(StoreFiles.SHM));
      boolean temporary = name.startsWith(TEMPORARY_PREFIX);
      String shown = temporary ? name.substring(TEMPORARY_PREFIX.length()) : name;
      Path dated = Files.exists(lock) ? lock : directory;
      Instant created = Instant.ofEpochMilli(MemoryDirectory.createdMillis(dated));
      entries.add(new Entry(shown, temporary, sizeBytes, created, countUsers(directory)));
    } catch (StoreIoException e) {
      // Else it was unlinked just now.
      if (!isRemoval(e)) {
        throw e;
      }
    }
  }

  /// Whether a failure says that somebody else removed the store meanwhile.
  private static boolean isRemoval(StoreIoException e) {
    return e.getCause() instanceof NoSuchFileException;
  }

  private int countUsers(Path directory) {
    try {
      return withLock(directory, SharedStores::countUsers);
    } catch (StoreLockedException e) {
      return 1;
    }
  }

  private static int countUsers(ProcessLocks locks) {
    boolean alone = locks.take(ProcessLocks.OPEN, System.nanoTime() + LOOK_NANOS);
    try {
      return locks.countUsers();
    } finally {
      if (alone) {
        locks.release(ProcessLocks.OPEN);
      }
    }
  }

  /// Removes the stores with a token whose users have all died.
  private void sweep() {
    for (String name : Directories.names(root)) {
      Path directory = root.resolve(name);
      if (name.startsWith(TEMPORARY_PREFIX) && Files.isDirectory(directory)) {
        try {
          sweep(directory);
        } catch (StoreIoException | StoreLockedException e) {
          // Somebody else removes it, or uses it.
        }
      }
    }
  }

  private static void sweep(Path directory) {
    if (!Files.exists(directory.resolve(StoreFiles.LOCK))) {
      // Its maker has not come further, or died: it will make another one.
      MemoryStore.remove(directory);
      return;
    }
    withLock(directory, locks -> removeUnused(directory, locks));
  }

  private static int removeUnused(Path directory, ProcessLocks locks) {
    if (!locks.tryTake(ProcessLocks.OPEN)) {
      return 0;
    }
    try {
      locks.requirePresent();
      int users = locks.countUsers();
      if (users == 0) {
        MemoryStore.remove(directory);
      }
      return users;
    } finally {
      locks.release(ProcessLocks.OPEN);
    }
  }

  /// Does something with the lock file of a store, which this process may have open.
  private static int withLock(Path directory, ToIntFunction<ProcessLocks> work) {
    return OpenEngines.exclusively(
        () -> {
          LockFile open = OpenEngines.findLock(directory);
          if (open != null) {
            return work.applyAsInt(ProcessLocks.of(open, directory));
          }
          Path path = directory.resolve(StoreFiles.LOCK);
          try (StoreRegistry.Claim claim = StoreRegistry.claim(path, "quire");
              LockFile lock = LockFile.open(claim)) {
            return work.applyAsInt(ProcessLocks.of(lock, directory));
          }
        });
  }

  private void prepareRoot(boolean create, String name) {
    if (create) {
      MemoryDirectory.prepare(root);
    } else if (!MemoryDirectory.isThere(root)) {
      throw new NotAStoreException("there is no store in memory called " + name);
    }
  }

  private static void requireNoGroup(StoreOptions options) {
    if (options.group()) {
      throw new IllegalArgumentException(
          "a store in memory belongs to one user; open one by its path in a directory of the"
              + " group");
    }
  }

  private Path placeOf(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "\""
              + name
              + "\" is no name of a store in memory: allowed are 1 to 100 of the characters a-z A-Z"
              + " 0-9 - _ and, not at the start, the dot");
    }
    return root.resolve(name);
  }

  private Path temporaryPlaceOf(String token) {
    if (!TOKEN.matcher(token).matches()) {
      throw new IllegalArgumentException(
          "\"" + token + "\" is no token: it has 32 digits from 0 to f");
    }
    return root.resolve(TEMPORARY_PREFIX + token);
  }
}
