package dev.quire.store.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// The complete lines of a stream, read by a thread as they come.
final class LineQueue {

  private static final long END_SECONDS = 10;

  private final ArrayDeque<String> lines = new ArrayDeque<>();
  private final StringBuilder seen = new StringBuilder();
  private boolean ended;

  private LineQueue() {}

  /// Reads a stream to its end.
  static LineQueue reading(InputStream stream, String name) {
    LineQueue queue = new LineQueue();
    Thread reader = new Thread(() -> queue.readAll(stream), name);
    reader.setDaemon(true);
    reader.start();
    return queue;
  }

  private void readAll(InputStream stream) {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    byte[] part = new byte[4096];
    try (stream) {
      for (int count = stream.read(part); count >= 0; count = stream.read(part)) {
        for (int i = 0; i < count; i++) {
          if (part[i] == '\n') {
            add(line.toString(StandardCharsets.UTF_8));
            line.reset();
          } else {
            line.write(part[i]);
          }
        }
      }
    } catch (IOException e) {
      // The stream of a process that was killed may end so.
    }
    end(line.toString(StandardCharsets.UTF_8));
  }

  private synchronized void add(String line) {
    lines.add(line);
    seen.append(line).append('\n');
    notifyAll();
  }

  private synchronized void end(String rest) {
    seen.append(rest);
    ended = true;
    notifyAll();
  }

  /// Waits for a line or the end; false if neither comes.
  synchronized boolean await(Duration patience) {
    return awaitThat(() -> ended || !lines.isEmpty(), patience.toNanos());
  }

  /// Waits for the end, or gives up.
  synchronized void awaitEnd() {
    awaitThat(() -> ended, TimeUnit.SECONDS.toNanos(END_SECONDS));
  }

  /// Waits until the stream has contained a text, or gives up.
  synchronized void awaitText(String text, long millis) {
    awaitThat(() -> ended || seen.indexOf(text) >= 0, TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private boolean awaitThat(BooleanSupplier condition, long nanos) {
    long deadline = System.nanoTime() + nanos;
    boolean interrupted = false;
    while (!condition.getAsBoolean() && deadline - System.nanoTime() > 0) {
      try {
        TimeUnit.NANOSECONDS.timedWait(this, deadline - System.nanoTime());
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return condition.getAsBoolean();
  }

  /// Removes the first line.
  synchronized Optional<String> next() {
    return Optional.ofNullable(lines.poll());
  }

  /// All that was read.
  synchronized String seen() {
    return seen.toString();
  }
}
