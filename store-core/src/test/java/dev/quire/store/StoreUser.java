package dev.quire.store;

import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.ChildJvm;
import dev.quire.store.testing.ParentLink;
import dev.quire.store.testing.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// A process that has a store open and uses it through the public API, as a test says.
final class StoreUser implements Role {

  private static final Duration LONG = Duration.ofSeconds(25);

  private final Store store;
  private final Map<String, StoreLock> locks = new HashMap<>();
  private @Nullable Watch watch;

  private StoreUser(Store store) {
    this.store = store;
  }

  /// Starts one.
  static ChildJvm start(Path directory) {
    return start(directory, "write");
  }

  /// Starts one that opens the store to `write` or to `read` it.
  static ChildJvm start(Path directory, String how) {
    return ChildJvm.start(StoreUser.class, directory.toString(), how);
  }

  /// How all users open the store.
  static StoreOptions options() {
    return StoreOptions.defaults().withDurability(Durability.interval(Duration.ofMillis(5)));
  }

  @Override
  public String answer(String verb, String... words) throws Exception {
    return switch (verb) {
      case "put" -> Boolean.toString(table().put(bytes(words[0]), bytes(words[1])));
      case "count" -> Long.toString(table().count());
      case "rounds" -> rounds(Long.parseLong(words[0]), Long.parseLong(words[1]));
      case "require" -> Long.toString(Rounds.require(store));
      case "backup" -> Long.toString(store.backup(Path.of(words[0])));
      case "increment" ->
          Long.toString(store.backup(Path.of(words[0]), List.of(Path.of(words[1]))));
      case "backupWithoutEnd" -> Long.toString(store.backup(new StuckChannel()));
      case "look" -> look(words[0], Long.parseLong(words[1]));
      case "lookForever" -> lookForever(words[0]);
      case "checkpoint" -> {
        store.checkpoint();
        yield "checkpointed";
      }
      case "add" -> add(words[0], Integer.parseInt(words[1]));
      case "addLocked" -> addLocked(words[0], Integer.parseInt(words[1]));
      case "change" -> change(Long.parseLong(words[0]), Integer.parseInt(words[1]));
      case "lock" -> lock(words[0], Duration.ofMillis(Long.parseLong(words[1])));
      case "unlock" -> unlock(words[0]);
      case "watch" -> watch();
      case "poll" -> poll();
      default -> throw new IllegalArgumentException(verb);
    };
  }

  /// Takes nothing, and never says so.
  private static final class StuckChannel implements WritableByteChannel {

    private final CountDownLatch never = new CountDownLatch(1);

    @Override
    public int write(ByteBuffer source) throws IOException {
      try {
        never.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      return 0;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  private Table table() {
    return store.table("t");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private String rounds(long first, long last) {
    for (long round = first; round <= last; round++) {
      Rounds.write(store, round);
    }
    return Long.toString(last);
  }

  private String look(String key, long times) {
    for (long i = 0; i < times; i++) {
      boolean _ = table().contains(bytes(key));
    }
    return "looked";
  }

  /// Looks, and says after each thousand how often it did, until it is killed.
  private String lookForever(String key) {
    for (long thousands = 1; ; thousands++) {
      look(key, 1000);
      ParentLink.say(Long.toString(1000 * thousands));
    }
  }

  private String add(String key, int times) {
    long sum = 0;
    for (int i = 0; i < times; i++) {
      sum = table().increment(bytes(key), 1);
    }
    return Long.toString(sum);
  }

  /// Reads, then writes, in two transactions that the lock keeps together.
  private String addLocked(String key, int times) throws InterruptedException {
    StoreLock lock = store.lock(key);
    for (int i = 0; i < times; i++) {
      if (!lock.tryLock(LONG)) {
        throw new IllegalStateException("no lock");
      }
      byte[] before = table().get(bytes(key));
      long number = before == null ? 0 : Keys.toLong(before);
      Thread.yield();
      table().put(bytes(key), Keys.ofLong(number + 1));
      lock.unlock();
    }
    return "added";
  }

  /// Random transactions that change two tables in the same way.
  private String change(long seed, int transactions) {
    Random random = new Random(seed);
    for (int i = 0; i < transactions; i++) {
      change(store, random);
    }
    return "changed";
  }

  static void change(Store store, Random random) {
    store.write(
        txn -> {
          for (int i = random.nextInt(20); i >= 0; i--) {
            byte[] key = bytes("key" + random.nextInt(3_000));
            byte[] value = bytes("v" + random.nextInt(5));
            boolean clears = random.nextInt(1_000) == 0;
            boolean deletes = random.nextInt(3) == 0;
            for (String name : List.of("one", "two")) {
              if (clears) {
                txn.table(name).clear();
              }
              txn.table(name).put(key, value);
              if (deletes) {
                txn.table(name).delete(bytes("key" + i));
              }
            }
          }
        });
  }

  private String lock(String name, Duration timeout) throws InterruptedException {
    StoreLock lock = locks.computeIfAbsent(name, store::lock);
    return lock.tryLock(timeout) ? Long.toString(lock.fence()) : "not taken";
  }

  private String unlock(String name) {
    StoreLock lock = locks.get(name);
    if (lock == null) {
      return "unknown";
    }
    lock.unlock();
    return "unlocked";
  }

  private String watch() {
    watch = store.watch();
    return "watching";
  }

  /// Waits for changes and tells them.
  private String poll() throws InterruptedException {
    Watch current = watch;
    Changes changes = current == null ? null : current.poll(LONG);
    List<String> told = new ArrayList<>();
    while (changes != null && changes.next()) {
      boolean ofTable = changes.kind() == Changes.Kind.TABLE_CREATED;
      String key = ofTable ? "" : " " + new String(changes.key(), StandardCharsets.UTF_8);
      told.add(changes.kind() + key);
    }
    return told.toString();
  }

  /// @param arguments the directory, and what for
  public static void main(String[] arguments) {
    StoreOptions options = options().withReadOnly(arguments[1].equals("read"));
    try (Store store = Store.open(Path.of(arguments[0]), options)) {
      ParentLink.serve(new StoreUser(store));
    }
  }
}
