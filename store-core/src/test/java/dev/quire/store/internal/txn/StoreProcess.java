package dev.quire.store.internal.txn;

import dev.quire.store.internal.region.LockFile;
import dev.quire.store.internal.region.StoreRegistry;
import dev.quire.store.internal.txn.SharedStores.Entry;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.ChildJvm;
import dev.quire.store.testing.ParentLink;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/// Another process that uses stores in memory, as it is told to.
final class StoreProcess implements AutoCloseable {

  private final ChildJvm child;

  private StoreProcess(ChildJvm child) {
    this.child = child;
  }

  /// @param root the directory of the stores
  static StoreProcess start(Path root) {
    return new StoreProcess(ChildJvm.start(StoreProcess.class, root.toString()));
  }

  String ask(String command) {
    return child.ask(command);
  }

  String attempt(String command) {
    return child.attempt(command);
  }

  void tell(String command) {
    child.tell(command);
  }

  String next() {
    return child.next();
  }

  void kill() {
    child.kill();
  }

  /// The last number that it said before it was killed.
  ///
  /// @param known the last one that was heard
  long lastNumber(long known) {
    long last = known;
    for (Optional<String> line = child.findNext(); line.isPresent(); line = child.findNext()) {
      last = Long.parseLong(line.get());
    }
    return last;
  }

  @Override
  public void close() {
    child.close();
  }

  /// The other process.
  ///
  /// @param arguments the directory of the stores
  public static void main(String[] arguments) {
    Path root = Path.of(arguments[0]);
    Map<String, Engine> open = new HashMap<>();
    SharedStores stores = new SharedStores(root);
    ParentLink.serve((verb, words) -> answer(root, stores, open, verb, words));
  }

  private static String answer(
      Path root, SharedStores stores, Map<String, Engine> open, String verb, String[] words) {
    StoreOptions options = StoreOptions.defaults();
    String name = words.length == 0 ? "" : words[0];
    return switch (verb) {
      case "open" -> {
        open.put(name, stores.open(name, options));
        yield "opened";
      }
      case "temporary" -> {
        String token = SharedStores.newToken();
        open.put(token, stores.createTemporary(token, options));
        yield token;
      }
      case "join" -> {
        open.put(name, stores.openTemporary(name, options));
        yield "joined";
      }
      case "close" -> {
        open.get(name).close();
        yield "closed";
      }
      case "put" -> {
        Entries.put(open.get(name), words[1]);
        yield "put";
      }
      case "contains" -> Boolean.toString(Entries.contains(open.get(name), words[1]));
      case "putForever" -> putForever(open.values().iterator().next(), name);
      case "users" -> Integer.toString(users(stores, name));
      case "churn" -> churn(stores, name, Long.parseLong(words[1]), Long.parseLong(words[2]));
      case "unlink" -> Boolean.toString(stores.unlink(name));
      case "hold" -> hold(root.resolve(name).resolve(StoreFiles.LOCK), Long.parseLong(words[1]));
      default -> throw new IllegalArgumentException(verb);
    };
  }

  private static int users(SharedStores stores, String name) {
    for (Entry entry : stores.list()) {
      if (entry.name().equals(name)) {
        return entry.users();
      }
    }
    return -1;
  }

  private static String putForever(Engine engine, String round) {
    for (long i = 0; ; i++) {
      Entries.put(engine, "k" + round + "-" + i);
      ParentLink.say(Long.toString(i));
    }
  }

  /// Opens, uses, lists and unlinks a store of one name for some time.
  private static String churn(SharedStores stores, String name, long seed, long millis) {
    SplittableRandom random = new SplittableRandom(seed);
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    long rounds = 0;
    while (System.nanoTime() - deadline < 0) {
      int choice = random.nextInt(8);
      if (choice == 0) {
        stores.list();
      } else if (choice <= 2) {
        stores.unlink(name);
      } else {
        Engine engine = stores.open(name, StoreOptions.defaults());
        String key = seed + "-" + rounds;
        Entries.put(engine, key);
        if (!Entries.contains(engine, key)) {
          return key + " is lost";
        }
        engine.close();
      }
      rounds++;
    }
    return "done " + rounds;
  }

  private static String hold(Path lockPath, long index) {
    LockFile lock = LockFile.open(StoreRegistry.claim(lockPath, "test"));
    return lock.tryAcquire(index) ? "held" : "not free";
  }
}
