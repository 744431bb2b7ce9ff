package dev.quire.store.internal.region;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// What a file takes on its disk, holes not counted.
final class DiskUsage {

  private DiskUsage() {}

  static long kibibytesOf(Path path) {
    try {
      Process du = new ProcessBuilder("du", "-k", path.toString()).start();
      String answer = new String(du.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return Long.parseLong(answer.split("\\s")[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
