package dev.quire.store;

import dev.quire.store.testing.ChildJvm;
import dev.quire.store.testing.ParentLink;
import dev.quire.store.testing.Role;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/// A process that uses the table `cache` of a store, by the clock of the machine.
final class CacheProcess implements Role {

  private final Table table;

  private CacheProcess(Store store) {
    this.table = store.table("cache");
  }

  /// @param sweepPeriod of the process
  static ChildJvm start(Path directory, Duration sweepPeriod) {
    return ChildJvm.start(CacheProcess.class, directory.toString(), sweepPeriod.toString());
  }

  @Override
  public String answer(String verb, String... words) {
    return switch (verb) {
      case "get" -> String.valueOf(table.contains(words[0].getBytes(StandardCharsets.UTF_8)));
      case "count" -> {
        long count = 0;
        try (Cursor cursor = table.cursor()) {
          while (cursor.next()) {
            count++;
          }
        }
        yield count + " " + table.count();
      }
      case "put" -> {
        byte[] key = words[0].getBytes(StandardCharsets.UTF_8);
        yield String.valueOf(table.put(key, key));
      }
      default -> throw new IllegalArgumentException(verb);
    };
  }

  /// @param arguments the directory, the period of sweeping
  public static void main(String[] arguments) {
    Duration sweepPeriod = Duration.parse(arguments[1]);
    try (Store store =
        Store.open(Path.of(arguments[0]), StoreUser.options().withSweepPeriod(sweepPeriod))) {
      ParentLink.serve(new CacheProcess(store));
    }
  }
}
