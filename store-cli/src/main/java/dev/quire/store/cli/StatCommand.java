package dev.quire.store.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quire.store.ReadTxn;
import dev.quire.store.Store;
import dev.quire.store.StoreStats;
import dev.quire.store.TableStats;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "stat",
    description = "Print sizes, counters and times of a store, its processes and tables.",
    footer = {"", "Example:", "  quire stat my.quire"})
@SuppressWarnings("NullAway.Init") // set by picocli
final class StatCommand extends StoreCommand {

  @Mixin private StoreTarget target;

  @Mixin private JsonOption json;

  StatCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() {
    try (Store store = target.openToRead(output())) {
      // Before the snapshot: it is no reader that anybody asked for.
      StoreStats stats = store.stats();
      ActivityText activity = activityOf(store);
      List<TableStats> tables = tablesOf(store);
      if (json.isWanted()) {
        output().line(json(stats, activity, tables));
      } else {
        printStore(stats);
        if (activity != null) {
          activity.lines(stats.txnId()).forEach(output()::line);
        }
        printTables(tables, stats.pageSizeBytes());
      }
    }
    return ExitCode.OK;
  }

  /// @return null if the store's backend does not count
  private static @Nullable ActivityText activityOf(Store store) {
    try {
      return new ActivityText(store.activity());
    } catch (UnsupportedOperationException e) {
      return null;
    }
  }

  private static List<TableStats> tablesOf(Store store) {
    List<TableStats> tables = new ArrayList<>();
    try (ReadTxn txn = store.beginRead()) {
      for (String name : txn.tables()) {
        TableStats stats = txn.table(name).stats();
        if (stats != null) {
          tables.add(stats);
        }
      }
    }
    return tables;
  }

  private void printStore(StoreStats stats) {
    field("file size", Amounts.bytes(stats.fileSizeBytes()));
    field("page size", Amounts.bytes(stats.pageSizeBytes()));
    field("pages used", Amounts.count(stats.usedPages()));
    field("pages free", Amounts.count(stats.freePages()));
    field("pages pending", Amounts.count(stats.pendingPages()));
    field("transaction", Amounts.count(stats.txnId()));
    field("durable", Amounts.count(stats.durableTxnId()));
    field(
        "redo ring",
        Amounts.bytes(stats.ringUsedBytes()) + " of " + Amounts.bytes(stats.ringSizeBytes()));
    if (stats.failed()) {
      field("failed", "yes: close the store everywhere and open it again");
    }
  }

  private void field(String name, String value) {
    output().line(String.format(Locale.ROOT, "%-14s %s", name, value));
  }

  private void printTables(List<TableStats> tables, int pageSizeBytes) {
    if (tables.isEmpty()) {
      return;
    }
    String row = "%-20s %-8s %14s %6s %10s %10s %10s %12s";
    output().line("");
    output()
        .line(
            output()
                .bold(
                    String.format(
                        Locale.ROOT,
                        row,
                        "table",
                        "keys",
                        "entries",
                        "depth",
                        "leaves",
                        "branches",
                        "overflow",
                        "size")));
    for (TableStats table : tables) {
      output()
          .line(
              String.format(
                  Locale.ROOT,
                  row,
                  Escapes.field(table.name().getBytes(UTF_8)),
                  table.options().integerKeys() ? "integers" : "bytes",
                  Amounts.count(table.entries()),
                  table.depth(),
                  Amounts.count(table.leafPages()),
                  Amounts.count(table.branchPages()),
                  Amounts.count(table.overflowPages()),
                  Amounts.bytes(table.pages() * pageSizeBytes)));
    }
  }

  private static String json(
      StoreStats stats, @Nullable ActivityText activity, List<TableStats> tables) {
    Json list = Json.array();
    for (TableStats table : tables) {
      list.add(
          Json.object()
              .put("table", table.name())
              .put("integerKeys", table.options().integerKeys())
              .put("entries", table.entries())
              .put("depth", table.depth())
              .put("leafPages", table.leafPages())
              .put("branchPages", table.branchPages())
              .put("overflowPages", table.overflowPages()));
    }
    Json store =
        Json.object()
            .put("schema", 1)
            .put("fileSizeBytes", stats.fileSizeBytes())
            .put("pageSizeBytes", stats.pageSizeBytes())
            .put("usedPages", stats.usedPages())
            .put("livePages", stats.livePages())
            .put("freePages", stats.freePages())
            .put("pendingPages", stats.pendingPages())
            .put("txnId", stats.txnId())
            .put("durableTxnId", stats.durableTxnId())
            .put("ringSizeBytes", stats.ringSizeBytes())
            .put("ringUsedBytes", stats.ringUsedBytes())
            .put("failed", stats.failed());
    if (activity != null) {
      activity.addTo(store);
    }
    return store.put("tables", list).toString();
  }
}
