package dev.quire.store.internal.txn;

import dev.quire.store.errors.StoreException;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.page.MappedFaults;
import dev.quire.store.internal.tree.Relocation;
import dev.quire.store.internal.tree.TreeCursor;
import dev.quire.store.internal.tree.ValueSlot;
import dev.quire.store.options.Durability;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Moves live pages from the end of the file into free space before, so that the file can be cut.
///
/// 1. A checkpoint: what the durable snapshot alone needed becomes free.
/// 2. A *pass*: transactions that change nothing but places, each of a bounded number of pages.
///    They are published without the log, which has nothing to say of them. Together they go once
///    through all tables; others may write in between.
/// 3. A checkpoint makes them durable and their old places free, as far as nobody reads those.
/// 4. The file is cut ([FileCut]).
///
/// Each step leaves the store as any commit and checkpoint does. Guarded by the turn; what the pass
/// has reached is remembered by the process alone.
final class Compaction {

  /// Less is not worth a checkpoint.
  static final long LEAST_GAIN_PAGES = 256;

  /// The part of the file that must be gained.
  private static final int GAIN_PART = 128;

  /// The part of the live pages that may be overflow runs, for a pass that does not move them.
  private static final int RUNS_PART = 16;

  private static final int STEP_BYTES = 16 << 20;
  private static final long MOST_BYTES = 256L << 20;

  /// Pages that one transaction looks at.
  private static final int VISITS = 16_384;

  /// With fewer pages to go to, a transaction does not begin.
  private static final long LEAST_ROOM_PAGES = 8;

  private final EngineParts parts;
  private final WriterMemory memory;
  private final CommitSequence commits;
  private final Checkpoint checkpoint;
  private @Nullable Pass pass;
  private volatile boolean underWay;

  Compaction(
      EngineParts parts, WriterMemory memory, CommitSequence commits, Checkpoint checkpoint) {
    this.parts = parts;
    this.memory = memory;
    this.commits = commits;
    this.checkpoint = checkpoint;
  }

  /// One way through all tables.
  private static final class Pass {
    private final long limit;
    private final Relocation work;

    /// Pages that are to move, about, and with the branches above them.
    private final long most;

    private long moved;
    private boolean over;

    /// The table that the pass has come to; null before the first, when it is at the catalogue.
    private byte @Nullable [] table;

    Pass(long limit, long most, Relocation work) {
      this.limit = limit;
      this.most = most;
      this.work = work;
    }
  }

  /// Whether a pass has begun and not ended. May be old: then a checkpoint is done too often or too
  /// seldom before a pass.
  boolean isUnderWay() {
    return underWay;
  }

  /// From now on pages are given out where they do not keep the file long.
  private void pack() {
    parts.spaceLock.lock();
    try {
      parts.allocator.pack();
    } finally {
      parts.spaceLock.unlock();
    }
  }

  /// Pages are given out as usual; while a pass is under way, not those that it empties, as long as
  /// others are free.
  private void spread() {
    parts.spaceLock.lock();
    try {
      parts.allocator.spread();
      if (pass != null) {
        parts.allocator.avoidFrom(pass.limit);
      }
    } finally {
      parts.spaceLock.unlock();
    }
  }

  /// The checkpoint after [#run] is done.
  void end() {
    pass = null;
    underWay = false;
    spread();
  }

  /// Does a whole pass, without overflow runs, if the file can become shorter by a good part, and
  /// by `leastGainPages`. A failure that leaves the store sound only ends it. A checkpoint and
  /// [#end] are to follow.
  ///
  /// @return number of pages that were moved
  long run(long leastGainPages) {
    pack();
    long moved = 0;
    try {
      pass = null;
      if (plan(leastGainPages, false) == null) {
        return 0;
      }
      checkpoint.run();
      pass = plan(leastGainPages, false);
      while (pass != null) {
        moved += doStep(pass, STEP_BYTES / parts.pageSizeBytes());
      }
    } catch (StoreException e) {
      if (parts.state.isPoisoned()) {
        throw e;
      }
    }
    return moved;
  }

  /// Does one transaction of a pass, and begins one if none is under way.
  ///
  /// @param pages it moves about so many pages at most
  /// @return number of pages that were moved
  long step(long leastGainPages, int pages) {
    pack();
    try {
      if (pass == null) {
        pass = plan(leastGainPages, true);
      }
      underWay = pass != null;
      return pass == null ? 0 : doStep(pass, pages);
    } catch (RuntimeException | Error e) {
      pass = null;
      throw e;
    } finally {
      underWay = pass != null;
      spread();
    }
  }

  /// One transaction. Ends the pass if nothing is left to be done, or there is no room.
  private long doStep(Pass current, int most) {
    pack();
    long room = room(current.limit);
    if (room < LEAST_ROOM_PAGES) {
      endPass(current);
      return 0;
    }
    current.work.allow(Math.min(most, room), VISITS);
    long moved = move(current);
    current.moved += moved;
    if (current.over || current.moved > current.most) {
      endPass(current);
    }
    return moved;
  }

