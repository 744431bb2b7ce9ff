package dev.quire.store.server.commands;

import dev.quire.store.Cursor;
import dev.quire.store.KeyRange;
import dev.quire.store.Table;
import dev.quire.store.server.resp.Reply;
import dev.quire.store.server.run.Call;
import dev.quire.store.server.run.Refusal;
import dev.quire.store.server.state.Glob;
import dev.quire.store.server.state.Name;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Walks over keys.
///
/// The number that `SCAN` answers is a hash of the last key, under which the server remembers it
/// for all connections: the same walk again uses the same numbers. A number that was forgotten
/// begins anew, which repeats keys and misses none.
final class Scans {

  private static final int REMEMBERED = 1 << 16;
  private static final long DEFAULT_COUNT = 10;

  /// A step looks at so many keys at most, whatever its count.
  private static final long MAX_LOOKED_AT = 1 << 20;

  private static final Map<Long, byte[]> CURSORS = new Remembered();

  /// Forgets what was not used for longest.
  private static final class Remembered extends LinkedHashMap<Long, byte[]> {

    private static final long serialVersionUID = 1L;

    Remembered() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Long, byte[]> eldest) {
      return size() > REMEMBERED;
    }
  }

  private Scans() {}

  static void bind(Routes to) {
    to.read("keys", Scans::keys);
    to.read("scan", Scans::scan);
  }

  private static void keys(Call call) {
    byte[] pattern = call.word(1);
    List<byte[]> found = new ArrayList<>();
    try (Cursor cursor = call.table().cursor(KeyRange.prefix(Glob.prefix(pattern)))) {
      while (cursor.next()) {
        byte[] key = cursor.key();
        if (Glob.matches(pattern, key)) {
          found.add(key);
        }
      }
    }
    call.out().array(found.size());
    found.forEach(call.out()::bulk);
  }

  private static void scan(Call call) {
    long number = cursorNumber(call.word(1));
    byte[] pattern = null;
    long count = DEFAULT_COUNT;
    boolean strings = true;
    for (int i = 2; i < call.count(); i += 2) {
      if (i + 1 == call.count()) {
        throw Refusal.syntax();
      }
      switch (call.option(i)) {
        case "match" -> pattern = call.word(i + 1);
        case "count" -> {
          count = call.number(i + 1);
          if (count < 1) {
            throw Refusal.syntax();
          }
        }
        case "type" -> strings = call.option(i + 1).equals("string");
        default -> throw Refusal.syntax();
      }
    }
    scan(call.out(), call.table(), number, pattern, strings ? count : MAX_LOOKED_AT, strings);
  }

  private static long cursorNumber(byte[] word) {
    try {
      return Long.parseUnsignedLong(new String(word, StandardCharsets.US_ASCII));
    } catch (NumberFormatException e) {
      throw new Refusal("ERR invalid cursor");
    }
  }

  private static void scan(
      Reply out, Table table, long number, byte @Nullable [] pattern, long count, boolean strings) {
    List<byte[]> found = new ArrayList<>();
    byte[] prefix = pattern == null ? new byte[0] : Glob.prefix(pattern);
    byte[] last = null;
    long next = 0;
    byte[] from = number == 0 ? null : remembered(number);
    try (Cursor cursor = table.cursor(KeyRange.prefix(prefix))) {
      boolean valid = from == null ? cursor.first() : cursor.seekAtLeast(from);
      for (long looked = 0; valid && looked < Math.min(count, MAX_LOOKED_AT); looked++) {
        last = cursor.key();
        if (strings && (pattern == null || Glob.matches(pattern, last))) {
          found.add(last);
        }
        valid = cursor.next();
      }
      if (valid && last != null) {
        next = remember(cursor.key());
      }
    }
    out.array(2);
    out.text(Long.toUnsignedString(next));
    out.array(found.size());
    found.forEach(out::bulk);
  }

  private static byte @Nullable [] remembered(long number) {
    synchronized (CURSORS) {
      return CURSORS.get(number);
    }
  }

  /// The number of a key: other keys of the same hash get others.
  private static long remember(byte[] key) {
    long hash = 0xcbf29ce484222325L;
    for (byte value : key) {
      hash = (hash ^ value) * 0x100000001b3L;
    }
    Name name = new Name(key);
    synchronized (CURSORS) {
      // 48 bits: some clients keep the number in a floating-point one.
      for (long number = hash >>> 16; ; number++) {
        if (number != 0) {
          byte[] known = CURSORS.get(number);
          if (known == null || new Name(known).equals(name)) {
            byte[] _ = CURSORS.put(number, key);
            return number;
          }
        }
      }
    }
  }
}
