package dev.quire.store.cli;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows of fields: CSV as in RFC 4180, or TSV with the escapes of [Escapes] in place of quotes.
final class Separated {

  private static final int END = -1;

  private final Reader in;
  private final boolean csv;
  private long line = 1;
  private int ahead;

  /// @param in buffered
  Separated(Reader in, boolean csv) throws IOException {
    this.in = in;
    this.csv = csv;
    this.ahead = in.read();
    if (ahead == '\uFEFF') {
      ahead = in.read();
    }
  }

  /// Number of the line that is read next, from 1.
  long line() {
    return line;
  }

  /// The next row, or null.
  @Nullable List<String> next() throws IOException {
    if (ahead == END) {
      return null;
    }
    List<String> row = new ArrayList<>();
    while (true) {
      row.add(csv && ahead == '"' ? quoted() : plain());
      if (ahead == (csv ? ',' : '\t')) {
        ahead = in.read();
        continue;
      }
      if (ahead == '\r') {
        ahead = in.read();
      }
      if (ahead == '\n') {
        ahead = in.read();
        line++;
      } else if (ahead != END) {
        throw new IllegalArgumentException("text behind the quotes of a field");
      }
      return row;
    }
  }

  private String plain() throws IOException {
    StringBuilder field = new StringBuilder();
    while (ahead != END && ahead != '\n' && ahead != (csv ? ',' : '\t')) {
      field.append((char) ahead);
      ahead = in.read();
    }
    int length = field.length();
    if (ahead != ',' && ahead != '\t' && length > 0 && field.charAt(length - 1) == '\r') {
      field.setLength(length - 1);
    }
    return field.toString();
  }

  private String quoted() throws IOException {
    StringBuilder field = new StringBuilder();
    ahead = in.read();
    while (true) {
      if (ahead == END) {
        throw new IllegalArgumentException("a quote has no end");
      }
      if (ahead == '"') {
        ahead = in.read();
        if (ahead != '"') {
          return field.toString();
        }
      }
      line += ahead == '\n' ? 1 : 0;
      field.append((char) ahead);
      ahead = in.read();
    }
  }

  /// A field as CSV has it.
  static String csvField(String text) {
    boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain && !text.startsWith(" ") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