  /// The pass is over: what of the space map lies behind its limit moves with the next checkpoint.
  private void endPass(Pass current) {
    pass = null;
    if (current.moved > 0) {
      checkpoint.renewMapFrom(current.limit);
    }
  }

  /// Free pages below the limit, about; nothing is taken.
  private long room(long limit) {
    parts.spaceLock.lock();
    try {
      return limit - parts.superblock.firstPage() - parts.map.countUsed(limit);
    } finally {
      parts.spaceLock.unlock();
    }
  }

  private boolean hasRun(long pages, long before) {
    parts.spaceLock.lock();
    try {
      return parts.allocator.hasRunBelow(before, Math.toIntExact(pages));
    } finally {
      parts.spaceLock.unlock();
    }
  }

  /// A pass after which the file may be cut, as if every page that is not live were free; null if
  /// there is nothing to be gained.
  private @Nullable Pass plan(long leastGainPages, boolean withRuns) {
    TreePages count = countPages();
    if (!withRuns && count.runs > count.all / RUNS_PART) {
      return null;
    }
    parts.spaceLock.lock();
    try {
      parts.allocator.reclaim();
      long highWater = parts.allocator.highWater();
      long live = parts.map.countLive(highWater);
      // Branches are written anew beside their old places; then there is the space map.
      long spare = count.branches + count.branches / 4 + 16 + highWater / 1024;
      long most = MOST_BYTES / parts.pageSizeBytes();
      long limit = highWater;
      long above = 0;
      while (limit > parts.superblock.firstPage() + live + spare && above < most) {
        limit--;
        above += parts.map.isLive(limit) ? 1 : 0;
      }
      long gain = highWater - limit;
      if (gain < Math.max(leastGainPages, highWater / GAIN_PART)) {
        return null;
      }
      long end = limit;
      Relocation work = withRuns ? Relocation.of(end, this::hasRun) : Relocation.withoutRuns(end);
      return new Pass(end, above + count.branches, work);
    } finally {
      parts.spaceLock.unlock();
    }
  }

  /// Pages of all tables.
  private record TreePages(long branches, long runs, long all) {}

  private TreePages countPages() {
    Snapshot snapshot = parts.readers.begin();
    try {
      long branches = 0;
      long runs = 0;
      long all = 0;
      TreeCursor tables = new TreeCursor(snapshot);
      tables.open(snapshot.catalogueRef());
      ValueSlot slot = new ValueSlot();
      for (boolean more = tables.first(); more; more = tables.next()) {
        tables.value(slot);
        TableRecord table = Catalogue.decode(slot);
        branches += table.branchPages();
        runs += table.overflowPages();
        all += table.branchPages() + table.leafPages() + table.overflowPages();
      }
      MappedFaults.settle(snapshot);
      return new TreePages(branches, runs, all);
    } finally {
      snapshot.end();
    }
  }

  /// @return number of pages that the transaction moves
  private long move(Pass current) {
    WriteSession session =
        new WriteSession(parts, memory, commits, commits.tip(), Durability.CHECKPOINT, 0);
    try {
      long moved = moveTables(current, session);
      if (moved > 0) {
        commits.commitInTurn(session);
      }
      return moved;
    } catch (InternalError e) {
      throw MappedFaults.translate(memory.pages, e);
    } finally {
      if (!session.isEnded()) {
        session.end(false);
      }
    }
  }

  private long moveTables(Pass current, WriteSession session) {
    Relocation work = current.work;
    long moved = 0;
    if (current.table == null) {
      moved += memory.tree.relocate(session.tables().catalogue(), work);
    }
    while (!work.isSpent()) {
      if (current.table == null || work.isDone()) {
        current.table = nextName(session, current.table);
        work.restart();
      }
      if (current.table == null) {
        current.over = true;
        return moved;
      }
      TableTree table = session.findTable(current.table);
      if (table == null) {
        // Somebody has dropped it.
        work.finish();
        continue;
      }
      int movedOfTable = memory.tree.relocate(table.root(), work);
      moved += movedOfTable;
      if (movedOfTable > 0) {
        session.edited(table);
      }
    }
    return moved;
  }

  /// The name of the table behind another one; null behind the last.
  private static byte @Nullable [] nextName(WriteSession session, byte @Nullable [] name) {
    TreeCursor cursor = new TreeCursor(session.pages());
    cursor.open(session.catalogueRef());
    boolean more;
    if (name == null) {
      more = cursor.first();
    } else {
      byte[] after = Arrays.copyOf(name, name.length + 1);
      more = cursor.seekAtLeast(after, after.length);
    }
    if (!more) {
      return null;
    }
    byte[] next = new byte[cursor.keyLength()];
    cursor.copyKey(next);
    return next;
  }
}
