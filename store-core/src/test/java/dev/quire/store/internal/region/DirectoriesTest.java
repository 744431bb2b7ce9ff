package dev.quire.store.internal.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.StoreIoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoriesTest {

  @TempDir Path directory;

  @Test
  void create_nested_isPrivate() throws IOException {
    Path inner = directory.resolve("a").resolve("b");

    Directories.create(inner);
    Directories.create(inner);

    assertEquals("rwx------", permissions(inner));
  }

  @Test
  void create_fileInTheWay_isRefused() throws IOException {
    Files.createFile(directory.resolve("a"));

    assertThrows(StoreIoException.class, () -> Directories.create(directory.resolve("a")));
  }

  @Test
  void createFile_newOrNot_tellsWhich() throws IOException {
    Path file = directory.resolve("f");

    assertTrue(Directories.createFile(file));
    assertFalse(Directories.createFile(file));

    assertEquals("rw-------", permissions(file));
    assertThrows(
        StoreIoException.class, () -> Directories.createFile(directory.resolve("no/file")));
  }

  @Test
  void rename_overAnother_replacesIt() throws IOException {
    Path from = Files.writeString(directory.resolve("from"), "new");
    Path to = Files.writeString(directory.resolve("to"), "old");
    FileIdentity identity = FileIdentity.of(from);

    Directories.rename(from, to);

    assertEquals("new", Files.readString(to));
    assertTrue(identity.isSameFile(FileIdentity.of(to)));
    assertThrows(StoreIoException.class, () -> Directories.rename(from, to));
  }

  @Test
  void delete_presentOrNot_tellsWhich() {
    Directories.createFile(directory.resolve("f"));

    assertTrue(Directories.delete(directory.resolve("f")));
    assertFalse(Directories.delete(directory.resolve("f")));
  }

  @Test
  void sync_onInterruptedThread_succeedsAndKeepsTheFlag() {
    Thread.currentThread().interrupt();

    Directories.sync(directory);

    assertTrue(Thread.interrupted());
    assertThrows(StoreIoException.class, () -> Directories.sync(directory.resolve("missing")));
  }

  @Test
  void ofMemory_isAWritableDirectory() {
    assertTrue(Files.isWritable(Directories.ofMemory()));
  }

  @Test
  void identity_twoFiles_differ() {
    Directories.createFile(directory.resolve("a"));
    Directories.createFile(directory.resolve("b"));
    FileIdentity a = FileIdentity.of(directory.resolve("a"));
    FileIdentity b = FileIdentity.of(directory.resolve("b"));

    assertFalse(a.isSameFile(b));
    assertNotEquals(a.key(), b.key());
    assertTrue(a.isSameFile(FileIdentity.of(directory.resolve("a"))));
    assertThrows(StoreIoException.class, () -> FileIdentity.of(directory.resolve("c")));
  }

  @Test
  void identity_reusedInode_differsByItsCreation() {
    FileIdentity old = new FileIdentity(1, 2, 1000);

    assertFalse(old.isSameFile(new FileIdentity(1, 2, 1001)));
    assertFalse(old.isSameFile(new FileIdentity(1, 3, 1000)));
    assertFalse(old.isSameFile(new FileIdentity(2, 2, 1000)));
    assertTrue(old.isSameFile(new FileIdentity(1, 2, 0)));
  }

  @Test
  void identity_writtenFile_staysTheSame() throws IOException {
    Path file = directory.resolve("f");
    Directories.createFile(file);
    FileIdentity before = FileIdentity.of(file);

    Files.writeString(file, "later");

    assertTrue(before.isSameFile(FileIdentity.of(file)));
    assertTrue(FileIdentity.of(file).isSameFile(before));
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
