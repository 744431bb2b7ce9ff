package dev.quire.store.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quire.store.TableCodecs;
import dev.quire.store.TableOptions;
import dev.quire.store.cli.NewTable.Like;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the text format of `mdb_dump` and `db_dump`: `format=bytevalue` and `format=print`.
///
/// In `print` a backslash and two digits are a byte, two backslashes are one. What LMDB 0.9.24 and
/// older have dumped with `-p` does not escape backslashes: there a value may be read wrong, and
/// nothing tells. A database of integers of this machine's byte order becomes a table of integer
/// keys. One with several values for a key is refused.
final class MdbDumpReader implements DumpReader {

  private static final int LAST_VERSION = 3;

  private final LineInput in;
  private boolean print;
  private boolean nativeIntegers;
  private boolean saidPrint;
  private final Output messages;

  MdbDumpReader(InputStream in, Output messages) {
    this.in = new LineInput(in);
    this.messages = messages;
  }

  @Override
  public String place() {
    return "line " + in.number();
  }

  private CommandFailure failure(String what) {
    return DumpReader.failure(place(), what);
  }

  @Override
  public @Nullable TableHead nextTable() throws IOException {
    Map<String, String> headers = new HashMap<>();
    @Nullable String line = in.nextText();
    if (line == null) {
      return null;
    }
    for (; !"HEADER=END".equals(line); line = in.nextText()) {
      if (line == null) {
        throw failure("the dump ends within its header");
      }
      int sign = line.indexOf('=');
      if (sign < 0) {
        throw failure("no header of mdb_dump: \"" + line + "\"");
      }
      headers.put(line.substring(0, sign), line.substring(sign + 1));
    }
    return head(headers);
  }

  private TableHead head(Map<String, String> headers) {
    long version = number(headers, "VERSION");
    if (version < 1 || version > LAST_VERSION) {
      throw failure("VERSION=" + headers.get("VERSION") + ", which this quire does not read");
    }
    String format = headers.getOrDefault("format", "");
    if (!format.equals("print") && !format.equals("bytevalue")) {
      throw failure("format=" + format + "; known are bytevalue and print");
    }
    print = format.equals("print");
    if (print && !saidPrint) {
      saidPrint = true;
      messages.message(
          "format=print: if LMDB 0.9.24 or older has written it, values with backslashes are"
              + " wrong; dump without -p to be sure");
    }
    if (!headers.getOrDefault("type", "btree").equals("btree")) {
      throw failure("type=" + headers.get("type") + "; known is btree");
    }
    if (number(headers, "dupsort") + number(headers, "duplicates") > 0) {
      throw failure(
          "this database has several values for a key; \"quire migrate --flatten-duplicates\""
              + " copies it from the LMDB environment");
    }
    nativeIntegers = number(headers, "integerkey") > 0;
    TableOptions options =
        TableOptions.defaults()
            .withIntegerKeys(nativeIntegers || number(headers, "x_quire_integer_keys") > 0)
            .withExpiry(Duration.ofMillis(number(headers, "x_quire_expiry_millis")));
    String keys = headers.get("x_quire_key_codec");
    String values = headers.get("x_quire_value_codec");
    TableCodecs codecs = keys == null || values == null ? null : new TableCodecs(keys, values);
    return new TableHead(headers.get("database"), new Like(options, codecs));
  }

  private long number(Map<String, String> headers, String name) {
    String text = headers.getOrDefault(name, "0");
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw failure(name + "=" + text + " is no number");
    }
  }

  @Override
  public @Nullable Entry nextEntry() throws IOException {
    byte @Nullable [] key = bytes();
    if (key == null) {
      return null;
    }
    byte @Nullable [] value = bytes();
    if (value == null) {
      throw failure("a key without a value");
    }
    return new Entry(nativeIntegers ? bigEndian(key) : key, value, 0);
  }

  private byte[] bigEndian(byte[] key) {
    if (key.length != Long.BYTES) {
      throw failure("an integer key of " + key.length + " bytes; known are those of 8");
    }
    byte[] reversed = new byte[Long.BYTES];
    for (int i = 0; i < Long.BYTES; i++) {
      reversed[i] = key[Long.BYTES - 1 - i];
    }
    return reversed;
  }

  /// @return null at the end of the table
  private byte @Nullable [] bytes() throws IOException {
    byte @Nullable [] line = in.next();
    if (line == null) {
      throw failure("the dump ends without DATA=END");
    }
    if (line.length == 0 || line[0] != ' ') {
      String text = new String(line, UTF_8);
      if (text.equals("DATA=END")) {
        return null;
      }
      throw failure("a line of data begins with a space; found: \"" + shortened(text) + "\"");
    }
    return print ? unescape(line) : unhex(line);
  }

  private static String shortened(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }

  private byte[] unhex(byte[] line) {
    if (line.length % 2 == 0) {
      throw failure("an odd number of digits");
    }
    byte[] bytes = new byte[line.length / 2];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (digit(line, 2 * i + 1) << 4 | digit(line, 2 * i + 2));
    }
    return bytes;
  }

  private byte[] unescape(byte[] line) {
    byte[] bytes = new byte[line.length - 1];
    int length = 0;
    for (int i = 1; i < line.length; i++) {
      byte b = line[i];
      if (b == '\\') {
        if (i + 1 < line.length && line[i + 1] == '\\') {
          i++;
        } else {
          b = (byte) (digit(line, i + 1) << 4 | digit(line, i + 2));
          i += 2;
        }
      }
      bytes[length++] = b;
    }
    return Arrays.copyOf(bytes, length);
  }

  private int digit(byte[] line, int at) {
    int digit = at < line.length ? Character.digit(line[at], 16) : -1;
    if (digit < 0) {
      String found = at < line.length ? new String(line, at, 1, ISO_8859_1) : "its end";
      throw failure("a hexadecimal digit is expected; found: " + found);
    }
    return digit;
  }
}
