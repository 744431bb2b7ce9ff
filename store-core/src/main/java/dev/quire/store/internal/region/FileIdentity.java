package dev.quire.store.internal.region;

import dev.quire.store.errors.StoreIoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Which file a path names: the same as long as the file lives, whatever it is called.
///
/// An inode number is given again to a new file after the old one is gone, hence the time of
/// creation. Zero stands for an unknown one: some file systems keep none, and the JDK then answers
/// with the time of the last modification.
///
/// @param device number of the file system
/// @param inode number of the file in it
/// @param createdNanos time of creation since the epoch, 0 if unknown
public record FileIdentity(long device, long inode, long createdNanos) {

  /// The identity of the file at `path` (exists), found without opening it.
  public static FileIdentity of(Path path) {
    try {
      Map<String, Object> attributes =
          Files.readAttributes(path, "unix:dev,ino,creationTime,lastModifiedTime");
      boolean known =
          attributes.get("creationTime") instanceof FileTime created
              && !created.equals(attributes.get("lastModifiedTime"));
      return new FileIdentity(
          number(attributes, "dev"),
          number(attributes, "ino"),
          known ? nanos(attributes, "creationTime") : 0);
    } catch (IOException e) {
      throw IoFailure.of(path, "reading the attributes of", e);
    } catch (UnsupportedOperationException e) {
      throw new StoreIoException(path + " is on a file system without file identities", e);
    }
  }

  /// How many names the file has, 1 where the system does not tell.
  public static long names(Path path) {
    try {
      return Files.getAttribute(path, "unix:nlink") instanceof Number count ? count.longValue() : 1;
    } catch (IOException e) {
      throw IoFailure.of(path, "reading the attributes of", e);
    } catch (UnsupportedOperationException e) {
      return 1;
    }
  }

  private static long number(Map<String, Object> attributes, String name) {
    if (attributes.get(name) instanceof Number number) {
      return number.longValue();
    }
    throw new UnsupportedOperationException(name);
  }

  private static long nanos(Map<String, Object> attributes, String name) {
    return attributes.get(name) instanceof FileTime time ? time.to(TimeUnit.NANOSECONDS) : 0;
  }

  /// Whether both name one file. An unknown time of creation agrees with every other.
  public boolean isSameFile(FileIdentity other) {
    return device == other.device
        && inode == other.inode
        && (createdNanos == other.createdNanos || createdNanos == 0 || other.createdNanos == 0);
  }

  /// A text that is equal for equal files in one JVM, made of the numbers that never change.
  String key() {
    return Long.toHexString(device) + ':' + Long.toHexString(inode);
  }

  /// Fails unless `path` still names this file.
  void requireAt(Path path) {
    FileIdentity found = of(path);
    if (!isSameFile(found)) {
      throw new StoreIoException(
          path + " was replaced: expected file " + this + ", found " + found + "; reopen the store",
          new NoSuchFileException(path.toString()));
    }
  }
}
