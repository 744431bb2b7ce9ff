package dev.quire.store.cli;

import dev.quire.store.Store;
import dev.quire.store.options.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "bench",
    description = "Measure get, put, scan and durable put on this machine, in this directory.",
    footer = {
      "",
      "It works on a store that it makes in DIR and removes again. put: 1,000 entries a"
          + " transaction,",
      "each transaction synced; get: as many gets as entries, in no order; scan: all entries in",
      "order, both after a round that only warms up; durable put: each entry in a synced",
      "transaction of its own.",
      "",
      "Examples:",
      "  quire bench",
      "  quire bench /var/lib/app --compare lmdb",
      "",
      "JSON, a line for each work: engine, work, perSecond, timeOf, p50Nanos, p90Nanos, p99Nanos,",
      "maxNanos; then one with syncMedianNanos, syncWorstNanos, verdict."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class BenchCommand extends StoreCommand {

  private static final int MOST_ENTRIES = 100_000_000;
  private static final int MOST_VALUE_BYTES = 1 << 20;

  @Parameters(
      index = "0",
      arity = "0..1",
      defaultValue = ".",
      paramLabel = "DIR",
      description = "Where the store is made; this directory unless given.")
  private Path directory;

  @Option(
      names = "--compare",
      paramLabel = "NAME",
      description = "Storage engine that does the same beside it: lmdb.")
  private @Nullable String compared;

  @Option(
      names = "--entries",
      paramLabel = "N",
      defaultValue = "200000",
      description = "Number of entries (200,000 unless given).")
  private int entries;

  @Option(
      names = "--value-size",
      paramLabel = "BYTES",
      defaultValue = "100",
      description = "Length of their values (100 unless given).")
  private int valueBytes;

  @Option(names = "--json", description = "Print JSON, one object a line.")
  private boolean json;

  BenchCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws IOException {
    if (entries < 1 || entries > MOST_ENTRIES || valueBytes < 1 || valueBytes > MOST_VALUE_BYTES) {
      throw new IllegalArgumentException(
          "--entries is 1 to " + MOST_ENTRIES + ", --value-size 1 to " + MOST_VALUE_BYTES);
    }
    if (!Files.isDirectory(directory)) {
      throw new CommandFailure(ExitCode.UNAVAILABLE, "there is no directory " + directory);
    }
    List<String> engines = new ArrayList<>(List.of("quire"));
    if (compared != null && !compared.equals("quire")) {
      engines.add(compared);
    }
    if (!json) {
      output().line(output().bold(BenchFigure.HEADING));
    }
    for (String engine : engines) {
      measure(engine);
    }
    tellSyncs();
    return ExitCode.OK;
  }

  private void measure(String engine) throws IOException {
    StoreOptions options = StoreOptions.defaults().withBackend(engine);
    try (Scratch scratch = new Scratch(directory);
        Store store = Store.open(scratch.path().resolve("store"), options)) {
      BenchRun run = new BenchRun(store, entries, valueBytes);
      tell(engine, run.put());
      run.get();
      tell(engine, run.get());
      run.scan();
      tell(engine, run.scan());
      tell(engine, run.durablePut());
    }
  }

  private void tell(String engine, BenchFigure figure) {
    output().line(json ? figure.json(engine).toString() : figure.line(engine));
    output().flush();
  }

  private void tellSyncs() throws IOException {
    SyncLatency syncs = SyncLatency.measure(directory);
    if (json) {
      output()
          .line(
              Json.object()
                  .put("syncMedianNanos", syncs.medianNanos())
                  .put("syncWorstNanos", syncs.worstNanos())
                  .put("verdict", syncs.verdict())
                  .toString());
    } else {
      output().line("");
      output().line("syncs of this disk: " + syncs.text() + "; " + syncs.verdict());
    }
  }
}
