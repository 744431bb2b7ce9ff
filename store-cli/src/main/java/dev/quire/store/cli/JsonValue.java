package dev.quire.store.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A value of JSON (RFC 8259), read from text. `toString` gives it back without spaces.
sealed interface JsonValue {

  /// Deepest nesting that is read.
  int MAX_DEPTH = 200;

  /// A text.
  record Text(String text) implements JsonValue {
    @Override
    public String toString() {
      return Json.quote(text);
    }
  }

  /// A number, `true`, `false` or `null`, as it was written.
  record Bare(String text) implements JsonValue {
    @Override
    public String toString() {
      return text;
    }
  }

  /// An array.
  record Elements(List<JsonValue> elements) implements JsonValue {
    @Override
    public String toString() {
      StringBuilder text = new StringBuilder("[");
      for (JsonValue element : elements) {
        text.append(text.length() == 1 ? "" : ",").append(element);
      }
      return text.append(']').toString();
    }
  }

  /// An object.
  record Members(Map<String, JsonValue> members) implements JsonValue {

    /// The text of a member, or null if there is none.
    @Nullable String text(String name) {
      return members.get(name) instanceof Text(String text) ? text : null;
    }

    /// The number of a member, or `absent` if there is none.
    long number(String name, long absent) {
      return members.get(name) instanceof Bare(String text) ? Long.parseLong(text) : absent;
    }

    /// Whether the member is `true`.
    boolean isTrue(String name) {
      return members.get(name) instanceof Bare(String text) && text.equals("true");
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder("{");
      for (Map.Entry<String, JsonValue> member : members.entrySet()) {
        text.append(text.length() == 1 ? "" : ",").append(Json.quote(member.getKey()));
        text.append(':').append(member.getValue());
      }
      return text.append('}').toString();
    }
  }

  /// Reads one value, which is all of the text.
  ///
  /// @throws IllegalArgumentException if the text is not JSON
  static JsonValue parse(String text) {
    Reader reader = new Reader(text);
    JsonValue value = reader.value(0);
    reader.requireEnd();
    return value;
  }

  /// Reads from left to right.
  final class Reader {

    private static final Set<String> WORDS = Set.of("true", "false", "null");
    private static final String NUMBER = "-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?";

    private final String text;
    private int at;

    private Reader(String text) {
      this.text = text;
    }

    private JsonValue value(int depth) {
      if (depth > MAX_DEPTH) {
        throw failure("more than " + MAX_DEPTH + " levels");
      }
      skipSpace();
      return switch (peek()) {
        case '{' -> members(depth);
        case '[' -> elements(depth);
        case '"' -> new Text(string());
        default -> bare();
      };
    }

    private JsonValue members(int depth) {
      Map<String, JsonValue> members = new LinkedHashMap<>();
      at++;
      skipSpace();
      while (peek() != '}') {
        if (!members.isEmpty()) {
          require(',');
        }
        skipSpace();
        String name = string();
        require(':');
        members.put(name, value(depth + 1));
        skipSpace();
      }
      at++;
      return new Members(members);
    }

    private JsonValue elements(int depth) {
      List<JsonValue> elements = new ArrayList<>();
      at++;
      skipSpace();
      while (peek() != ']') {
        if (!elements.isEmpty()) {
          require(',');
        }
        elements.add(value(depth + 1));
        skipSpace();
      }
      at++;
      return new Elements(elements);
    }

    private JsonValue bare() {
      int start = at;
      while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      String word = text.substring(start, at);
      if (!WORDS.contains(word) && !word.matches(NUMBER)) {
        at = start;
        throw failure("no value");
      }
      return new Bare(word);
    }

    private String string() {
      require('"');
      StringBuilder read = new StringBuilder();
      while (true) {
        char c = next();
        if (c == '"') {
          return read.toString();
        }
        if (c < ' ') {
          throw failure("a control character in a text");
        }
        read.append(c == '\\' ? escaped() : c);
      }
    }

    private char escaped() {
      char c = next();
      return switch (c) {
        case '"', '\\', '/' -> c;
        case 'b' -> '\b';
        case 'f' -> '\f';
        case 'n' -> '\n';
        case 'r' -> '\r';
        case 't' -> '\t';
        case 'u' -> {
          if (at + 4 > text.length()) {
            throw failure("an unfinished \\u");
          }
          String digits = text.substring(at, at + 4);
          at += 4;
          yield (char) Integer.parseInt(digits, 16);
        }
        default -> throw failure("\\" + c);
      };
    }

    private void skipSpace() {
      while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }

    private char peek() {
      if (at >= text.length()) {
        throw failure("it ends too early");
      }
      return text.charAt(at);
    }

    private char next() {
      char c = peek();
      at++;
      return c;
    }

    private void require(char expected) {
      skipSpace();
      if (peek() != expected) {
        throw failure("no " + expected);
      }
      at++;
    }

    private void requireEnd() {
      skipSpace();
      if (at < text.length()) {
        throw failure("more than one value");
      }
    }

    private IllegalArgumentException failure(String what) {
      return new IllegalArgumentException(what + " at character " + (at + 1));
    }
  }
}
