package dev.quire.store.server.commands;

import dev.quire.store.Table;
import dev.quire.store.options.Expiry;
import dev.quire.store.server.run.Call;
import dev.quire.store.server.run.Refusal;
import dev.quire.store.server.state.KeyspaceEvents;

/// Commands about when keys expire.
final class Expirations {

  private static final int GENERIC = KeyspaceEvents.GENERIC;

  private Expirations() {}

  static void bind(Routes to) {
    to.write("expire", call -> expire(call, true, false));
    to.write("pexpire", call -> expire(call, false, false));
    to.write("expireat", call -> expire(call, true, true));
    to.write("pexpireat", call -> expire(call, false, true));
    to.write("persist", Expirations::persist);
    to.read("ttl", call -> timeLeft(call, true, false));
    to.read("pttl", call -> timeLeft(call, false, false));
    to.read("expiretime", call -> timeLeft(call, true, true));
    to.read("pexpiretime", call -> timeLeft(call, false, true));
  }

  /// Under which condition a life is set.
  private static final class Condition {
    boolean ifNone;
    boolean ifSome;
    boolean ifGreater;
    boolean ifLess;

    Condition(Call call) {
      for (int i = 3; i < call.count(); i++) {
        switch (call.option(i)) {
          case "nx" -> ifNone = true;
          case "xx" -> ifSome = true;
          case "gt" -> ifGreater = true;
          case "lt" -> ifLess = true;
          default -> throw new Refusal("ERR Unsupported option " + call.text(i));
        }
      }
      if (ifNone && (ifSome || ifGreater || ifLess)) {
        throw new Refusal("ERR NX and XX, GT or LT options at the same time are not compatible");
      }
      if (ifGreater && ifLess) {
        throw new Refusal("ERR GT and LT options at the same time are not compatible");
      }
    }

    boolean allows(long old, long deadline) {
      boolean never = old == Deadline.NONE;
      return !(ifNone && !never)
          && !(ifSome && never)
          && !(ifGreater && (never || deadline <= old))
          && !(ifLess && !never && deadline >= old);
    }
  }

  private static void expire(Call call, boolean seconds, boolean absolute) {
    byte[] key = call.word(1);
    long deadline = Deadline.of(call, 2, seconds, absolute, false);
    Condition condition = new Condition(call);
    Table table = call.table();
    Expiry expiry = table.expiry(key);
    if (expiry == null || !condition.allows(Deadline.millis(expiry), deadline)) {
      call.out().number(0);
      return;
    }
    if (deadline <= System.currentTimeMillis()) {
      boolean _ = table.delete(key);
      call.changed(key, GENERIC, "del");
    } else {
      boolean _ = table.expire(key, Deadline.expiry(deadline));
      call.changed(key, GENERIC, "expire");
    }
    call.out().number(1);
  }

  private static void persist(Call call) {
    byte[] key = call.word(1);
    boolean expires = call.table().expiry(key) instanceof Expiry.At;
    if (expires) {
      boolean _ = call.table().persist(key);
      call.changed(key, GENERIC, "persist");
    }
    call.out().number(expires);
  }

  private static void timeLeft(Call call, boolean seconds, boolean absolute) {
    Expiry expiry = call.table().expiry(call.word(1));
    call.looked(call.word(1), expiry != null);
    if (expiry == null) {
      call.out().number(-2);
      return;
    }
    long deadline = Deadline.millis(expiry);
    if (deadline == Deadline.NONE) {
      call.out().number(-1);
      return;
    }
    long millis = absolute ? deadline : Math.max(0, deadline - System.currentTimeMillis());
    call.out().number(seconds ? (absolute ? millis / 1000 : (millis + 500) / 1000) : millis);
  }
}
