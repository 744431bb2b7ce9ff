package dev.quire.store.internal.txn;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/// One change of a store, told by a few numbers so that it can be printed and left out.
///
/// @param kind what is done
/// @param table number of the table: 0 has short keys, 1 long ones with a common prefix, 2 keys of
///   every length up to some that spill, 3 integer keys, 4 those of 2 and a bound
/// @param key number of the key
/// @param size of the value; of a range the number of keys
/// @param salt what the value's bytes follow from
record Edit(Kind kind, int table, int key, int size, int salt) {

  /// What can be done.
  enum Kind {
    PUT,
    PUT_IF_ABSENT,
    STREAM,
    DELETE,
    DELETE_RANGE,
    CLEAR,
    DROP
  }

  static final int TABLES = 4;
  static final int INTEGER_TABLE = 3;

  /// One that holds few entries; only [EngineModel] has it.
  static final int BOUNDED_TABLE = 4;

  /// An edit of tables that hold up to `keys` keys and values that mostly are small.
  static Edit random(SplittableRandom random, int keys) {
    return random(random, keys, TABLES);
  }

  /// The same of the first tables.
  static Edit random(SplittableRandom random, int keys, int tables) {
    int choice = random.nextInt(1000);
    Kind kind;
    if (choice < 600) {
      kind = Kind.PUT;
    } else if (choice < 680) {
      kind = Kind.PUT_IF_ABSENT;
    } else if (choice < 690) {
      kind = Kind.STREAM;
    } else if (choice < 970) {
      kind = Kind.DELETE;
    } else if (choice < 995) {
      kind = Kind.DELETE_RANGE;
    } else {
      kind = choice < 998 ? Kind.CLEAR : Kind.DROP;
    }
    int size = kind == Kind.DELETE_RANGE ? 1 + random.nextInt(keys / 8 + 1) : randomSize(random);
    return new Edit(
        kind, random.nextInt(tables), random.nextInt(keys), size, random.nextInt() & 0xFFFF);
  }

  private static int randomSize(SplittableRandom random) {
    int choice = random.nextInt(100);
    if (choice < 80) {
      return random.nextInt(120);
    }
    return choice < 97 ? random.nextInt(1500) : random.nextInt(12_000);
  }

  void applyTo(ModelSession session) {
    String name = tableName(table);
    long expiryMillis = session.expiryMillis(salt);
    switch (kind) {
      case PUT -> session.put(name, keyBytes(), valueBytes(), expiryMillis);
      case PUT_IF_ABSENT -> session.putIfAbsent(name, keyBytes(), valueBytes(), expiryMillis);
      case STREAM -> session.putStream(name, keyBytes(), valueBytes());
      case DELETE -> session.delete(name, keyBytes());
      case DELETE_RANGE -> {
        Edit end = new Edit(kind, table, key + size, 0, 0);
        session.deleteRange(name, keyBytes(), (salt & 1) == 0, end.keyBytes(), (salt & 2) == 0);
      }
      case CLEAR -> session.clear(name);
      case DROP -> session.dropTable(name);
    }
  }

  static String tableName(int table) {
    return "table-" + table;
  }

  /// The key's bytes.
  byte[] keyBytes() {
    return switch (table) {
      case 0 -> ByteBuffer.allocate(4).putInt(key * 31).array();
      case 1 -> ("a common beginning of keys " + key).getBytes(StandardCharsets.UTF_8);
      case INTEGER_TABLE -> ByteBuffer.allocate(8).putLong(key * 3L).array();
      default -> {
        byte[] bytes = new byte[key % 41 == 7 ? 2500 : 4 + key * 7 % 90];
        Arrays.fill(bytes, (byte) (key >>> 8));
        bytes[bytes.length - 1] = (byte) key;
        yield bytes;
      }
    };
  }

  /// The value's bytes.
  byte[] valueBytes() {
    byte[] value = new byte[size];
    new SplittableRandom(salt * 31L + key).nextBytes(value);
    return value;
  }
}
