package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.NotAStoreException;
import dev.quire.store.errors.StoreLockedException;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.CheckedStore;
import dev.quire.store.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Goal: processes that come to one store by different names either share it or are refused; they
/// never use its data without a lock in common.
@Timeout(60)
class StoreNamesTest {

  private static final StoreOptions READ_ONLY = StoreOptions.defaults().withReadOnly(true);

  @TempDir private Path directory;
  private Path path;

  @BeforeEach
  void name() {
    path = directory.resolve("store");
  }

  /// Another process cannot open the store, and says why.
  private static void assertRefused(Path named, String how, String why) {
    try (ChildJvm other = StoreUser.start(named, how)) {
      assertEquals(1, other.awaitEnd());
      assertTrue(other.errors().contains("StoreLockedException"), other.errors());
      assertTrue(other.errors().contains(why), other.errors());
    }
  }

  @Test
  void open_byALinkInAnotherProcess_isTheSameStore() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), path);
    Path parent = Files.createSymbolicLink(directory.resolve("parent"), directory);
    try (Store store = Store.open(path, StoreUser.options());
        ChildJvm one = StoreUser.start(link);
        ChildJvm two = StoreUser.start(parent.resolve("store"))) {
      one.ask("add n 10");
      two.ask("add n 10");
      assertEquals("30", one.ask("add n 10"));
      CheckedStore.assertClean(store);
    }
  }

  /// A directory whose `data` is a second name of the store's.
  private Path twin(boolean hard) throws IOException {
    Path twin = Files.createDirectory(directory.resolve("twin"));
    if (hard) {
      Files.createLink(twin.resolve("data"), path.resolve("data"));
    } else {
      Files.createSymbolicLink(twin.resolve("data"), path.resolve("data"));
    }
    return twin;
  }

  @Test
  void open_dataOfAnOpenStoreByASecondName_isRefusedEverywhere() throws IOException {
    try (Store store = Store.open(path)) {
      store.table("t").put(1, new byte[1]);
      Path twin = twin(true);
      assertThrows(StoreLockedException.class, () -> Store.open(twin));
      assertThrows(StoreLockedException.class, () -> Store.open(twin, READ_ONLY));
      assertRefused(twin, "write", "names");
      assertRefused(twin, "read", "names");
      // By its own name too: who has the other name open is not seen from here.
      assertRefused(path, "write", "names");
      store.table("t").put(2, new byte[1]);
    }
  }

  @Test
  void open_dataThatIsALink_isRefusedToReadersToo() throws IOException {
    try (Store store = Store.open(path)) {
      store.table("t").put(1, new byte[1]);
      Path twin = twin(false);
      assertThrows(NotAStoreException.class, () -> Store.open(twin));
      assertThrows(NotAStoreException.class, () -> Store.open(twin, READ_ONLY));
    }
  }
}
