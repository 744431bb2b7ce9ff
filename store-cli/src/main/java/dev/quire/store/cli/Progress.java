package dev.quire.store.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Says on the standard error, once a second, how long the file has become that a command writes.
final class Progress implements AutoCloseable {

  private final CountDownLatch done = new CountDownLatch(1);

  /// @param file in the making
  Progress(Output output, Path file) {
    Thread.ofPlatform().daemon().name("quire-progress").start(() -> run(output, file));
  }

  private void run(Output output, Path file) {
    try {
      while (!done.await(1, TimeUnit.SECONDS)) {
        if (Files.exists(file)) {
          output.message("written: " + Amounts.bytes(Files.size(file)));
        }
      }
    } catch (IOException | InterruptedException e) {
      // The file has got its name, or the process ends: there is nothing to say.
    }
  }

  @Override
  public void close() {
    done.countDown();
  }
}
