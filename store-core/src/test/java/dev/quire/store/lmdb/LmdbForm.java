package dev.quire.store.lmdb;

import dev.quire.store.Store;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.contract.StoreForm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// LMDB in a new temporary directory, in memory if there is one there: the contract says nothing
/// about crashes, and LMDB's two syncs for each commit take their time.
final class LmdbForm implements StoreForm {

  private final Path parent;

  LmdbForm() {
    try {
      Path memory = Path.of("/dev/shm");
      parent =
          Files.isWritable(memory)
              ? Files.createTempDirectory(memory, "quire-lmdb")
              : Files.createTempDirectory("quire-lmdb");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Store open(StoreOptions options) {
    return Store.open(parent.resolve("store"), options.withBackend(LmdbProvider.NAME));
  }

  @Override
  public boolean survivesClose() {
    return true;
  }

  @Override
  public void close() {
    StoreForm.deleteTree(parent);
  }
}
