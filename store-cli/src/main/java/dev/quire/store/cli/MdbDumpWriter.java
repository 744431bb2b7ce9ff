package dev.quire.store.cli;

import dev.quire.store.TableCodecs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// The text format of LMDB's `mdb_dump`, with `format=bytevalue`, for `mdb_load`. What LMDB has no
/// word for, options and codecs, stands in headers that begin with `x_quire_`, which `mdb_load`
/// passes over with a warning; expiry times are lost.
///
/// ```
/// VERSION=3
/// format=bytevalue
/// database=NAME
/// type=btree
/// mapsize=1048576
/// HEADER=END
///  6b6579
///  76616c7565
/// DATA=END
/// ```
final class MdbDumpWriter implements DumpWriter {

  /// Longest key of LMDB as it is usually built.
  static final int MAX_KEY_BYTES = 511;

  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final OutputStream out;
  private final Output messages;
  private final long mapSizeBytes;
  private final boolean named;
  private long expiring;
  private long refused;

  /// @param mapSizeBytes what the environment that is loaded must have room for
  /// @param named whether each table is a named database
  MdbDumpWriter(OutputStream out, Output messages, long mapSizeBytes, boolean named) {
    this.out = out;
    this.messages = messages;
    this.mapSizeBytes = mapSizeBytes;
    this.named = named;
  }

  @Override
  public void table(TableHead head) throws IOException {
    String name = String.valueOf(head.name());
    if (named && name.chars().anyMatch(c -> c < ' ')) {
      throw new IllegalArgumentException(
          "the name of table \"" + name + "\" does not fit a line; use another format");
    }
    StringBuilder text = new StringBuilder("VERSION=3\nformat=bytevalue\n");
    if (named) {
      text.append("database=").append(name).append('\n');
    }
    text.append("type=btree\nmapsize=").append(mapSizeBytes).append("\nmaxreaders=126\n");
    if (head.integerKeys()) {
      text.append("x_quire_integer_keys=1\n");
    }
    if (!head.like().options().expiry().isZero()) {
      long millis = head.like().options().expiry().toMillis();
      text.append("x_quire_expiry_millis=").append(millis).append('\n');
    }
    TableCodecs codecs = head.like().codecs();
    if (codecs != null) {
      text.append("x_quire_key_codec=").append(codecs.keys()).append('\n');
      text.append("x_quire_value_codec=").append(codecs.values()).append('\n');
    }
    out.write(text.append("HEADER=END\n").toString().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void entry(byte[] key, byte[] value, long expiresMillis) throws IOException {
    expiring += expiresMillis == 0 ? 0 : 1;
    refused += key.length == 0 || key.length > MAX_KEY_BYTES ? 1 : 0;
    line(key);
    line(value);
  }

  private void line(byte[] bytes) throws IOException {
    byte[] line = new byte[2 * bytes.length + 2];
    line[0] = ' ';
    for (int i = 0; i < bytes.length; i++) {
      line[2 * i + 1] = DIGITS[bytes[i] >> 4 & 0xF];
      line[2 * i + 2] = DIGITS[bytes[i] & 0xF];
    }
    line[line.length - 1] = '\n';
    out.write(line);
  }

  @Override
  public void endTable() throws IOException {
    out.write("DATA=END\n".getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void end() {
    if (expiring > 0) {
      messages.message(
          Amounts.count(expiring)
              + " entries expire, which this format cannot say; --format ndjson or binary does");
    }
    if (refused > 0) {
      messages.message(
          Amounts.count(refused)
              + " keys are empty or longer than "
              + MAX_KEY_BYTES
              + " bytes: mdb_load refuses them, quire load does not");
    }
  }
}
