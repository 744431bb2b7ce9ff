package dev.quire.store.server.commands;

import dev.quire.store.Table;
import dev.quire.store.server.resp.Reply;
import dev.quire.store.server.run.Call;

/// Commands that read values.
final class StringReads {

  private StringReads() {}

  static void bind(Routes to) {
    to.read("get", StringReads::get);
    to.read("mget", StringReads::mget);
    to.read("strlen", StringReads::strlen);
    to.read("getrange", StringReads::getRange);
    to.read("substr", StringReads::getRange);
    to.read("lcs", CommonSubsequence::run);
  }

  private static void get(Call call) {
    value(call, call.word(1));
  }

  /// Writes the value of a key, or nothing.
  static void value(Call call, byte[] key) {
    Reply out = call.out();
    Boolean found =
        call.table()
            .get(
                key,
                value -> {
                  out.bulk(value);
                  return Boolean.TRUE;
                });
    call.looked(key, found != null);
    if (found == null) {
      out.nil();
    }
  }

  private static void mget(Call call) {
    call.out().array(call.count() - 1);
    for (int i = 1; i < call.count(); i++) {
      value(call, call.word(i));
    }
  }

  private static void strlen(Call call) {
    long length = call.table().valueLength(call.word(1));
    call.looked(call.word(1), length >= 0);
    call.out().number(Math.max(0, length));
  }

  private static void getRange(Call call) {
    long from = call.number(2);
    long to = call.number(3);
    Table table = call.table();
    byte[] key = call.word(1);
    long found = table.valueLength(key);
    call.looked(key, found >= 0);
    long length = Math.max(0, found);
    if (from < 0 && to < 0 && from > to) {
      call.out().bulk(new byte[0]);
      return;
    }
    long first = from < 0 ? Math.max(0, length + from) : from;
    long last = Math.min(to < 0 ? Math.max(0, length + to) : to, length - 1);
    if (first > last || length == 0) {
      call.out().bulk(new byte[0]);
      return;
    }
    call.out().bulk(table.get(key, first, (int) (last - first + 1)));
  }
}
