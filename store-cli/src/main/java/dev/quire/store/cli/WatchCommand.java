package dev.quire.store.cli;

import dev.quire.store.ChangeScope;
import dev.quire.store.Changes;
import dev.quire.store.KeyRange;
import dev.quire.store.Store;
import dev.quire.store.Watch;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "watch",
    description = "Print each change as it is committed, by whichever process, until ^C.",
    footer = {
      "",
      "What is printed is the net change since the last look, never half of a transaction. A line",
      "is: put, del, create or drop; table; key; value. An entry that expired has expired for del.",
      "",
      "Examples:",
      "  quire watch my.quire",
      "  quire watch my.quire users --prefix a --json",
      "  quire watch my.quire jobs --limit 1 --timeout 30s",
      "",
      "JSON, a line for each change: change, table, key, value, oldValue. Exit code 1 if --timeout",
      "passed first."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class WatchCommand extends StoreCommand {

  private static final Duration FOREVER = Duration.ofDays(365_000);

  @Mixin private StoreTarget target;

  @Mixin private ByteFormat format;

  @Parameters(index = "1", arity = "0..1", paramLabel = "TABLE", description = "This table alone.")
  private @Nullable String tableName;

  @Mixin private RangeOptions range;

  @Option(names = "--limit", paramLabel = "N", description = "End after N changes.")
  private long limit = Long.MAX_VALUE;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "End if nothing comes for so long: 500ms, 90s, 5m.")
  private @Nullable String timeout;

  private final Map<String, TableFormat> formats = new HashMap<>();

  WatchCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws Exception {
    Duration patience = timeout == null ? FOREVER : Lives.duration(timeout);
    long told = 0;
    try (Store store = target.openExisting(output());
        Watch watch = store.watch(scope(store))) {
      if (output().isTerminal()) {
        output().message("watching; ^C ends it");
      }
      while (told < limit) {
        Changes changes = watch.poll(patience);
        if (changes == null) {
          return ExitCode.NOT_FOUND;
        }
        while (told < limit && changes.next()) {
          output().line(line(store, changes));
          told++;
        }
        output().flush();
      }
    }
    return ExitCode.OK;
  }

  private ChangeScope scope(Store store) throws IOException {
    if (tableName == null) {
      if (!range.isAll()) {
        throw new IllegalArgumentException("a range is one of a table; give TABLE");
      }
      return ChangeScope.all();
    }
    KeyRange keys = range.range(formatOf(store, tableName), output().in());
    return ChangeScope.table(tableName, keys);
  }

  private TableFormat formatOf(Store store, String table) {
    return formats.computeIfAbsent(table, name -> format.of(store, store.table(name)));
  }

  private String line(Store store, Changes changes) {
    String word =
        switch (changes.kind()) {
          case TABLE_CREATED -> "create";
          case TABLE_DROPPED -> "drop";
          case PUT -> "put";
          case DELETE -> changes.isExpired() ? "expired" : "del";
        };
    if (word.equals("create") || word.equals("drop")) {
      formats.remove(changes.table());
      return format.isJson()
          ? Json.object().put("change", word).put("table", changes.table()).toString()
          : word + "\t" + changes.table();
    }
    TableFormat written = formatOf(store, changes.table());
    byte @Nullable [] old = changes.oldBytes();
    byte @Nullable [] now = changes.newBytes();
    if (!format.isJson()) {
      String entry =
          now == null ? written.key().field(changes.key()) : written.line(changes.key(), now);
      return word + "\t" + changes.table() + "\t" + entry;
    }
    Json object = Json.object().put("change", word).put("table", changes.table());
    written.key().putTo(object, "key", changes.key());
    if (now != null) {
      written.value().putTo(object, "value", now);
    }
    if (old != null) {
      written.value().putTo(object, "oldValue", old);
    }
    return object.toString();
  }
}
