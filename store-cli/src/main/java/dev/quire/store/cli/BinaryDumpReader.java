package dev.quire.store.cli;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Reads a [BinaryDump]. Nothing of it is believed that its checks contradict, but entries are
/// handed out before their check is read: who loads them commits after the end.
final class BinaryDumpReader implements DumpReader {

  private static final int MAX_HEAD_BYTES = 1 << 20;
  private static final int PIECE_BYTES = 1 << 20;

  private final DataInputStream in;
  private final CRC32C crc = new CRC32C();
  private final byte[] one = new byte[1];
  private int type;
  private long at = BinaryDump.MAGIC.length;
  private long entries;

  /// @param in behind the magic
  BinaryDumpReader(InputStream in) throws IOException {
    this.in = new DataInputStream(in);
    type = nextType();
  }

  @Override
  public String place() {
    return "byte " + at;
  }

  private CommandFailure failure(String what) {
    return DumpReader.failure(place(), what);
  }

  private int read() throws IOException {
    int b = in.read();
    if (b < 0) {
      throw failure("the dump ends too early");
    }
    at++;
    one[0] = (byte) b;
    return b;
  }

  private int nextByte() throws IOException {
    int b = read();
    crc.update(one, 0, 1);
    return b;
  }

  /// The type of the next record that is no check.
  private int nextType() throws IOException {
    int next = read();
    while (next == BinaryDump.CHECK) {
      requireCrc();
      next = read();
    }
    crc.update(one, 0, 1);
    return next;
  }

  private void requireCrc() throws IOException {
    int found = (int) crc.getValue();
    int expected = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      expected = expected << 8 | read();
    }
    if (found != expected) {
      throw new CommandFailure(
          ExitCode.DAMAGED, place() + ": the dump is damaged before: its checksum is another one");
    }
    crc.reset();
  }

  private long number() throws IOException {
    long number = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int b = nextByte();
      number |= (long) (b & 0x7F) << shift;
      if (b < 0x80) {
        return number;
      }
    }
    throw failure("a number of more than 64 bits");
  }

  private byte[] bytes(long length, long limit) throws IOException {
    if (length < 0 || length > limit) {
      throw failure("a length of " + Long.toUnsignedString(length) + " bytes");
    }
    // In pieces: a length that is wrong does not take all memory before the dump ends.
    byte[] bytes = new byte[(int) Math.min(length, PIECE_BYTES)];
    int have = 0;
    while (have < length) {
      if (have == bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(length, 2L * have));
      }
      try {
        in.readFully(bytes, have, bytes.length - have);
      } catch (EOFException e) {
        throw failure("the dump ends too early");
      }
      at += bytes.length - have;
      have = bytes.length;
    }
    crc.update(bytes, 0, bytes.length);
    return bytes;
  }

  @Override
  public @Nullable TableHead nextTable() throws IOException {
    if (type == BinaryDump.TABLE) {
      return table();
    }
    if (type != BinaryDump.END) {
      throw failure("no record begins with " + type);
    }
    long expected = number();
    if (read() != BinaryDump.CHECK) {
      throw failure("an end without a check");
    }
    requireCrc();
    if (expected != entries) {
      throw failure("the dump had " + expected + " entries, not " + entries);
    }
    return null;
  }

  private TableHead table() throws IOException {
    String text = new String(bytes(number(), MAX_HEAD_BYTES), StandardCharsets.UTF_8);
    type = nextType();
    try {
      if (JsonValue.parse(text) instanceof JsonValue.Members members) {
        return TableHead.of(members);
      }
    } catch (IllegalArgumentException e) {
      throw failure("a table without a head: " + e.getMessage());
    }
    throw failure("a table without a head");
  }

  @Override
  public @Nullable Entry nextEntry() throws IOException {
    if (type != BinaryDump.ENTRY) {
      return null;
    }
    long keyLength = number();
    long valueLength = number();
    long expiresMillis = number();
    byte[] key = bytes(keyLength, 1 << 16);
    byte[] value = bytes(valueLength, Integer.MAX_VALUE - 64);
    entries++;
    type = nextType();
    return new Entry(key, value, expiresMillis);
  }
}
