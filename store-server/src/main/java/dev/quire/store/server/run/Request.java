package dev.quire.store.server.run;

import dev.quire.store.server.state.Fingerprint;
import dev.quire.store.server.state.QueuedCommand;
import dev.quire.store.server.state.Session.WatchedKey;
import dev.quire.store.server.table.Command;
import java.util.List;
import java.util.Map;

/// Something that is answered.
sealed interface Request {

  /// A command.
  ///
  /// @param command which
  /// @param words the request
  record One(Command command, byte[][] words) implements Request {}

  /// A transaction.
  ///
  /// @param exec the command that runs it
  /// @param words its request
  /// @param queue its commands
  /// @param watched what the watched keys were
  record Transaction(
      Command exec, byte[][] words, List<QueuedCommand> queue, Map<WatchedKey, Fingerprint> watched)
      implements Request {}

  /// A reply that is known already, and waits for those before it.
  ///
  /// @param reply the bytes
  record Answered(byte[] reply) implements Request {}
}
