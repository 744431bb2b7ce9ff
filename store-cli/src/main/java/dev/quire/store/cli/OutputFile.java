package dev.quire.store.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/// A file that a command makes: it gets its name when it is whole. What was not finished goes away,
/// at an interrupt too. `-` is the standard output.
final class OutputFile implements AutoCloseable {

  private static final int BUFFER_BYTES = 256 << 10;

  private final OutputStream stream;
  private final @Nullable Path path;
  private final @Nullable Path unfinished;
  private final Thread cleaner = new Thread(this::deleteUnfinished);

  /// @param name the file, `-` or null for the standard output
  /// @param replace whether it may take the place of another one
  OutputFile(Output output, @Nullable String name, boolean replace) throws IOException {
    if (name == null || name.equals("-")) {
      path = null;
      unfinished = null;
      stream = output.data();
      return;
    }
    path = Path.of(name);
    if (Files.exists(path) && !replace) {
      throw new CommandFailure(
          ExitCode.UNAVAILABLE, path + " exists; give another name, or --force to replace it");
    }
    unfinished = path.resolveSibling(path.getFileName() + ".new");
    Runtime.getRuntime().addShutdownHook(cleaner);
    stream = new BufferedOutputStream(Files.newOutputStream(unfinished), BUFFER_BYTES);
  }

  OutputStream stream() {
    return stream;
  }

  /// The file is whole.
  void finish() throws IOException {
    stream.flush();
    if (path != null && unfinished != null) {
      stream.close();
      Files.move(
          unfinished, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private void deleteUnfinished() {
    try {
      if (unfinished != null) {
        Files.deleteIfExists(unfinished);
      }
    } catch (IOException e) {
      // Its name says that it is not finished.
    }
  }

  @Override
  public void close() throws IOException {
    if (unfinished != null) {
      stream.close();
      deleteUnfinished();
      Runtime.getRuntime().removeShutdownHook(cleaner);
    }
  }
}
