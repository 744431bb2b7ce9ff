package dev.quire.store.cli;

import dev.quire.store.Keys;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// A dump as lines of JSON: one for the dump, one for each table, one for each entry, one at the
/// end with the number of entries. Nothing is lost.
final class JsonDumpWriter implements DumpWriter {

  static final int VERSION = 1;

  private final OutputStream out;
  private boolean begun;
  private boolean integerKeys;
  private long entries;

  JsonDumpWriter(OutputStream out) {
    this.out = out;
  }

  private void line(Json line) throws IOException {
    if (!begun) {
      begun = true;
      line(Json.object().put("quire", "dump").put("version", VERSION));
    }
    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void table(TableHead head) throws IOException {
    integerKeys = head.integerKeys();
    line(head.json());
  }

  @Override
  public void entry(byte[] key, byte[] value, long expiresMillis) throws IOException {
    Json line = Json.object();
    if (integerKeys) {
      line.putUnsigned("key", Keys.toLong(key));
    } else {
      line.putBytes("key", key, false);
    }
    line.putBytes("value", value, false);
    if (expiresMillis != 0) {
      line.put("expiresMillis", expiresMillis);
    }
    line(line);
    entries++;
  }

  @Override
  public void endTable() {
    // The next line says so.
  }

  @Override
  public void end() throws IOException {
    line(Json.object().put("end", true).put("entries", entries));
  }
}
