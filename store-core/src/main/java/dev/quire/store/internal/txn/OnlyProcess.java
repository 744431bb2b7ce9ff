package dev.quire.store.internal.txn;

/// The life of the processes of a store that one process at a time has open.
///
/// @param self the one
record OnlyProcess(Name self) implements ProcessLife {

  @Override
  public boolean isAlive(Name process) {
    return process.equals(self);
  }
}
