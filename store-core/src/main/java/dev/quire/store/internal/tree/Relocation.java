package dev.quire.store.internal.tree;

import java.util.Arrays;

/// A walk through a tree that gives pages other places, done in pieces: what is to move, how much
/// of it the next piece may do, and where that goes on.
///
/// The place is a key. So others may change the tree between two pieces; what they put behind the
/// place is met, what they put before it is not.
public final class Relocation {

  /// Tells whether there are free pages for a run.
  @FunctionalInterface
  public interface Room {
    /// Whether the next run of so many pages would come to lie before a page number.
    boolean hasRun(long pages, long before);
  }

  private static final byte[] START = {};

  private final long limit;
  private final Room room;
  private final boolean movesRuns;
  private byte[] key = START;
  private boolean done;
  private long pages;
  private long visits;

  private Relocation(long limit, Room room, boolean movesRuns) {
    this.limit = limit;
    this.room = room;
    this.movesRuns = movesRuns;
  }

  /// Pages of the tree whose number is `limit` or greater are to move, and overflow runs that reach
  /// there for which there is room before them.
  public static Relocation of(long limit, Room room) {
    return new Relocation(limit, room, true);
  }

  /// The same without overflow runs: of the leaves only those are read that move.
  public static Relocation withoutRuns(long limit) {
    return new Relocation(limit, (_, _) -> false, false);
  }

  /// What the next piece may do.
  ///
  /// @param newPages so many pages may move, and what the last one of them brings with it
  /// @param newVisits so many pages may be looked at
  public void allow(long newPages, long newVisits) {
    pages = newPages;
    visits = newVisits;
  }

  /// The same walk through another tree, from its beginning.
  public void restart() {
    key = START;
    done = false;
  }

  /// Whether the end of the tree was reached.
  public boolean isDone() {
    return done;
  }

  /// Whether the piece has done what it may.
  public boolean isSpent() {
    return pages <= 0 || visits <= 0;
  }

  boolean movesRuns() {
    return movesRuns;
  }

  boolean isBehind(long pageNo) {
    return pageNo >= limit;
  }

  boolean hasRoom(long count, long before) {
    return room.hasRun(count, before);
  }

  void moved(long count) {
    pages -= count;
  }

  void visited() {
    visits--;
  }

  byte[] key() {
    return key;
  }

  void goOnAt(byte[] newKey, int length) {
    key = Arrays.copyOf(newKey, length);
  }

  /// Nothing is left of the tree.
  public void finish() {
    done = true;
  }
}
