package dev.quire.store.internal.region;

import dev.quire.store.errors.StoreException;
import dev.quire.store.errors.StoreFullException;
import dev.quire.store.errors.StoreIoException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Turns what the operating system reports into the exceptions of the store: once, here.
final class IoFailure {

  private IoFailure() {}

  /// A write or a growth failed: full if there is no room, a failure of I/O otherwise.
  static StoreException ofWrite(Path path, String action, long wantedBytes, IOException cause) {
    if (isNoRoom(cause.getMessage()) || usableBytes(path) < wantedBytes) {
      return new StoreFullException(
          action + " " + path + " failed: " + reason(cause) + "; free some space and try again",
          cause);
    }
    return of(path, action, cause);
  }

  /// Fails if the file system of a path says that it has less room than this.
  ///
  /// @throws StoreFullException if so
  static void requireRoom(Path path, long wantedBytes) {
    long usable = usableBytes(path);
    if (usable < wantedBytes) {
      throw new StoreFullException(
          "growing "
              + path
              + " by "
              + wantedBytes
              + " bytes is not possible: its file system has room for "
              + usable
              + "; free some space and try again");
    }
  }

  /// Anything else failed.
  static StoreIoException of(Path path, String action, IOException cause) {
    return new StoreIoException(action + " " + path + " failed: " + reason(cause), cause);
  }

  /// Whether the message is that of ENOSPC, EDQUOT or EFBIG. In a foreign locale it may be none of
  /// them: then the free space of the file system decides.
  static boolean isNoRoom(@Nullable String message) {
    return message != null
        && (message.contains("No space left on device")
            || message.contains("Disk quota exceeded")
            || message.contains("Disc quota exceeded")
            || message.contains("File too large"));
  }

  private static String reason(IOException cause) {
    if (cause instanceof AccessDeniedException) {
      return "this user may not; its owner can allow it";
    }
    if (cause instanceof NoSuchFileException) {
      return "it is not there";
    }
    if (cause instanceof DirectoryNotEmptyException) {
      return "it is a directory that holds something";
    }
    String message =
        cause instanceof FileSystemException named ? named.getReason() : cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }

  private static long usableBytes(Path path) {
    try {
      Path existing = Files.exists(path) ? path : Directories.parentOf(path);
      FileStore store = Files.getFileStore(existing);
      // A file system in memory without a limit has a size of 0.
      return store.getTotalSpace() == 0 ? Long.MAX_VALUE : store.getUsableSpace();
    } catch (IOException unknown) {
      return Long.MAX_VALUE;
    }
  }
}
