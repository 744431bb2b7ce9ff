package dev.quire.store;

import dev.quire.store.testing.ChildJvm;
import dev.quire.store.testing.ParentLink;
import dev.quire.store.testing.Role;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// A process that asks for values which it, or another one, then loads.
final class LoadProcess implements Role {

  private static final int THREADS = 3;

  private final Store store;
  private final StoreMap<String, String> map;

  private LoadProcess(Store store) {
    this.store = store;
    this.map = store.map("m", Codecs.STRING, Codecs.STRING);
  }

  static ChildJvm start(Path directory) {
    return ChildJvm.start(LoadProcess.class, directory.toString());
  }

  @Override
  public String answer(String verb, String... words) throws Exception {
    return switch (verb) {
      case "stampede" -> stampede(Integer.parseInt(words[0]));
      case "get" -> String.valueOf(map.getOrCompute(words[0], key -> words[1]));
      case "hang" -> hang(words[0], Duration.ofMillis(Long.parseLong(words[1])), words[2]);
      default -> throw new IllegalArgumentException(verb);
    };
  }

  /// Asks for all keys by several threads. Each loading is counted in the store.
  private String stampede(int keys) throws Exception {
    Table loads = store.table("loads");
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> running = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        running.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < keys; i++) {
                    String value =
                        map.getOrCompute(
                            "k" + i,
                            key -> {
                              loads.increment(key.getBytes(StandardCharsets.UTF_8), 1);
                              return key + " of " + ProcessHandle.current().pid();
                            });
                    if (!value.startsWith("k" + i + " of ")) {
                      throw new IllegalStateException("k" + i + " has " + value);
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
    return "asked";
  }

  /// Says `loading` in the loader, and waits there until it is told something, if it ever is.
  private String hang(String name, Duration lease, String value) throws Exception {
    return String.valueOf(
        map.getOrCompute(
            name,
            lease,
            key -> {
              ParentLink.say("loading");
              if (value.equals("never")) {
                new CountDownLatch(1).await();
              }
              String _ = ParentLink.hear();
              return value;
            }));
  }

  /// @param arguments the directory
  public static void main(String[] arguments) {
    try (Store store = Store.open(Path.of(arguments[0]), StoreUser.options())) {
      ParentLink.serve(new LoadProcess(store));
    }
  }
}
