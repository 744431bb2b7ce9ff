package dev.quire.store.server.state;

import dev.quire.store.server.resp.Reply;

/// The way to a client: what is written is sent at the next flush.
public interface Outlet {

  /// Adds bytes.
  void write(Reply reply);

  /// Sends what was added.
  void flush();

  /// Ends the connection when everything was sent.
  void close();

  /// Whether the client takes what it is sent.
  boolean isWritable();

  /// Bytes that were not taken yet.
  long pendingBytes();

  /// Takes up a connection's requests again that were left waiting.
  void resume();

  /// Address of the client, as `host:port`, or the socket's path.
  String peer();

  /// Address that the client connected to.
  String local();

  /// Whether the connection comes by a Unix socket.
  boolean isUnix();
}
