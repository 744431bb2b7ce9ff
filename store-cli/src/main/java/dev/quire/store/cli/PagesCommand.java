package dev.quire.store.cli;

import dev.quire.store.internal.inspect.Inspector;
import dev.quire.store.internal.inspect.Inspector.Use;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "pages",
    description = "Print what each page of the file is used for, a line for each run of pages.",
    footer = {
      "",
      "other is a page of the space map, or one that was replaced and is not free yet.",
      "",
      "Examples:",
      "  quire pages my.quire",
      "  quire pages my.quire --table users",
      "",
      "JSON, a line for each run: first, count, use, and if it is of a table, table."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class PagesCommand extends StoreCommand {

  @Mixin private StoreTarget target;

  @Option(names = "--table", paramLabel = "TABLE", description = "Pages of this table alone.")
  private @Nullable String only;

  @Option(names = "--json", description = "Print JSON, one object a line.")
  private boolean json;

  PagesCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() {
    Inspector.SpaceMap map;
    try (Inspector inspector = target.inspect(output())) {
      map = inspector.map();
    }
    Use[] uses = map.uses();
    short[] owners = map.owners();
    int first = 0;
    for (int page = 1; page <= uses.length; page++) {
      if (page == uses.length || uses[page] != uses[first] || owners[page] != owners[first]) {
        print(map, first, page - first);
        first = page;
      }
    }
    return ExitCode.OK;
  }

  private void print(Inspector.SpaceMap map, int first, int count) {
    short owner = map.owners()[first];
    String table = owner < 0 ? null : map.trees().get(owner).name();
    if (only != null && !only.equals(table)) {
      return;
    }
    String use = map.uses()[first].name().toLowerCase(Locale.ROOT);
    if (json) {
      Json object = Json.object().put("first", first).put("count", count).put("use", use);
      if (table != null) {
        object.put("table", table);
      }
      output().line(object.toString());
    } else {
      String last = count == 1 ? "" : "-" + (first + count - 1);
      output().line(first + last + "\t" + use + (table == null ? "" : "\t" + table));
    }
  }
}
