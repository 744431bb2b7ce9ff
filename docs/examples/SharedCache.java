import dev.quire.store.Codecs;
import dev.quire.store.Store;
import dev.quire.store.StoreMap;
import dev.quire.store.TemporaryStore;
import dev.quire.store.cache.Cache;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Two worker processes and one cache: what either of them has computed, both have.
///
/// ```sh
/// java -cp store-core/target/classes docs/examples/SharedCache.java
/// ```
///
/// Both ask for the same keys at the same time. Each value is computed once, by one of them; the
/// other one waits for it if it is not there yet.
public final class SharedCache {

  private static final int KEYS = 200;

  private SharedCache() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 0) {
      startWorkers();
    } else {
      work(arguments[0]);
    }
  }

  private static void startWorkers() throws Exception {
    try (TemporaryStore store = Store.sharedTemporary()) {
      List<Process> workers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        workers.add(start(store.token()));
      }
      for (Process worker : workers) {
        if (worker.waitFor() != 0) {
          throw new IllegalStateException("a worker failed");
        }
      }
      StoreMap<String, Long> computed = store.map("computed", Codecs.STRING, Codecs.INT64);
      long all = computed.values().stream().mapToLong(Long::longValue).sum();
      System.out.println(workers.size() + " workers asked for " + KEYS + " values each");
      System.out.println(all + " values were computed");
    }
  }

  private static Process start(String token) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String program = System.getProperty("jdk.launcher.sourcefile");
    return new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), program, token)
        .inheritIO()
        .start();
  }

  private static void work(String token) throws Exception {
    try (Store store = Store.sharedTemporary(token)) {
      Cache<Long, String> cache =
          Cache.builder(Codecs.INT64, Codecs.STRING)
              .maximumSize(10_000)
              .expireAfterWrite(Duration.ofHours(1))
              .open(store, "cache");
      StoreMap<String, Long> computed = store.map("computed", Codecs.STRING, Codecs.INT64);
      String me = "worker " + ProcessHandle.current().pid();
      for (long key = 0; key < KEYS; key++) {
        String value =
            cache.get(
                key,
                number -> {
                  computed.merge(me, 1L, Long::sum);
                  return slowly(number);
                });
        if (!value.equals(slowly(key))) {
          throw new IllegalStateException(key + " has " + value);
        }
      }
    }
  }

  /// What takes long.
  private static String slowly(long number) {
    long state = number;
    for (int i = 0; i < 200_000; i++) {
      state = state * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
    }
    return Long.toHexString(state);
  }
}
