package dev.quire.store.internal.txn;

/// What is told when a process comes to a step at which its death must do no harm. Tests die there.
@FunctionalInterface
interface Steps {

  /// A step between two stores into `shm`.
  enum Step {
    /// The note is in force, nothing of it is done.
    NOTE_WRITTEN,
    /// Bitmaps and pending pages are as the note says, the head is not.
    NOTE_APPLIED,
    /// The head is stored, the note still in force.
    HEAD_STORED,
    /// The plan of a checkpoint is in force, its pages are not marked yet.
    PLAN_WRITTEN,
    /// A superblock is the candidate and not yet written.
    CANDIDATE_SET,
    /// The superblock is durable, the pages of the old space map are still used.
    DURABLE_SET,
    /// The turn has been taken from a process that died, nothing is done about it.
    TAKEOVER_BEGUN,
    /// The dead process's note is done, its log not ended yet.
    TAKEOVER_NOTE_DONE
  }

  /// Tells nobody.
  Steps NONE = step -> {};

  void reached(Step step);
}
