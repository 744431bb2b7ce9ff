package dev.quire.store.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quire.store.Keys;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Reads what [JsonDumpWriter] writes.
final class JsonDumpReader implements DumpReader {

  private final LineInput in;
  private JsonValue.@Nullable Members ahead;
  private boolean integerKeys;
  private boolean ended;
  private long entries;

  JsonDumpReader(InputStream in) throws IOException {
    this.in = new LineInput(in);
    JsonValue.Members first = line();
    if (!"dump".equals(first.text("quire")) || first.number("version", 0) != 1) {
      throw failure("no dump of quire that this version reads");
    }
  }

  @Override
  public String place() {
    return "line " + in.number();
  }

  private CommandFailure failure(String what) {
    return DumpReader.failure(place(), what);
  }

  private JsonValue.Members line() throws IOException {
    @Nullable String text = in.nextText();
    if (text == null) {
      throw failure("the dump ends too early: there is no line with \"end\"");
    }
    try {
      if (JsonValue.parse(text) instanceof JsonValue.Members members) {
        return members;
      }
    } catch (IllegalArgumentException e) {
      throw failure("no JSON: " + e.getMessage());
    }
    throw failure("no object of JSON");
  }

  private JsonValue.Members peek() throws IOException {
    if (ahead == null) {
      ahead = line();
    }
    return ahead;
  }

  @Override
  public @Nullable TableHead nextTable() throws IOException {
    if (ended) {
      return null;
    }
    JsonValue.Members next = peek();
    ahead = null;
    if (next.isTrue("end")) {
      ended = true;
      if (next.number("entries", -1) != entries) {
        throw failure("the dump had " + next.number("entries", -1) + " entries, not " + entries);
      }
      return null;
    }
    if (next.text("table") == null) {
      throw failure("an entry before its table");
    }
    TableHead head = TableHead.of(next);
    integerKeys = head.integerKeys();
    return head;
  }

  @Override
  public @Nullable Entry nextEntry() throws IOException {
    JsonValue.Members next = peek();
    if (next.text("table") != null || next.isTrue("end")) {
      return null;
    }
    ahead = null;
    entries++;
    try {
      return new Entry(
          bytes(next, "key", integerKeys),
          bytes(next, "value", false),
          next.number("expiresMillis", 0));
    } catch (IllegalArgumentException e) {
      throw failure(String.valueOf(e.getMessage()));
    }
  }

  private static byte[] bytes(JsonValue.Members line, String name, boolean number) {
    String hex = line.text(name + "Hex");
    if (hex != null) {
      return HexFormat.of().parseHex(hex);
    }
    JsonValue value = line.members().get(name);
    if (number && value instanceof JsonValue.Bare(String digits)) {
      return Keys.ofLong(Long.parseUnsignedLong(digits));
    }
    if (value instanceof JsonValue.Text(String text)) {
      return text.getBytes(UTF_8);
    }
    throw new IllegalArgumentException("no member \"" + name + "\" with bytes");
  }
}
