package dev.quire.store.server.commands;

import dev.quire.store.Cursor;
import dev.quire.store.KeyRange;
import dev.quire.store.Table;
import dev.quire.store.server.run.Call;
import dev.quire.store.server.run.Numbers;
import dev.quire.store.server.run.Refusal;
import java.util.concurrent.ThreadLocalRandom;

/// Commands that read keys, not values.
final class KeyReads {

  private static final int EMBEDDED_BYTES = 44;

  /// What an entry costs besides its bytes, about.
  private static final int ENTRY_BYTES = 16;

  private KeyReads() {}

  static void bind(Routes to) {
    to.read("exists", KeyReads::exists);
    to.read("touch", KeyReads::exists);
    to.read("type", KeyReads::type);
    to.read("dbsize", call -> call.out().number(call.table().count()));
    to.read("randomkey", KeyReads::randomKey);
    to.read("object|encoding", KeyReads::encoding);
    to.read("object|refcount", KeyReads::references);
    to.read("object|idletime", KeyReads::idleTime);
    to.read("object|freq", KeyReads::frequency);
    to.read("memory|usage", KeyReads::memory);
  }

  private static void exists(Call call) {
    Table table = call.table();
    int count = 0;
    for (int i = 1; i < call.count(); i++) {
      boolean found = table.contains(call.word(i));
      call.looked(call.word(i), found);
      count += found ? 1 : 0;
    }
    call.out().number(count);
  }

  private static void type(Call call) {
    boolean found = call.table().contains(call.word(1));
    call.looked(call.word(1), found);
    call.out().simple(found ? "string" : "none");
  }

  /// A key near a random place between the first and the last.
  private static void randomKey(Call call) {
    try (Cursor cursor = call.table().cursor()) {
      if (!cursor.last()) {
        call.out().nil();
        return;
      }
      byte[] last = cursor.key();
      boolean _ = cursor.first();
      byte[] place = between(cursor.key(), last);
      boolean up = ThreadLocalRandom.current().nextBoolean();
      boolean found = up ? cursor.seekAtLeast(place) : cursor.seekAtMost(place);
      if (!found) {
        found = up ? cursor.first() : cursor.last();
      }
      call.out().bulk(found ? cursor.key() : last);
    }
  }

  /// The part that both have, then random bytes between theirs.
  private static byte[] between(byte[] first, byte[] last) {
    int same = 0;
    while (same < first.length && same < last.length && first[same] == last[same]) {
      same++;
    }
    byte[] place = java.util.Arrays.copyOf(first, same + 4);
    ThreadLocalRandom random = ThreadLocalRandom.current();
    for (int i = same; i < place.length; i++) {
      place[i] = (byte) random.nextInt(256);
    }
    int low = same < first.length ? first[same] & 0xFF : 0;
    int high = same < last.length ? last[same] & 0xFF : 255;
    place[same] = (byte) random.nextInt(low, Math.max(low, high) + 1);
    return place;
  }

  private static byte[] requireValue(Call call) {
    byte[] value = call.table().get(call.word(2));
    if (value == null) {
      throw new Refusal("ERR no such key");
    }
    return value;
  }

  private static void encoding(Call call) {
    byte[] value = call.table().get(call.word(2));
    if (value == null) {
      call.out().nil();
    } else if (Numbers.isNumber(value)) {
      call.out().text("int");
    } else {
      call.out().text(value.length <= EMBEDDED_BYTES ? "embstr" : "raw");
    }
  }

  private static void references(Call call) {
    if (call.table().contains(call.word(2))) {
      call.out().number(1);
    } else {
      call.out().nil();
    }
  }

  private static void idleTime(Call call) {
    if (call.table().contains(call.word(2))) {
      call.out().number(0);
    } else {
      call.out().nil();
    }
  }

  private static void frequency(Call call) {
    byte[] _ = requireValue(call);
    throw new Refusal(
        "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note"
            + " that when switching between policies at runtime LRU and LFU data will take some"
            + " time to adjust.");
  }

  private static void memory(Call call) {
    for (int i = 3; i < call.count(); i += 2) {
      if (!call.option(i).equals("samples") || i + 1 == call.count()) {
        throw Refusal.syntax();
      }
      if (call.number(i + 1) < 0) {
        throw Refusal.syntax();
      }
    }
    byte[] key = call.word(2);
    long length = call.table().valueLength(key);
    if (length < 0) {
      call.out().nil();
    } else {
      call.out().number(key.length + length + ENTRY_BYTES);
    }
  }

  /// Whether a range has no entry.
  static boolean isEmpty(Table table) {
    try (Cursor cursor = table.cursor(KeyRange.all())) {
      return !cursor.first();
    }
  }
}
