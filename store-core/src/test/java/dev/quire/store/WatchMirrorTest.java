package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.Campaign;
import dev.quire.store.testing.CheckedStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Goal: whoever does what a watch tells has what the store has, however fast others write.
///
/// Method: threads change two tables at random, each entry of one together with its copy in the
/// other, while a watch is followed into a map. Each change must fit the map: its old value is the
/// one there. After each poll both tables must be equal in the map, for no commit is told by half.
/// In the end the map is the store.
@Timeout(120)
class WatchMirrorTest {

  private static final int WRITERS = 3;

  @RegisterExtension
  private final CheckedStore checked =
      CheckedStore.durable()
          .with(StoreOptions.defaults().withDurability(Durability.interval(Duration.ofMillis(5))));

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  private static void write(Store store, long seed, long deadline) {
    Random random = new Random(seed);
    while (System.nanoTime() < deadline) {
      store.write(
          txn -> {
            for (int i = random.nextInt(20); i >= 0; i--) {
              byte[] key = bytes("key" + random.nextInt(3_000));
              byte[] value = bytes("v" + random.nextInt(5));
              if (random.nextInt(1_000) == 0) {
                txn.table("one").clear();
                txn.table("two").clear();
              }
              txn.table("one").put(key, value);
              txn.table("two").put(key, value);
              if (random.nextInt(3) == 0) {
                byte[] gone = bytes("key" + random.nextInt(3_000));
                txn.table("one").delete(gone);
                txn.table("two").delete(gone);
              }
            }
          });
    }
  }

  @Test
  void poll_besideWriters_keepsAMirror() throws Exception {
    Store store = checked.store();
    long deadline = Campaign.deadlineNanos(3);
    TreeMap<String, String> one = new TreeMap<>();
    TreeMap<String, String> two = new TreeMap<>();
    int polls = 0;
    try (Watch watch = store.watch();
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        long seed = Campaign.seed() + i;
        running.add(writers.submit(() -> write(store, seed, deadline)));
      }
      boolean more = true;
      while (more) {
        // Looked at before the poll: what was committed until then is told by it.
        boolean over = running.stream().allMatch(Future::isDone);
        Changes changes = watch.poll(Duration.ofMillis(1));
        more = changes != null || !over;
        if (changes != null) {
          apply(changes, one, two);
          assertEquals(one, two);
          polls++;
        }
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
    assertEquals(contents(store.table("one")), one, () -> "-Dquire.seed=" + Campaign.seed());
    Campaign.note("mirror: " + polls + " polls, " + store.stats().commits() + " commits");
  }

  private static void apply(
      Changes changes, TreeMap<String, String> one, TreeMap<String, String> two) {
    while (changes.next()) {
      TreeMap<String, String> table = changes.table().equals("one") ? one : two;
      switch (changes.kind()) {
        case TABLE_CREATED, TABLE_DROPPED -> assertEquals(0, table.size());
        case PUT, DELETE -> {
          String key = text(changes.key());
          assertNotNull(key);
          assertEquals(table.get(key), text(changes.oldBytes()), key);
          String value = text(changes.newBytes());
          if (value == null) {
            table.remove(key);
          } else {
            table.put(key, value);
          }
        }
      }
    }
  }

  private static TreeMap<String, String> contents(Table table) {
    TreeMap<String, String> contents = new TreeMap<>();
    try (Cursor cursor = table.cursor()) {
      while (cursor.next()) {
        contents.put(text(cursor.key()), text(cursor.valueBytes()));
      }
    }
    return contents;
  }
}
