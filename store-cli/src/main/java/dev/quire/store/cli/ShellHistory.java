package dev.quire.store.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The file in which the shell keeps the lines that were typed. They hold keys and values, so that
/// nobody but the user may read it.
final class ShellHistory {

  private ShellHistory() {}

  /// Makes the file if there is none.
  ///
  /// @param environment says where it is
  /// @return null if there is no place for it
  static @Nullable Path prepare(Map<String, String> environment) {
    Path directory = directory(environment);
    if (directory == null) {
      return null;
    }
    Path file = directory.resolve("history");
    Set<PosixFilePermission> own = PosixFilePermissions.fromString("rw-------");
    try {
      Files.createDirectories(directory);
      if (Files.exists(file)) {
        Files.setPosixFilePermissions(file, own);
      } else {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(own));
      }
      return file;
    } catch (IOException e) {
      // The shell is of use without a history.
      return null;
    }
  }

  private static @Nullable Path directory(Map<String, String> environment) {
    String state = environment.getOrDefault("XDG_STATE_HOME", "");
    String home = environment.getOrDefault("HOME", "");
    if (state.startsWith("/")) {
      return Path.of(state, "quire");
    }
    return home.isEmpty() ? null : Path.of(home, ".local", "state", "quire");
  }
}
