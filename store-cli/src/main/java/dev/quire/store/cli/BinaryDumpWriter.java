package dev.quire.store.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// Writes a [BinaryDump].
final class BinaryDumpWriter implements DumpWriter {

  private static final int MOST_OF_A_NUMBER = 10;

  private final OutputStream out;
  private final CRC32C crc = new CRC32C();
  private final byte[] head = new byte[1 + 3 * MOST_OF_A_NUMBER];
  private int length;
  private long unchecked;
  private long entries;

  BinaryDumpWriter(OutputStream out) throws IOException {
    this.out = out;
    out.write(BinaryDump.MAGIC);
  }

  private void begin(int type) {
    head[0] = (byte) type;
    length = 1;
  }

  private void number(long number) {
    long rest = number;
    while ((rest & ~0x7FL) != 0) {
      head[length++] = (byte) (rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    head[length++] = (byte) rest;
  }

  private void write(byte[] bytes, int count) throws IOException {
    crc.update(bytes, 0, count);
    out.write(bytes, 0, count);
    unchecked += count;
  }

  @Override
  public void table(TableHead table) throws IOException {
    byte[] json = table.json().toString().getBytes(StandardCharsets.UTF_8);
    begin(BinaryDump.TABLE);
    number(json.length);
    write(head, length);
    write(json, json.length);
  }

  @Override
  public void entry(byte[] key, byte[] value, long expiresMillis) throws IOException {
    begin(BinaryDump.ENTRY);
    number(key.length);
    number(value.length);
    number(expiresMillis);
    write(head, length);
    write(key, key.length);
    write(value, value.length);
    entries++;
    if (unchecked >= BinaryDump.CHECK_BYTES) {
      check();
    }
  }

  private void check() throws IOException {
    byte[] check =
        ByteBuffer.allocate(1 + Integer.BYTES)
            .put((byte) BinaryDump.CHECK)
            .putInt((int) crc.getValue())
            .array();
    out.write(check);
    crc.reset();
    unchecked = 0;
  }

  @Override
  public void endTable() {
    // The next record says so.
  }

  @Override
  public void end() throws IOException {
    begin(BinaryDump.END);
    number(entries);
    write(head, length);
    check();
  }
}
