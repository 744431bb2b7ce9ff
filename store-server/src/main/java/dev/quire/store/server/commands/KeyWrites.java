package dev.quire.store.server.commands;

import dev.quire.store.Table;
import dev.quire.store.options.Expiry;
import dev.quire.store.server.run.Call;
import dev.quire.store.server.run.Refusal;
import dev.quire.store.server.state.KeyspaceEvents;
import java.util.Arrays;

/// Commands that delete, name and copy keys.
final class KeyWrites {

  private static final int GENERIC = KeyspaceEvents.GENERIC;

  private KeyWrites() {}

  static void bind(Routes to) {
    to.write("del", KeyWrites::delete);
    to.write("unlink", KeyWrites::delete);
    to.write("rename", call -> rename(call, true));
    to.write("renamenx", call -> rename(call, false));
    to.write("copy", KeyWrites::copy);
    to.write("move", KeyWrites::move);
    to.write("flushdb", KeyWrites::flushDb);
    to.write("flushall", KeyWrites::flushAll);
  }

  private static void delete(Call call) {
    int count = 0;
    for (int i = 1; i < call.count(); i++) {
      if (call.table().delete(call.word(i))) {
        call.changed(call.word(i), GENERIC, "del");
        count++;
      }
    }
    call.out().number(count);
  }

  private static void rename(Call call, boolean replace) {
    byte[] from = call.word(1);
    byte[] to = call.word(2);
    Table table = call.table();
    byte[] value = table.get(from);
    if (value == null) {
      throw new Refusal("ERR no such key");
    }
    boolean same = Arrays.equals(from, to);
    boolean taken = !replace && table.contains(to);
    if (!same && !taken) {
      Expiry life = StringWrites.lifeOf(table, from);
      boolean _ = table.delete(from);
      boolean isNew = table.put(to, value, life);
      if (isNew) {
        call.added(call.session().db, to);
      }
      call.changed(from, GENERIC, "rename_from");
      call.changed(to, GENERIC, "rename_to");
    }
    if (replace) {
      call.out().ok();
    } else {
      call.out().number(!taken && !same);
    }
  }

  /// The database that a word names.
  static int database(Call call, int index) {
    long db = call.number(index);
    if (db < 0 || db >= call.state().tables.length) {
      throw new Refusal("ERR DB index is out of range");
    }
    return (int) db;
  }

  private static void copy(Call call) {
    byte[] from = call.word(1);
    byte[] to = call.word(2);
    int db = call.session().db;
    boolean replace = false;
    for (int i = 3; i < call.count(); i++) {
      switch (call.option(i)) {
        case "replace" -> replace = true;
        case "db" -> {
          if (++i == call.count()) {
            throw Refusal.syntax();
          }
          db = database(call, i);
        }
        default -> throw Refusal.syntax();
      }
    }
    if (db == call.session().db && Arrays.equals(from, to)) {
      throw new Refusal("ERR source and destination objects are the same");
    }
    byte[] value = call.table().get(from);
    call.looked(from, value != null);
    Table target = call.keyspace().table(db);
    if (value == null || (!replace && target.contains(to))) {
      call.out().number(0);
      return;
    }
    if (target.put(to, value, StringWrites.lifeOf(call.table(), from))) {
      call.added(db, to);
    }
    call.changed(db, to, GENERIC, "copy_to");
    call.out().number(1);
  }

  private static void move(Call call) {
    byte[] key = call.word(1);
    int db = database(call, 2);
    if (db == call.session().db) {
      throw new Refusal("ERR source and destination objects are the same");
    }
    byte[] value = call.table().get(key);
    Table target = call.keyspace().table(db);
    if (value == null || target.contains(key)) {
      call.out().number(0);
      return;
    }
    boolean _ = target.put(key, value, StringWrites.lifeOf(call.table(), key));
    boolean _ = call.table().delete(key);
    call.changed(key, GENERIC, "move_from");
    call.added(db, key);
    call.changed(db, key, GENERIC, "move_to");
    call.out().number(1);
  }

  private static void requireFlushOption(Call call) {
    if (call.count() > 2
        || (call.count() == 2
            && !call.option(1).equals("async")
            && !call.option(1).equals("sync"))) {
      throw Refusal.syntax();
    }
  }

  private static void flushDb(Call call) {
    requireFlushOption(call);
    flush(call, call.session().db);
    call.flushed();
    call.out().ok();
  }

  private static void flushAll(Call call) {
    requireFlushOption(call);
    for (int db = 0; db < call.state().tables.length; db++) {
      flush(call, db);
    }
    call.flushed();
    call.out().ok();
  }

  private static void flush(Call call, int db) {
    Table table = call.keyspace().table(db);
    // A session's table that does not exist would be made by asking for its count.
    if (table.stats() != null) {
      call.clearing(db);
      table.clear();
    }
  }
}
