package dev.quire.store.internal.region;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Goal: a name that means another file is noticed, also after it was found right many times.
class NamedFileTest {

  @TempDir private Path directory;
  private Path path;
  private NamedFile file;

  @BeforeEach
  void create() throws IOException {
    path = Files.createFile(directory.resolve("lock"));
    file = new NamedFile(path, FileIdentity.of(path));
    assertTrue(file.isIntact());
    assertTrue(file.isIntact());
  }

  @Test
  void isIntact_afterAWrite_isTrue() throws IOException {
    Files.write(path, new byte[100]);
    assertTrue(file.isIntact());
  }

  @Test
  void isIntact_ofARemovedFile_isFalse() throws IOException {
    Files.delete(path);
    assertFalse(file.isIntact());
  }

  @Test
  void isIntact_ofAReplacedFile_isFalseUntilItIsBack() throws IOException {
    Path kept = Files.move(path, directory.resolve("kept"));
    Path other = Files.createFile(directory.resolve("other"));
    Files.move(other, path);
    assertFalse(file.isIntact());
    assertFalse(file.isIntact());
    Files.move(kept, path, StandardCopyOption.REPLACE_EXISTING);
    assertTrue(file.isIntact());
  }
}
