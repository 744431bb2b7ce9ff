package dev.quire.store.cli;

import dev.quire.store.Store;
import dev.quire.store.internal.inspect.Inspector;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "readers",
    description = "Print the open snapshots of all processes, the oldest first.",
    footer = {
      "",
      "Of each: its process, how many transactions it is behind, for how long it has been open,"
          + " and",
      "how much replaced room it keeps from being used again. A process that ended holds nothing.",
      "",
      "Example:",
      "  quire readers my.quire",
      "",
      "JSON, a line for each: txnId, behind, pid, host, pinnedBytes, and if known sinceMillis."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class ReadersCommand extends StoreCommand {

  @Mixin private StoreTarget target;

  @Option(names = "--json", description = "Print JSON, one object a line.")
  private boolean json;

  ReadersCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() {
    List<Inspector.Reader> readers;
    long newest;
    try (Store store = target.openToRead(output());
        Inspector inspector = target.inspect(output())) {
      newest = store.stats().txnId();
      readers = new ArrayList<>(inspector.readers());
    }
    readers.sort(Comparator.comparingLong(Inspector.Reader::txnId));
    if (!json && !readers.isEmpty()) {
      output().line(output().bold(row("process", "host", "behind", "since", "pins")));
    }
    for (Inspector.Reader reader : readers) {
      long behind = Math.max(0, newest - reader.txnId());
      output().line(json ? json(reader, behind) : text(reader, behind));
    }
    return ExitCode.OK;
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, "%-8s %-16s %14s %9s %12s", cells).stripTrailing();
  }

  private static String text(Inspector.Reader reader, long behind) {
    Instant since = Instant.ofEpochMilli(reader.sinceMillis());
    return row(
        reader.pid() == 0 ? "gone" : Long.toString(reader.pid()),
        reader.host(),
        Amounts.count(behind),
        reader.sinceMillis() == 0 ? "-" : Amounts.age(Duration.between(since, Instant.now())),
        Amounts.bytes(reader.pinnedBytes()));
  }

  private static String json(Inspector.Reader reader, long behind) {
    Json object =
        Json.object()
            .put("txnId", reader.txnId())
            .put("behind", behind)
            .put("pid", reader.pid())
            .put("host", reader.host())
            .put("pinnedBytes", reader.pinnedBytes());
    if (reader.sinceMillis() != 0) {
      object.put("sinceMillis", reader.sinceMillis());
    }
    return object.toString();
  }
}
