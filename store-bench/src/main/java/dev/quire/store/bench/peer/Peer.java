package dev.quire.store.bench.peer;

/// An open store under test. It is opened by [PeerKind#open] and used through sessions.
public interface Peer extends AutoCloseable {

  /// The operations, for the thread that calls this and no other.
  Session session();

  /// Makes everything durable, where there is a medium, and closes the store.
  @Override
  void close();
}
