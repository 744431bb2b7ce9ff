package dev.quire.store.internal.txn;

/// Which of the processes that left their name in the store still have it open.
final class ProcessLife {

  /// The name of one process that has or had the store open.
  ///
  /// Incarnations begin anew with each `shm`; the time tells apart what they do not.
  ///
  /// @param owner process slot + 1 in the upper, incarnation in the lower half
  /// @param startMillis when it opened the store, from its process slot
  record Name(long owner, long startMillis) {

    int slot() {
      return (int) (owner >>> Integer.SIZE) - 1;
    }
  }

  private final SharedState state;
  private final ProcessLocks locks;

  ProcessLife(SharedState state, ProcessLocks locks) {
    this.state = state;
    this.locks = locks;
  }

  /// This process.
  Name self() {
    return new Name(locks.owner(), ProcessTable.startMillis(state, locks.slot()));
  }

  /// Whether the process of this name has the store open. Once false, it stays false; a process
  /// that has just died may be taken for alive a moment longer.
  boolean isAlive(Name process) {
    int slot = process.slot();
    if (slot == locks.slot()) {
      return process.equals(self());
    }
    return slot >= 0 && slot < ProcessTable.SLOTS && isCurrent(process) && !locks.isDead(slot);
  }

  /// Whether no later process has entered the slot.
  private boolean isCurrent(Name process) {
    int slot = process.slot();
    return (int) ProcessTable.incarnation(state, slot) == (int) process.owner()
        && ProcessTable.startMillis(state, slot) == process.startMillis();
  }
}
