package dev.quire.store.server.run;

/// What a command does and which thread may do it.
///
/// @param place which thread
/// @param handler what it does
public record Route(Place place, Handler handler) {

  /// Which thread runs a command.
  public enum Place {
    /// Whoever runs the connection's commands: it needs the connection alone.
    ANY,
    /// The event loop on a snapshot, or the writer in its transaction.
    READ,
    /// The writer.
    WRITE,
    /// The event loop, since it needs what belongs to that.
    LOOP
  }
}
