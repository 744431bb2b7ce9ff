package dev.quire.store.internal.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.NotAStoreException;
import dev.quire.store.errors.StoreIoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who may use files, and whose directories are trusted.
class FileAccessTest {

  @TempDir Path directory;

  @Test
  void create_ofGroup_isOpenToItWhateverTheUmask() throws IOException {
    Path inner = directory.resolve("a").resolve("b");
    FileAccess access = FileAccess.ofGroup(inner);
    assertEquals(Files.getAttribute(directory, "posix:group"), access.group());

    Directories.create(inner, access);
    assertTrue(Directories.createFile(inner.resolve("f"), access));

    assertEquals("rwx------", mode(directory.resolve("a")));
    assertEquals("rwxrwx---", mode(inner));
    assertEquals("rw-rw----", mode(inner.resolve("f")));
    assertEquals(access, FileAccess.of(inner.resolve("f")));
  }

  @Test
  void create_directoryIsThere_isLeftAsItIs() throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-x---"));
    Directories.create(directory, FileAccess.ofGroup(directory));
    assertEquals("rwxr-x---", mode(directory));
  }

  @Test
  void of_ownersFile_isTheOwners() throws IOException {
    Path file = directory.resolve("f");
    Directories.createFile(file, FileAccess.OWNER);
    assertEquals("rw-------", mode(file));
    assertEquals(FileAccess.OWNER, FileAccess.of(file));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertEquals(FileAccess.OWNER, FileAccess.of(file));
  }

  @Test
  void requireFileOrNothing_anythingElse_isRefused() throws IOException {
    Path link = directory.resolve("link");
    Files.createSymbolicLink(link, directory.resolve("nothing"));
    assertThrows(NotAStoreException.class, () -> Directories.requireFileOrNothing(link));
    assertThrows(NotAStoreException.class, () -> Directories.requireFileOrNothing(directory));
    Directories.requireFileOrNothing(Files.createFile(directory.resolve("file")));
    Directories.requireFileOrNothing(directory.resolve("missing"));
  }

  @Test
  void memoryDirectory_namedByItsUser_isTheSameEachTime() throws IOException {
    Path own = MemoryDirectory.ofUserIn(directory);
    assertEquals(
        "quire-" + Files.getAttribute(directory, "unix:uid"), own.getFileName().toString());
    assertEquals(own, MemoryDirectory.ofUserIn(directory));
    assertFalse(MemoryDirectory.isThere(own));
    MemoryDirectory.prepare(own);
    MemoryDirectory.prepare(own);
    assertTrue(MemoryDirectory.isThere(own));
    assertEquals("rwx------", mode(own));
    assertTrue(MemoryDirectory.ofUser().startsWith(Directories.ofMemory()));
  }

  @Test
  void memoryDirectory_file_isRefused() throws IOException {
    Path own = Files.createFile(directory.resolve("file"));
    assertThrows(StoreIoException.class, () -> MemoryDirectory.prepare(own));
  }

  @Test
  void memoryDirectory_linkToNothing_isRefused() throws IOException {
    Path own = directory.resolve("link");
    Files.createSymbolicLink(own, directory.resolve("nothing"));
    assertThrows(StoreIoException.class, () -> MemoryDirectory.prepare(own));
    assertFalse(Files.exists(directory.resolve("nothing")));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
