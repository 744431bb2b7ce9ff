package dev.quire.store.internal.region;

import dev.quire.store.errors.StoreIoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// The directory in which this user's stores in memory lie: `/dev/shm/quire-<uid>`, or one of that
/// name in the directory for temporary files where there is no `/dev/shm`.
///
/// Its parent is everybody's: so it must be a directory, not a link, and belong to this user alone
/// before anything in it is trusted.
public final class MemoryDirectory {

  private static final Set<PosixFilePermission> OWNERS =
      PosixFilePermissions.fromString("rwx------");

  private MemoryDirectory() {}

  /// The directory of this process's user; it need not exist.
  public static Path ofUser() {
    return ofUserIn(Directories.ofMemory());
  }

  /// The same in another directory than that of memory.
  static Path ofUserIn(Path parent) {
    try {
      Path own = Files.createTempFile(parent, "quire-", ".tmp");
      try {
        return parent.resolve("quire-" + Files.getAttribute(own, "unix:uid"));
      } finally {
        Files.delete(own);
      }
    } catch (IOException e) {
      throw IoFailure.ofWrite(parent, "creating a file in", 0, e);
    } catch (UnsupportedOperationException e) {
      return parent.resolve("quire-" + System.getProperty("user.name"));
    }
  }

  /// Creates the directory if it is missing.
  ///
  /// @throws StoreIoException if something else has its name, or others than this user may use it
  public static void prepare(Path directory) {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      Directories.create(directory);
    }
    requireOwn(directory);
  }

  /// Fails if the directory, if there is one, is not this user's alone.
  ///
  /// @return whether there is one
  public static boolean isThere(Path directory) {
    boolean there = Files.exists(directory, LinkOption.NOFOLLOW_LINKS);
    if (there) {
      requireOwn(directory);
    }
    return there;
  }

  private static void requireOwn(Path directory) {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw refused(directory, "it is not a directory", "remove it");
    }
    try {
      if (!isOwn(directory)) {
        throw refused(directory, "it belongs to " + Files.getOwner(directory), "remove it");
      }
      if (!OWNERS.containsAll(Files.getPosixFilePermissions(directory))) {
        throw refused(directory, "others may use it", "chmod 700 it");
      }
    } catch (IOException e) {
      throw IoFailure.of(directory, "reading the attributes of", e);
    } catch (UnsupportedOperationException e) {
      // Without owners there is nobody else.
    }
  }

  /// Whether it belongs to whoever a new file of this process belongs to.
  private static boolean isOwn(Path directory) throws IOException {
    Path parent = Directories.parentOf(directory);
    Path own = Files.createTempFile(parent, "quire-", ".tmp");
    try {
      return Files.getOwner(own).equals(Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS));
    } finally {
      Files.delete(own);
    }
  }

  private static StoreIoException refused(Path directory, String reason, String remedy) {
    return new StoreIoException(
        directory + " cannot hold stores in memory: " + reason + "; " + remedy + " and try again");
  }

  /// When the file, which was not written since, was made; epoch milliseconds.
  public static long createdMillis(Path file) {
    try {
      FileTime time = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS);
      return time.toMillis();
    } catch (IOException e) {
      throw IoFailure.of(file, "reading the attributes of", e);
    }
  }

  /// Length of a file, 0 if there is none.
  public static long sizeBytes(Path file) {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      throw IoFailure.of(file, "reading the length of", e);
    }
  }
}
