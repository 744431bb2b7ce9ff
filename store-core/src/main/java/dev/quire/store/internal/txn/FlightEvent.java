package dev.quire.store.internal.txn;

/// Something that takes time and that the Flight Recorder is told of when it ends. Begun by
/// [FlightEvents].
interface FlightEvent {

  /// It has ended in good order. What did not is not told.
  ///
  /// @param store name of the store's data file
  /// @param first what the event is about, say its transaction
  /// @param second a further number of the event
  void end(String store, long first, long second);
}
