package dev.quire.store.cli;

import dev.quire.store.internal.inspect.Inspector;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "tree",
    description = "Print the levels of a table's tree: pages, fan-out and how full they are.",
    footer = {
      "",
      "Example:",
      "  quire tree my.quire users",
      "",
      "JSON: schema, table, entries, levels from the root down: level, pages, entries, usedBytes;",
      "overflowPages, overflowBytes. Exit code 1 if there is no such table."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class TreeCommand extends StoreCommand {

  @Mixin private StoreTarget target;

  @Parameters(index = "1", paramLabel = "TABLE", description = "Name of the table.")
  private String tableName;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  TreeCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() {
    Inspector.SpaceMap map;
    int pageSizeBytes;
    try (Inspector inspector = target.inspect(output())) {
      map = inspector.map();
      pageSizeBytes = inspector.facts().pageSizeBytes();
    }
    List<String> names = new ArrayList<>();
    for (Inspector.Tree tree : map.trees()) {
      if (tree.name().equals(tableName)) {
        if (json) {
          output().line(json(tree));
        } else {
          print(tree, pageSizeBytes);
        }
        return ExitCode.OK;
      }
      names.add(tree.name());
    }
    throw new CommandFailure(
        ExitCode.NOT_FOUND,
        "there is no table \"" + tableName + "\"" + Near.hint(tableName, names));
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, "%-7s %12s %14s %10s %6s", cells).stripTrailing();
  }

  private void print(Inspector.Tree tree, int pageSizeBytes) {
    output().line(output().bold(row("level", "pages", "entries", "per page", "full")));
    for (Inspector.Level level : tree.levels()) {
      output()
          .line(
              row(
                  level.level() == 0 ? "leaves" : Integer.toString(level.level()),
                  Amounts.count(level.pages()),
                  Amounts.count(level.entries()),
                  String.format(Locale.ROOT, "%.1f", (double) level.entries() / level.pages()),
                  level.usedBytes() * 100 / (level.pages() * pageSizeBytes) + "%"));
    }
    if (tree.overflowPages() > 0) {
      long full = tree.overflowBytes() * 100 / (tree.overflowPages() * pageSizeBytes);
      output().line(row("long", Amounts.count(tree.overflowPages()), "-", "-", full + "%"));
    }
  }

  private static String json(Inspector.Tree tree) {
    Json levels = Json.array();
    for (Inspector.Level level : tree.levels()) {
      levels.add(
          Json.object()
              .put("level", level.level())
              .put("pages", level.pages())
              .put("entries", level.entries())
              .put("usedBytes", level.usedBytes()));
    }
    return Json.object()
        .put("schema", 1)
        .put("table", tree.name())
        .put("entries", tree.entries())
        .put("levels", levels)
        .put("overflowPages", tree.overflowPages())
        .put("overflowBytes", tree.overflowBytes())
        .toString();
  }
}
