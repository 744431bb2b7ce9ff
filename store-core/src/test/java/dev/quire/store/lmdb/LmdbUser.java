package dev.quire.store.lmdb;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quire.store.Store;
import dev.quire.store.WriteTxn;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.ParentLink;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A process that has a store of LMDB open, and does what a test says.
final class LmdbUser {

  private @Nullable Store store;
  private @Nullable WriteTxn txn;

  private LmdbUser() {}

  public static void main(String[] arguments) {
    LmdbUser user = new LmdbUser();
    ParentLink.serve(user::answer);
  }

  private String answer(String verb, String[] words) {
    switch (verb) {
      case "open" ->
          store =
              Store.open(
                  Path.of(words[0]),
                  StoreOptions.defaults()
                      .withBackend(LmdbProvider.NAME)
                      .withDurability(Durability.CHECKPOINT)
                      .withLockTimeout(Duration.ofSeconds(20)));
      case "increment" -> {
        for (int i = 0; i < Integer.parseInt(words[0]); i++) {
          store.table("counters").increment("n".getBytes(UTF_8), 1);
        }
      }
      case "put" -> store.table(words[0]).put(words[1].getBytes(UTF_8), words[2].getBytes(UTF_8));
      case "fill" -> store.table(words[0]).put(1, new byte[Integer.parseInt(words[1])]);
      case "drop" -> store.dropTable(words[0]);
      case "tables" -> {
        return store.tables().toString();
      }
      case "begin" -> {
        txn = store.beginWrite();
        txn.table("unfinished").put("k".getBytes(UTF_8), "v".getBytes(UTF_8));
      }
      case "commit" -> txn.commit();
      case "close" -> store.close();
      default -> throw new IllegalArgumentException(verb);
    }
    return "done";
  }
}
