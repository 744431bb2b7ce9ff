package dev.quire.store.cli;

import dev.quire.store.internal.inspect.Inspector;
import dev.quire.store.internal.inspect.Inspector.Use;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The file of a store as a picture: rows of cells, each a part of the file, which shows what most
/// of it is used for.
final class SpacePicture {

  private static final int COLUMNS = 64;
  private static final int MOST_ROWS = 24;
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

  private static final int SYSTEM = 0;
  private static final int OTHER = 1;
  private static final int FREE = 2;
  private static final int TREES = 3;

  /// What one use takes.
  ///
  /// @param letter that stands for it
  /// @param isTable whether the name is that of a table
  record Share(String letter, String name, boolean isTable, long pages) {}

  private final Inspector.SpaceMap map;
  private final int pagesOfCell;
  private final int[] cells;
  private final List<Share> shares = new ArrayList<>();

  SpacePicture(Inspector.SpaceMap map) {
    this.map = map;
    int pages = map.uses().length;
    this.pagesOfCell = Math.max(1, (pages + COLUMNS * MOST_ROWS - 1) / (COLUMNS * MOST_ROWS));
    this.cells = new int[(pages + pagesOfCell - 1) / pagesOfCell];
    int kinds = TREES + map.trees().size();
    long[] sums = new long[kinds];
    for (int cell = 0; cell < cells.length; cell++) {
      int[] counts = new int[kinds];
      int end = Math.min(pages, (cell + 1) * pagesOfCell);
      for (int page = cell * pagesOfCell; page < end; page++) {
        int kind = kindOf(page);
        counts[kind]++;
        sums[kind]++;
        cells[cell] = counts[kind] > counts[cells[cell]] ? kind : cells[cell];
      }
    }
    shares.add(new Share("=", "superblocks and ring", false, sums[SYSTEM]));
    shares.add(new Share("+", "space map, replaced", false, sums[OTHER]));
    shares.add(new Share(".", "free", false, sums[FREE]));
    for (int tree = 0; tree < map.trees().size(); tree++) {
      shares.add(
          new Share(letter(TREES + tree), map.trees().get(tree).name(), true, sums[TREES + tree]));
    }
  }

  private int kindOf(int page) {
    short owner = map.owners()[page];
    if (owner >= 0) {
      return TREES + owner;
    }
    Use use = map.uses()[page];
    return use == Use.FREE ? FREE : use == Use.OTHER ? OTHER : SYSTEM;
  }

  private static String letter(int kind) {
    return switch (kind) {
      case SYSTEM -> "=";
      case OTHER -> "+";
      case FREE -> ".";
      default -> String.valueOf(LETTERS.charAt((kind - TREES) % LETTERS.length()));
    };
  }

  /// What each use takes, of tables last.
  List<Share> shares() {
    return shares;
  }

  /// The picture in letters, within a frame.
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("\u250c" + "\u2500".repeat(COLUMNS) + "\u2510");
    for (int row = 0; row * COLUMNS < cells.length; row++) {
      StringBuilder line = new StringBuilder("\u2502");
      for (int column = 0; column < COLUMNS; column++) {
        int cell = row * COLUMNS + column;
        line.append(cell < cells.length ? letter(cells[cell]) : " ");
      }
      lines.add(line + "\u2502 page " + (long) row * COLUMNS * pagesOfCell);
    }
    lines.add("\u2514" + "\u2500".repeat(COLUMNS) + "\u2518");
    return lines;
  }

  /// The picture as SVG, with a legend.
  String svg(int pageSizeBytes) {
    int size = 10;
    int rows = (cells.length + COLUMNS - 1) / COLUMNS;
    StringBuilder text = new StringBuilder();
    int height = (rows + 3) * size + 16 * shares.size();
    text.append("<svg xmlns=\"http://www.w3.org/2000/svg\" font-family=\"sans-serif\" ")
        .append("font-size=\"12\" width=\"" + (COLUMNS + 2) * size + "\" height=\"")
        .append(height)
        .append("\">\n");
    for (int cell = 0; cell < cells.length; cell++) {
      text.append(rectangle((cell % COLUMNS + 1) * size, (cell / COLUMNS + 1) * size, cells[cell]));
    }
    for (int kind = 0; kind < shares.size(); kind++) {
      Share share = shares.get(kind);
      int y = (rows + 2) * size + 16 * kind;
      text.append(rectangle(size, y, kind))
          .append("<text x=\"" + 3 * size + "\" y=\"" + (y + 9) + "\">")
          .append(escape(share.name()))
          .append(", ")
          .append(Amounts.bytes(share.pages() * pageSizeBytes))
          .append("</text>\n");
    }
    return text.append("</svg>\n").toString();
  }

  private static String rectangle(int x, int y, int kind) {
    String colour =
        switch (kind) {
          case SYSTEM -> "#555555";
          case OTHER -> "#aaaaaa";
          case FREE -> "#eeeeee";
          default -> "hsl(" + (kind - TREES) * 137 % 360 + ",60%,55%)";
        };
    return String.format(
        Locale.ROOT,
        "<rect x=\"%d\" y=\"%d\" width=\"9\" height=\"9\" fill=\"%s\"/>%n",
        x,
        y,
        colour);
  }

  private static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '<' || c == '>' || c == '&' || c < ' ') {
        escaped.append(c < ' ' ? "?" : "&#" + (int) c + ";");
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }
}
