package dev.quire.store.server.state;

/// Sends what was written for a connection that did not ask for it.
@FunctionalInterface
public interface Sender {

  /// Sends it soon.
  void send(Session session);
}
