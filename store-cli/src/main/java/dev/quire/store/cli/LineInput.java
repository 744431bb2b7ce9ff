package dev.quire.store.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Lines of bytes, ended by `\n` or `\r\n`, with their numbers.
final class LineInput {

  private final InputStream in;
  private final byte[] buffer = new byte[64 << 10];
  private int at;
  private int end;
  private long number;

  LineInput(InputStream in) {
    this.in = in;
  }

  /// Number of the line that was read last, from 1.
  long number() {
    return number;
  }

  /// The next line without its end, or null.
  byte @Nullable [] next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    boolean any = false;
    while (at < end || fill()) {
      any = true;
      int stop = at;
      while (stop < end && buffer[stop] != '\n') {
        stop++;
      }
      line.write(buffer, at, stop - at);
      at = stop + 1;
      if (stop < end) {
        break;
      }
    }
    if (!any) {
      return null;
    }
    number++;
    byte[] bytes = line.toByteArray();
    int length = bytes.length;
    return length > 0 && bytes[length - 1] == '\r' ? Arrays.copyOf(bytes, length - 1) : bytes;
  }

  /// The next line as text, or null.
  @Nullable String nextText() throws IOException {
    byte @Nullable [] line = next();
    return line == null ? null : new String(line, StandardCharsets.UTF_8);
  }

  private boolean fill() throws IOException {
    at = 0;
    end = in.read(buffer);
    return end > 0;
  }
}
