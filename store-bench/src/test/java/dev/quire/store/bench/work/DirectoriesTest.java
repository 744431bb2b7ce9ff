package dev.quire.store.bench.work;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DirectoriesTest {

  private static final int LENGTH = 10_000_001;

  @TempDir Path directory;

  @Test
  void copy_fileOfZerosAndOthers_isTheSameAndHasHoles() throws IOException {
    Path from = Files.createDirectory(directory.resolve("from"));
    byte[] content = new byte[LENGTH];
    Arrays.fill(content, 3_000_000, 3_100_000, (byte) 7);
    Files.write(from.resolve("data"), content);
    Files.write(from.resolve("empty"), new byte[0]);
    Path to = Files.createDirectory(directory.resolve("to"));
    Files.write(to.resolve("old"), content);
    Directories.copy(from, to);
    assertArrayEquals(content, Files.readAllBytes(to.resolve("data")));
    assertEquals(0, Files.size(to.resolve("empty")));
    assertFalse(Files.exists(to.resolve("old")));
    assertTrue(Sizes.of(to).spaceBytes() < LENGTH / 2, "no holes");
    assertEquals(LENGTH, Sizes.of(to).fileBytes());
  }
}
