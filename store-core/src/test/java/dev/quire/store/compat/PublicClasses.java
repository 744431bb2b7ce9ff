package dev.quire.store.compat;

import dev.quire.store.Store;
import dev.quire.store.testing.ChildJvm;
import dev.quire.store.testing.JvmLaunch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/// A copy of the classes that every user may read, for processes of other users.
///
/// @param classPath of such a process
record PublicClasses(String classPath) {

  /// Makes the copy in a directory.
  static PublicClasses copyTo(Path directory) throws IOException, URISyntaxException {
    return new PublicClasses(
        copy(directory, Store.class, "main") + ":" + copy(directory, MemoryRole.class, "test"));
  }

  private static Path copy(Path directory, Class<?> type, String name)
      throws IOException, URISyntaxException {
    Path from = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path to = directory.resolve(name);
    try (Stream<Path> files = Files.walk(from)) {
      files.forEach(file -> copy(file, to.resolve(from.relativize(file).toString())));
    }
    return to;
  }

  private static void copy(Path from, Path to) {
    try {
      Files.copy(from, to);
      boolean isDirectory = Files.isDirectory(to);
      String mode = isDirectory ? "rwxr-xr-x" : "rw-r--r--";
      Files.setPosixFilePermissions(to, PosixFilePermissions.fromString(mode));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Starts a [MemoryRole] under a command.
  ChildJvm start(String... prefix) {
    JvmLaunch plain = JvmLaunch.of(MemoryRole.class);
    return ChildJvm.start(
        new JvmLaunch(plain.main(), List.of(prefix), plain.flags(), classPath, plain.patience()));
  }
}
