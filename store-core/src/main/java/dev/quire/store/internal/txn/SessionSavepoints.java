package dev.quire.store.internal.txn;

import java.util.ArrayList;
import java.util.List;

/// The open savepoints of a write transaction, each inside the one before.
final class SessionSavepoints {

  /// What a session keeps beside pages and tables.
  ///
  /// @param nextTableId table id to give out next
  /// @param userTerm user word
  /// @param userIndex user word
  record Words(long nextTableId, long userTerm, long userIndex) {}

  private record Savepoint(
      SessionPages.Mark mark, long redoMark, SessionTables.Saved tables, Words words) {}

  private final WriterMemory memory;
  private final SessionTables tables;
  private final List<Savepoint> open = new ArrayList<>();

  SessionSavepoints(WriterMemory memory, SessionTables tables) {
    this.memory = memory;
    this.tables = tables;
  }

  /// Number of open savepoints.
  int depth() {
    return open.size();
  }

  /// Opens a savepoint.
  ///
  /// @return its depth, from 1 on
  int open(Words words) {
    open.add(new Savepoint(memory.pages.savepoint(), memory.redo.mark(), tables.save(), words));
    return open.size();
  }

  /// Undoes everything since a savepoint was opened; it stays open, those inside it are gone.
  ///
  /// @return the words as they were
  Words rollbackTo(int depth) {
    Savepoint savepoint = require(depth);
    open.subList(depth, open.size()).clear();
    memory.pages.rollbackTo(savepoint.mark());
    memory.redo.cutTo(savepoint.redoMark());
    tables.restore(savepoint.tables());
    return savepoint.words();
  }

  /// Closes a savepoint and those inside it.
  void release(int depth) {
    Savepoint savepoint = require(depth);
    open.subList(depth - 1, open.size()).clear();
    memory.pages.release(savepoint.mark());
  }

  /// The tables that rollbacks bring back.
  List<SessionTables.Saved> saved() {
    List<SessionTables.Saved> saved = new ArrayList<>();
    for (Savepoint savepoint : open) {
      saved.add(savepoint.tables());
    }
    return saved;
  }

  private Savepoint require(int depth) {
    if (depth < 1 || depth > open.size()) {
      throw new IllegalStateException(
          "savepoint " + depth + " is not open; " + open.size() + " are");
    }
    return open.get(depth - 1);
  }
}
