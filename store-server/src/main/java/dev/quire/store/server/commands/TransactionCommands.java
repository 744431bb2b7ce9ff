package dev.quire.store.server.commands;

import dev.quire.store.server.run.Call;
import dev.quire.store.server.run.Refusal;
import dev.quire.store.server.state.Fingerprint;
import dev.quire.store.server.state.Name;
import dev.quire.store.server.state.Session.WatchedKey;

/// What is watched. `MULTI`, `EXEC` and `DISCARD` are the dispatcher's own.
final class TransactionCommands {

  private TransactionCommands() {}

  static void bind(Routes to) {
    to.any("multi", TransactionCommands::nested);
    to.any("exec", TransactionCommands::nested);
    to.any("discard", TransactionCommands::nested);
    to.loop("watch", TransactionCommands::watch);
    to.loop("unwatch", TransactionCommands::unwatch);
  }

  private static void nested(Call call) {
    throw new Refusal("ERR " + call.command().name() + " inside a transaction");
  }

  private static void watch(Call call) {
    if (call.session().queue != null) {
      throw new Refusal("ERR WATCH inside MULTI is not allowed");
    }
    for (int i = 1; i < call.count(); i++) {
      WatchedKey key = new WatchedKey(call.session().db, new Name(call.word(i)));
      call.state().watches.add(call.session(), key, Fingerprint.of(call.table(), call.word(i)));
    }
    call.out().ok();
  }

  private static void unwatch(Call call) {
    call.state().watches.forget(call.session());
    call.out().ok();
  }
}
