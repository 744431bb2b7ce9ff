package dev.quire.store.internal.format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The tables of `docs/FORMAT.md`, found by the headings that they stand under.
public final class FormatDoc {

  /// A row without its alignment: the texts of its cells.
  public record Row(List<String> cells) {

    /// The first cells, as they are compared.
    public String first(int count) {
      return String.join(" | ", cells.subList(0, count));
    }
  }

  private static final String DOC_TABLE = "/// |";

  private final List<String> lines;

  private FormatDoc(List<String> lines) {
    this.lines = lines;
  }

  /// The document of this project.
  public static FormatDoc read() {
    return new FormatDoc(readLines("docs/FORMAT.md"));
  }

  /// The lines of a file of the project, by its path from the top.
  public static List<String> readLines(String path) {
    Path directory = Path.of("").toAbsolutePath();
    while (directory != null && !Files.isRegularFile(directory.resolve(".ci/run"))) {
      directory = directory.getParent();
    }
    if (directory == null) {
      throw new IllegalStateException("no .ci/run above " + Path.of("").toAbsolutePath());
    }
    try {
      return Files.readAllLines(directory.resolve(path), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Whether there is this line.
  public boolean contains(String line) {
    return lines.contains(line);
  }

  /// The rows of the first table below the heading, without its head.
  public List<Row> table(String heading) {
    return table(heading, 0);
  }

  /// The rows of a table below the heading, without its head.
  ///
  /// @param skipped tables between heading and table
  public List<Row> table(String heading, int skipped) {
    int at = lines.indexOf(heading);
    if (at < 0) {
      throw new AssertionError("docs/FORMAT.md has no heading \"" + heading + "\"");
    }
    int line = at;
    for (int i = 0; i < skipped; i++) {
      line = endOfTable(startOfTable(line + 1));
    }
    int start = startOfTable(line + 1);
    return rows(lines.subList(start + 2, endOfTable(start)), "|");
  }

  private int startOfTable(int from) {
    int line = from;
    while (!lines.get(line).startsWith("|")) {
      line++;
    }
    return line;
  }

  private int endOfTable(int start) {
    int line = start;
    while (line < lines.size() && lines.get(line).startsWith("|")) {
      line++;
    }
    return line;
  }

  /// The rows of the first table in the doc comment of a class of `format`, without its head.
  static List<Row> classDoc(Class<?> type) {
    List<String> lines =
        readLines("store-core/src/main/java/" + type.getName().replace('.', '/') + ".java");
    List<String> table =
        lines.stream()
            .dropWhile(line -> !line.startsWith(DOC_TABLE))
            .takeWhile(line -> line.startsWith(DOC_TABLE))
            .toList();
    return rows(table.subList(2, table.size()), DOC_TABLE);
  }

  private static List<Row> rows(List<String> table, String start) {
    List<Row> rows = new ArrayList<>();
    for (String line : table) {
      List<String> cells = new ArrayList<>();
      for (String cell : line.substring(start.length()).split("\\|", -1)) {
        cells.add(cell.strip());
      }
      cells.removeLast();
      rows.add(new Row(List.copyOf(cells)));
    }
    return rows;
  }
}
