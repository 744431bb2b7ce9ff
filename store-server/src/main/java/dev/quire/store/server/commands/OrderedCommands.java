package dev.quire.store.server.commands;

import dev.quire.store.Cursor;
import dev.quire.store.KeyRange;
import dev.quire.store.Table;
import dev.quire.store.options.Durability;
import dev.quire.store.server.resp.Reply;
import dev.quire.store.server.run.Call;
import dev.quire.store.server.run.Refusal;
import dev.quire.store.server.state.ServerState;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What other servers of this protocol do not have: keys in their order, compare-and-set, and what
/// a write has reached when it is answered.
final class OrderedCommands {

  private static final long MAX_ENTRIES = 1 << 20;
  private static final long DEFAULT_LIMIT = 1_000;

  private OrderedCommands() {}

  static void bind(Routes to) {
    to.read("quire.range", OrderedCommands::range);
    to.read("quire.prefix", OrderedCommands::prefix);
    to.read("quire.count", OrderedCommands::count);
    to.write("quire.cas", OrderedCommands::compareAndSet);
    to.any("quire.durability", OrderedCommands::durability);
  }

  /// The options behind the range.
  private static final class Options {
    long limit = DEFAULT_LIMIT;
    boolean reversed;
    boolean keysOnly;

    Options(Call call, int from) {
      for (int i = from; i < call.count(); i++) {
        switch (call.option(i)) {
          case "rev" -> reversed = true;
          case "keys" -> keysOnly = true;
          case "limit" -> {
            if (++i == call.count()) {
              throw Refusal.syntax();
            }
            limit = call.number(i, 0, MAX_ENTRIES, "ERR limit is not from 0 to " + MAX_ENTRIES);
          }
          default -> throw Refusal.syntax();
        }
      }
    }
  }

  /// An end of a range: `-` or `+` for none, `(key` without the key, `[key` or `key` with it.
  ///
  /// @param key the key, or null for none
  /// @param inclusive whether the key belongs to the range
  private record End(byte @Nullable [] key, boolean inclusive) {

    static End of(byte[] word) {
      if (word.length == 1 && (word[0] == '-' || word[0] == '+')) {
        return new End(null, true);
      }
      if (word.length > 0 && (word[0] == '(' || word[0] == '[')) {
        return new End(Arrays.copyOfRange(word, 1, word.length), word[0] == '[');
      }
      return new End(word, true);
    }
  }

  private static KeyRange between(End from, End to) {
    byte[] least = from.key;
    byte[] most = to.key;
    if (least != null && most != null) {
      return KeyRange.between(least, from.inclusive, most, to.inclusive);
    }
    if (least != null) {
      return from.inclusive ? KeyRange.atLeast(least) : KeyRange.greaterThan(least);
    }
    if (most != null) {
      return to.inclusive ? KeyRange.atMost(most) : KeyRange.lessThan(most);
    }
    return KeyRange.all();
  }

  private static void range(Call call) {
    KeyRange range = between(End.of(call.word(1)), End.of(call.word(2)));
    walk(call, range, new Options(call, 3));
  }

  private static void prefix(Call call) {
    walk(call, KeyRange.prefix(call.word(1)), new Options(call, 2));
  }

  private static void walk(Call call, KeyRange range, Options options) {
    Reply entries = new Reply(1024);
    int count = 0;
    try (Cursor cursor = call.table().cursor(options.reversed ? range.reversed() : range)) {
      while (count < options.limit && cursor.next()) {
        entries.bulk(cursor.key());
        if (!options.keysOnly) {
          entries.bulk(cursor.value());
        }
        count++;
      }
    }
    call.out().array(options.keysOnly ? count : 2 * count);
    call.out().append(entries);
  }

  private static void count(Call call) {
    if (call.count() == 1) {
      call.out().number(call.table().count());
      return;
    }
    if (call.count() > 3) {
      throw Refusal.syntax();
    }
    KeyRange range =
        call.count() == 2
            ? KeyRange.prefix(call.word(1))
            : between(End.of(call.word(1)), End.of(call.word(2)));
    long count = 0;
    try (Cursor cursor = call.table().cursor(range)) {
      while (cursor.next()) {
        count++;
      }
    }
    call.out().number(count);
  }

  /// `QUIRE.CAS key expected value`, or `QUIRE.CAS key NONE value` written as `QUIRE.CAS key value
  /// IFABSENT`.
  private static void compareAndSet(Call call) {
    byte[] key = call.word(1);
    Table table = call.table();
    byte[] old = table.get(key);
    boolean ifAbsent = call.count() == 4 && call.option(3).equals("ifabsent");
    if (call.count() > 4) {
      throw Refusal.syntax();
    }
    boolean fits = ifAbsent ? old == null : old != null && Arrays.equals(old, call.word(2));
    if (fits) {
      byte[] value = call.word(ifAbsent ? 2 : 3);
      StringWrites.store(call, key, value, StringWrites.lifeOf(table, key), "set");
    }
    call.out().number(fits);
  }

  private static void durability(Call call) {
    if (call.count() == 2) {
      String word = call.option(1);
      call.session().durability =
          switch (word) {
            case "always", "everysec", "no" -> ServerState.durabilityOf(word);
            case "default" -> null;
            default -> throw Refusal.syntax();
          };
      call.out().ok();
      return;
    }
    if (call.count() > 2) {
      throw Refusal.syntax();
    }
    Durability asked = call.session().durability;
    Durability set = asked == null ? call.state().durability() : asked;
    call.out()
        .text(
            switch (set) {
              case Durability.Sync _ -> "always";
              case Durability.Interval _ -> "everysec";
              case Durability.Checkpoint _ -> "no";
            });
  }
}
