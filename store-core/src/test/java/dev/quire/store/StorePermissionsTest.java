package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.NotAStoreException;
import dev.quire.store.errors.StoreIoException;
import dev.quire.store.options.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The modes of a store's files, and links in their place.
class StorePermissionsTest {

  private static final StoreOptions OPTIONS = StoreOptions.defaults();
  private static final List<String> FILES = List.of("data", "shm", "lock");

  @TempDir private Path directory;

  private Path path;

  @BeforeEach
  void name() {
    path = directory.resolve("my.quire");
  }

  private void use(StoreOptions options, String directoryMode, String fileMode) throws IOException {
    try (Store store = Store.open(path, options)) {
      store.table("t").put(1, new byte[10]);
      assertEquals(directoryMode, mode(path));
      for (String name : FILES) {
        assertEquals(fileMode, mode(path.resolve(name)), name);
      }
    }
  }

  @Test
  void open_newStore_isItsOwnersAlone() throws IOException {
    use(OPTIONS, "rwx------", "rw-------");
    use(OPTIONS, "rwx------", "rw-------");
  }

  @Test
  void open_newStoreOfAGroup_isOpenToTheGroupForGood() throws IOException {
    use(OPTIONS.withGroup(true), "rwxrwx---", "rw-rw----");
    Files.delete(path.resolve("lock"));
    use(OPTIONS, "rwxrwx---", "rw-rw----");
  }

  @Test
  void open_ownersStoreWithTheGroupOption_staysItsOwners() throws IOException {
    use(OPTIONS, "rwx------", "rw-------");
    use(OPTIONS.withGroup(true), "rwx------", "rw-------");
  }

  @Test
  void open_existingDirectory_keepsItsMode() throws IOException {
    Files.createDirectory(path);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxr-x"));
    use(OPTIONS, "rwxrwxr-x", "rw-------");
  }

  @ParameterizedTest
  @ValueSource(strings = {"data", "shm", "lock", "data.new", "shm.new"})
  void open_linkInPlaceOfAFile_isRefusedAndNotFollowed(String name) throws IOException {
    Path target = directory.resolve("target");
    Files.createDirectory(path);
    Files.createSymbolicLink(path.resolve(name), target);
    NotAStoreException refusal =
        assertThrows(NotAStoreException.class, () -> Store.open(path, OPTIONS));
    assertTrue(refusal.getMessage().contains("symbolic link"), refusal.getMessage());
    assertFalse(Files.exists(target));
    assertTrue(Files.isSymbolicLink(path.resolve(name)));
  }

  @Test
  void open_linkToTheDirectory_isTheSameStore() throws IOException {
    Path link = directory.resolve("link");
    Files.createSymbolicLink(link, path);
    try (Store store = Store.open(path);
        Store same = Store.open(link)) {
      store.table("t").put(1, new byte[10]);
      assertTrue(same.table("t").contains(1));
    }
  }

  @Test
  void open_directoryThatMayNotBeWritten_isRefusedWithItsName() throws IOException {
    Files.createDirectory(path);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("r-xr-xr-x"));
    if (Files.isWritable(path)) {
      // Root may.
      Store.open(path, OPTIONS).close();
    } else {
      StoreIoException refusal =
          assertThrows(StoreIoException.class, () -> Store.open(path, OPTIONS));
      assertTrue(refusal.getMessage().contains(path.toString()), refusal.getMessage());
      assertTrue(refusal.getMessage().contains("this user may not"), refusal.getMessage());
    }
  }

  @Test
  void open_placeWhereNobodyMayMakeFiles_isRefusedWithItsName() {
    Path nowhere = Path.of("/proc/my.quire");
    StoreIoException refusal =
        assertThrows(StoreIoException.class, () -> Store.open(nowhere, OPTIONS));
    assertTrue(refusal.getMessage().contains("creating " + nowhere), refusal.getMessage());
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
