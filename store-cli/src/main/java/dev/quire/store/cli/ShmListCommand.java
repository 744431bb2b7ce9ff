package dev.quire.store.cli;

import dev.quire.store.SharedStoreStats;
import dev.quire.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "ls",
    description = {
      "Print the stores in named shared memory of this user.",
      "Of each its name, size, age, and the number of processes that have it open. A temporary",
      "store has its token for a name."
    },
    footer = {"", "Example:", "  quire shm ls"})
@SuppressWarnings("NullAway.Init") // set by picocli
final class ShmListCommand extends StoreCommand {

  private static final String ROW = "%-34s %10s %8s %6s";

  @Option(names = "--json", description = "Print JSON, one object a line.")
  private boolean json;

  ShmListCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() {
    List<SharedStoreStats> stores = Store.listShared();
    if (!json && !stores.isEmpty()) {
      String header = String.format(Locale.ROOT, ROW, "name", "size", "age", "users");
      output().line(output().bold(header));
    }
    for (SharedStoreStats store : stores) {
      output().line(json ? json(store) : row(store));
    }
    return ExitCode.OK;
  }

  private static String row(SharedStoreStats store) {
    Duration age = Duration.between(store.created(), Instant.now());
    return String.format(
        Locale.ROOT,
        ROW,
        store.name(),
        Amounts.bytes(store.sizeBytes()),
        Amounts.age(age),
        Amounts.count(store.users()));
  }

  private static String json(SharedStoreStats store) {
    return Json.object()
        .put("name", store.name())
        .put("temporary", store.temporary())
        .put("sizeBytes", store.sizeBytes())
        .put("createdMillis", store.created().toEpochMilli())
        .put("users", store.users())
        .toString();
  }
}
