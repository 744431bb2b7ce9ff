package dev.quire.store.bench.work;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Scanner;
import java.util.stream.Stream;

/// How large the files of a store are.
///
/// @param fileBytes sum of their lengths
/// @param spaceBytes what they take on the medium, told by `du`: less where they have holes
record Sizes(long fileBytes, long spaceBytes) {

  private static final long DU_UNIT_BYTES = 1024;

  static Sizes of(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      long bytes = 0;
      for (Path file : files.toList()) {
        bytes += Files.size(file);
      }
      return new Sizes(bytes, space(directory));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long space(Path directory) throws IOException {
    Process du = new ProcessBuilder(List.of("du", "-sk", directory.toString())).start();
    try (Scanner words = new Scanner(du.getInputStream(), StandardCharsets.UTF_8)) {
      return words.useLocale(Locale.ROOT).nextLong() * DU_UNIT_BYTES;
    }
  }
}
