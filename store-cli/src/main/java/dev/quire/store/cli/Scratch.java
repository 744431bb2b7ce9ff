package dev.quire.store.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A temporary directory, gone with what is in it when it is closed, or when the program ends.
final class Scratch implements AutoCloseable {

  private final Path path;
  private final Thread cleaner;

  /// Makes it in the directory for temporary files.
  Scratch() throws IOException {
    this(Path.of(System.getProperty("java.io.tmpdir")));
  }

  /// Makes it in `parent`.
  Scratch(Path parent) throws IOException {
    path = Files.createTempDirectory(parent, "quire-demo");
    cleaner = new Thread(() -> deleteTree(path));
    Runtime.getRuntime().addShutdownHook(cleaner);
  }

  Path path() {
    return path;
  }

  @Override
  public void close() {
    deleteTree(path);
    Runtime.getRuntime().removeShutdownHook(cleaner);
  }

  /// Deletes what is there of a directory.
  private static void deleteTree(Path root) {
    try (Stream<Path> found = Files.walk(root)) {
      List<Path> deepestFirst = found.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      // A temporary directory that cannot be removed is the system's to clean.
    }
  }
}
