package dev.quire.store.server.commands;

import dev.quire.store.Table;
import dev.quire.store.options.Expiry;
import dev.quire.store.server.run.Call;
import dev.quire.store.server.run.Refusal;
import dev.quire.store.server.state.KeyspaceEvents;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Commands that set values.
final class StringWrites {

  private static final int STRING = KeyspaceEvents.STRING;
  private static final int GENERIC = KeyspaceEvents.GENERIC;

  private StringWrites() {}

  static void bind(Routes to) {
    to.write("set", StringWrites::set);
    to.write("setnx", StringWrites::setnx);
    to.write("setex", call -> setWithLife(call, true));
    to.write("psetex", call -> setWithLife(call, false));
    to.write("getset", StringWrites::getset);
    to.write("getdel", StringWrites::getdel);
    to.write("getex", StringWrites::getex);
    to.write("mset", StringWrites::mset);
    to.write("msetnx", StringWrites::msetnx);
    to.write("append", StringWrites::append);
    to.write("setrange", StringWrites::setRange);
  }

  /// Sets a value and tells of it.
  static void store(Call call, byte[] key, byte[] value, Expiry expiry, String event) {
    store(call, call.session().db, key, value, expiry, event);
  }

  static void store(Call call, int db, byte[] key, byte[] value, Expiry expiry, String event) {
    if (call.keyspace().table(db).put(key, value, expiry)) {
      call.added(db, key);
    }
    call.changed(db, key, STRING, event);
  }

  /// The options of `SET`.
  private static final class SetOptions {
    boolean ifAbsent;
    boolean ifPresent;
    boolean answerOld;
    boolean keepLife;
    long deadline = Deadline.NONE;

    SetOptions(Call call) {
      for (int i = 3; i < call.count(); i++) {
        String option = call.option(i);
        switch (option) {
          case "nx" -> ifAbsent = true;
          case "xx" -> ifPresent = true;
          case "get" -> answerOld = true;
          case "keepttl" -> keepLife = true;
          case "ex", "px", "exat", "pxat" -> {
            if (deadline != Deadline.NONE || ++i == call.count()) {
              throw Refusal.syntax();
            }
            deadline = Deadline.of(call, option, i);
          }
          default -> throw Refusal.syntax();
        }
      }
      if ((ifAbsent && ifPresent) || (keepLife && deadline != Deadline.NONE)) {
        throw Refusal.syntax();
      }
    }
  }

  private static void set(Call call) {
    byte[] key = call.word(1);
    if (call.count() == 3) {
      store(call, key, call.word(2), Expiry.NEVER, "set");
      call.out().ok();
      return;
    }
    SetOptions options = new SetOptions(call);
    Table table = call.table();
    byte[] old = options.answerOld ? table.get(key) : null;
    boolean exists = options.answerOld ? old != null : table.contains(key);
    if (options.answerOld) {
      call.looked(key, exists);
    }
    if ((options.ifAbsent && exists) || (options.ifPresent && !exists)) {
      if (options.answerOld) {
        call.out().bulk(old);
      } else {
        call.out().nil();
      }
      return;
    }
    Expiry kept = options.keepLife ? table.expiry(key) : null;
    Expiry expiry = kept == null ? Deadline.expiry(options.deadline) : kept;
    store(call, key, call.word(2), expiry, "set");
    if (options.deadline != Deadline.NONE) {
      call.event(key, GENERIC, "expire");
    }
    if (options.answerOld) {
      call.out().bulk(old);
    } else {
      call.out().ok();
    }
  }

  private static void setnx(Call call) {
    byte[] key = call.word(1);
    boolean absent = !call.table().contains(key);
    if (absent) {
      store(call, key, call.word(2), Expiry.NEVER, "set");
    }
    call.out().number(absent);
  }

  private static void setWithLife(Call call, boolean seconds) {
    long deadline = Deadline.of(call, 2, seconds, false, true);
    store(call, call.word(1), call.word(3), Deadline.expiry(deadline), "set");
    call.event(call.word(1), GENERIC, "expire");
    call.out().ok();
  }

