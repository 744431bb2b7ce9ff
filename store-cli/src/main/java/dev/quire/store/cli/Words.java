package dev.quire.store.cli;

import java.util.ArrayList;
import java.util.List;

/// Lines of words, as scripts and the shell have them: separated by spaces; `'...'` is taken as it
/// is; in `"..."` and elsewhere a backslash gives `\n \t \r \0 \x1b`, and any other character
/// itself. A word that begins with `#` begins a comment.
final class Words {

  private final String line;
  private int at;

  private Words(String line) {
    this.line = line;
  }

  /// The words of a line.
  ///
  /// @throws IllegalArgumentException if a quote has no end
  static List<String> of(String line) {
    return new Words(line).split();
  }

  private List<String> split() {
    List<String> words = new ArrayList<>();
    while (true) {
      while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
        at++;
      }
      if (at >= line.length() || line.charAt(at) == '#') {
        return words;
      }
      words.add(word());
    }
  }

  private String word() {
    StringBuilder word = new StringBuilder();
    char quote = 0;
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (quote == 0 && Character.isWhitespace(c)) {
        break;
      }
      if (quote != 0 && c == quote) {
        quote = 0;
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else if (c == '\\' && quote != '\'') {
        word.append(escaped());
      } else {
        word.append(c);
      }
    }
    if (quote != 0) {
      throw new IllegalArgumentException("a " + quote + " has no end");
    }
    return word.toString();
  }

  private char escaped() {
    if (at >= line.length()) {
      throw new IllegalArgumentException("a backslash at the end");
    }
    char c = line.charAt(at++);
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case '0' -> '\0';
      case 'x' -> {
        if (at + 2 > line.length()) {
          throw new IllegalArgumentException("\\x wants two digits");
        }
        String digits = line.substring(at, at + 2);
        at += 2;
        yield (char) Integer.parseInt(digits, 16);
      }
      default -> c;
    };
  }
}
