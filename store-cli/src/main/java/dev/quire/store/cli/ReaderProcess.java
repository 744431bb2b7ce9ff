package dev.quire.store.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A process that runs [SharingReader], as the one that started it sees it.
final class ReaderProcess implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 60;

  private final Process process;
  private final CompletableFuture<Boolean> ready = new CompletableFuture<>();
  private final CompletableFuture<SharingReader.Report> end = new CompletableFuture<>();
  private volatile SharingReader.Report last = SharingReader.Report.NONE;

  private ReaderProcess(Process process) {
    this.process = process;
    Thread.ofVirtual().name("reader-output").start(this::listen);
  }

  /// Starts this program once more, as a reader of the store at `path`.
  static ReaderProcess start(Path path) throws IOException {
    ProcessBuilder command =
        OwnProgram.with(List.of("demo", "--reader-of", path.toString()))
            .redirectError(Redirect.INHERIT);
    return new ReaderProcess(command.start());
  }

  private void listen() {
    SharingReader.@Nullable Report newest = null;
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.equals(SharingReader.READY)) {
          ready.complete(true);
        } else {
          newest = SharingReader.Report.parse(line);
          last = newest;
        }
      }
    } catch (IOException | NumberFormatException e) {
      end.completeExceptionally(e);
    }
    IOException gone = new IOException("a reading process ended before its time");
    ready.completeExceptionally(gone);
    if (newest == null) {
      end.completeExceptionally(gone);
    } else {
      end.complete(newest);
    }
  }

  void awaitReady() throws IOException {
    await(ready);
  }

  SharingReader.Report lastReport() {
    return last;
  }

  /// Lets the process end; returns what it did in all.
  SharingReader.Report finish() throws IOException {
    process.getOutputStream().close();
    return await(end);
  }

  private static <T> T await(CompletableFuture<T> future) throws IOException {
    try {
      return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e);
    } catch (TimeoutException e) {
      throw new IOException("a reading process said nothing for " + PATIENCE_SECONDS + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