  private static void getset(Call call) {
    byte[] old = call.table().get(call.word(1));
    call.looked(call.word(1), old != null);
    store(call, call.word(1), call.word(2), Expiry.NEVER, "set");
    call.out().bulk(old);
  }

  private static void getdel(Call call) {
    byte[] key = call.word(1);
    byte[] old = call.table().get(key);
    call.looked(key, old != null);
    if (old != null) {
      boolean _ = call.table().delete(key);
      call.changed(key, GENERIC, "del");
    }
    call.out().bulk(old);
  }

  private static void getex(Call call) {
    byte[] key = call.word(1);
    boolean persist = false;
    long deadline = Deadline.NONE;
    for (int i = 2; i < call.count(); i++) {
      String option = call.option(i);
      switch (option) {
        case "persist" -> persist = true;
        case "ex", "px", "exat", "pxat" -> {
          if (deadline != Deadline.NONE || ++i == call.count()) {
            throw Refusal.syntax();
          }
          deadline = Deadline.of(call, option, i);
        }
        default -> throw Refusal.syntax();
      }
    }
    if (persist && deadline != Deadline.NONE) {
      throw Refusal.syntax();
    }
    Table table = call.table();
    byte[] value = table.get(key);
    call.looked(key, value != null);
    call.out().bulk(value);
    if (value == null) {
      return;
    }
    if (deadline != Deadline.NONE && deadline <= System.currentTimeMillis()) {
      boolean _ = table.delete(key);
      call.changed(key, GENERIC, "del");
    } else if (deadline != Deadline.NONE) {
      boolean _ = table.expire(key, Deadline.expiry(deadline));
      call.changed(key, GENERIC, "expire");
    } else if (persist && table.expiry(key) instanceof Expiry.At) {
      boolean _ = table.persist(key);
      call.changed(key, GENERIC, "persist");
    }
  }

  private static void requirePairs(Call call) {
    if (call.count() % 2 == 0) {
      throw new Refusal(
          "ERR wrong number of arguments for '" + call.command().name() + "' command");
    }
  }

  private static void mset(Call call) {
    requirePairs(call);
    setAll(call);
    call.out().ok();
  }

  private static void msetnx(Call call) {
    requirePairs(call);
    for (int i = 1; i < call.count(); i += 2) {
      if (call.table().contains(call.word(i))) {
        call.out().number(0);
        return;
      }
    }
    setAll(call);
    call.out().number(1);
  }

  private static void setAll(Call call) {
    for (int i = 1; i < call.count(); i += 2) {
      store(call, call.word(i), call.word(i + 1), Expiry.NEVER, "set");
    }
  }

  /// When an entry expires; one that does not exist never will.
  static Expiry lifeOf(Table table, byte[] key) {
    Expiry expiry = table.expiry(key);
    return expiry == null ? Expiry.NEVER : expiry;
  }

  private static void append(Call call) {
    byte[] key = call.word(1);
    byte[] more = call.word(2);
    Table table = call.table();
    byte[] old = table.get(key);
    int length = old == null ? 0 : old.length;
    Call.requireLength((long) length + more.length);
    byte[] value = joined(old, length + more.length);
    System.arraycopy(more, 0, value, length, more.length);
    store(call, key, value, lifeOf(table, key), "append");
    call.out().number(value.length);
  }

  private static byte[] joined(byte @Nullable [] old, int length) {
    return old == null ? new byte[length] : Arrays.copyOf(old, length);
  }

  private static void setRange(Call call) {
    byte[] key = call.word(1);
    long offset = call.number(2);
    byte[] part = call.word(3);
    if (offset < 0) {
      throw new Refusal("ERR offset is out of range");
    }
    Table table = call.table();
    byte[] old = table.get(key);
    int length = old == null ? 0 : old.length;
    if (part.length == 0) {
      call.out().number(length);
      return;
    }
    if (offset > Integer.MAX_VALUE) {
      Call.requireLength(offset);
    }
    Call.requireLength(offset + part.length);
    byte[] value = joined(old, Math.max(length, (int) offset + part.length));
    System.arraycopy(part, 0, value, (int) offset, part.length);
    store(call, key, value, lifeOf(table, key), "setrange");
    call.out().number(value.length);
  }
}
