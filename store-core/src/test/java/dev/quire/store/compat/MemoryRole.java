package dev.quire.store.compat;

import dev.quire.store.ReadTxn;
import dev.quire.store.Store;
import dev.quire.store.Table;
import dev.quire.store.errors.StoreFullException;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.ParentLink;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// What the processes of [MemoryCompat] and [ProcessesCompat] do.
final class MemoryRole {

  private static final Map<String, Store> STORES = new HashMap<>();
  private static final byte[] VALUE = new byte[2_000];
  private static ReadTxn pinned;

  private MemoryRole() {}

  public static void main(String[] arguments) {
    ParentLink.serve(MemoryRole::answer);
  }

  private static String answer(String verb, String... words) throws Exception {
    return switch (verb) {
      case "shared" -> {
        STORES.put("s", Store.shared(words[0]));
        yield "opened";
      }
      case "memory" -> {
        STORES.put("s", Store.inMemory());
        yield "opened";
      }
      case "open" -> {
        STORES.put("s", Store.open(Path.of(words[0])));
        yield "opened";
      }
      case "openGroup" -> {
        StoreOptions options = StoreOptions.defaults().withGroup(true);
        STORES.put("s", Store.open(Path.of(words[0]), options));
        yield "opened";
      }
      case "read" -> {
        StoreOptions options = StoreOptions.defaults().withReadOnly(true);
        STORES.put("s", Store.open(Path.of(words[0]), options));
        yield "opened";
      }
      case "pid" -> Long.toString(ProcessHandle.current().pid());
      case "begin" -> begin(words[0]);
      case "pin" -> {
        pinned = STORES.get("s").beginRead();
        yield Long.toString(pinned.table("t").count());
      }
      case "pinned" -> Boolean.toString(pinned.table("t").contains(bytes(words[0])));
      case "readers" -> Integer.toString(STORES.get("s").stats().readers());
      case "behind" -> Boolean.toString(STORES.get("s").stats().behind());
      case "fill" -> Long.toString(fill(table()));
      case "check" -> check(table(), Long.parseLong(words[0]));
      case "put" -> {
        table().put(bytes(words[0]), VALUE);
        yield "put";
      }
      case "contains" -> Boolean.toString(table().contains(bytes(words[0])));
      case "backup" -> Long.toString(STORES.get("s").backup(Path.of(words[0])));
      case "close" -> {
        STORES.get("s").close();
        yield "closed";
      }
      case "fillDirectory" -> {
        byte[] zeros = new byte[Integer.parseInt(words[1])];
        Files.write(Path.of(words[0]).resolve("filler"), zeros);
        yield "filled";
      }
      case "empty" -> {
        Files.delete(Path.of(words[0]).resolve("filler"));
        yield "emptied";
      }
      case "list" -> Store.listShared().toString();
      case "unlink" -> Boolean.toString(Store.unlinkShared(words[0]));
      default -> throw new IllegalArgumentException(verb);
    };
  }

  /// Puts an entry in a transaction that stays open.
  private static String begin(String key) {
    STORES.get("s").beginWrite().table("t").put(bytes(key), VALUE);
    return "begun";
  }

  private static Table table() {
    return STORES.get("s").table("t");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// Puts entries until there is no more room.
  ///
  /// @return how many there are
  private static long fill(Table table) {
    long count = 0;
    try {
      while (true) {
        table.put(bytes("k" + count), VALUE);
        count++;
      }
    } catch (StoreFullException e) {
      return count;
    }
  }

  private static String check(Table table, long count) {
    if (table.count() != count) {
      return table.count() + " entries instead of " + count;
    }
    for (long i = 0; i < count; i++) {
      if (table.get(bytes("k" + i)) == null) {
        return "k" + i + " is missing";
      }
    }
    return STORES.get("s").check().violations().toString();
  }
}
