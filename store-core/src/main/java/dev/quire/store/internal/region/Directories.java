package dev.quire.store.internal.region;

import dev.quire.store.errors.NotAStoreException;
import dev.quire.store.errors.StoreIoException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/// Names of files: creating, renaming and removing them, private to their owner and durably.
public final class Directories {

  private Directories() {}

  /// Creates the directory for its owner alone, and its parents, unless it is there already.
  public static void create(Path directory) {
    create(directory, FileAccess.OWNER);
  }

  /// Creates the directory, and its parents for their owner alone, unless it is there already.
  public static void create(Path directory, FileAccess access) {
    try {
      boolean isNew = !Files.exists(directory);
      Files.createDirectories(directory, access.ofNewDirectory(directory));
      if (isNew) {
        access.open(directory);
      }
    } catch (IOException e) {
      throw IoFailure.ofWrite(directory, "creating", 0, e);
    }
  }

  /// The directory without symbolic links on the way to it.
  public static Path realPath(Path directory) {
    try {
      return directory.toRealPath();
    } catch (IOException e) {
      throw IoFailure.of(directory, "resolving", e);
    }
  }

  /// Creates an empty file for its owner alone.
  ///
  /// @return false if a file was there already
  public static boolean createFile(Path file) {
    return createFile(file, FileAccess.OWNER);
  }

  /// Creates an empty file.
  ///
  /// @return false if a file was there already
  public static boolean createFile(Path file, FileAccess access) {
    try {
      Files.createFile(file, access.ofNewFile(file));
      access.open(file);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      throw IoFailure.ofWrite(file, "creating", 0, e);
    }
  }

  /// Renames a file, in place of the one that has the new name. Durable after [#sync].
  public static void rename(Path from, Path to) {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw IoFailure.ofWrite(from, "renaming", 0, e);
    }
  }

  /// Removes a file or an empty directory if it is there. Durable after [#sync].
  ///
  /// @return whether it was there
  public static boolean delete(Path path) {
    try {
      return Files.deleteIfExists(path);
    } catch (IOException e) {
      throw IoFailure.of(path, "deleting", e);
    }
  }

  /// The names of what lies in the directory.
  public static List<String> names(Path directory) {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        names.add(String.valueOf(entry.getFileName()));
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw new StoreIoException("listing " + directory + " failed: " + e.getMessage(), e);
    }
    return names;
  }

  /// Makes the names in the directory durable.
  public static void sync(Path directory) {
    try {
      CalmThread.call(
          () -> {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
              channel.force(true);
            }
            return directory;
          });
    } catch (IOException e) {
      throw IoFailure.of(directory, "syncing", e);
    }
  }

  /// Fails if the path is there and no file, or if it is a symbolic link: a store's files are its
  /// own.
  public static void requireFileOrNothing(Path path) {
    // Looked at once: another process may remove it at any time.
    BasicFileAttributes found;
    try {
      found = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return;
    } catch (IOException e) {
      throw IoFailure.of(path, "looking at", e);
    }
    if (found.isSymbolicLink()) {
      throw new NotAStoreException(
          path
              + " is a symbolic link: the files of a store must lie in its directory. Link to the"
              + " directory instead, or move the file there");
    }
    if (!found.isRegularFile()) {
      throw new NotAStoreException(
          path
              + " is no file, but "
              + (found.isDirectory() ? "a directory" : "something else")
              + ": a store has a file of that name; give another directory, or move it away");
    }
  }

  /// Where files live in memory: `/dev/shm`, or the directory for temporary files if there is none.
  public static Path ofMemory() {
    Path shm = Path.of("/dev/shm");
    return Files.isDirectory(shm) && Files.isWritable(shm)
        ? shm
        : Path.of(System.getProperty("java.io.tmpdir"));
  }

  /// The directory in which `file` lies.
  static Path parentOf(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file.toAbsolutePath() : parent;
  }
}
