package dev.quire.store.internal.txn;

import dev.quire.store.errors.StoreException;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.page.MappedFaults;
import dev.quire.store.internal.tree.TreeCursor;
import dev.quire.store.internal.tree.ValueSlot;
import dev.quire.store.options.Durability;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Moves live pages from the end of the file into free space before, so that the last checkpoint
/// can cut the file.
///
/// 1. A checkpoint: what the durable snapshot alone needed becomes free.
/// 2. Transactions that change nothing but places, each of a bounded number of pages. They are
///    published without the log, which has nothing to say of them.
/// 3. The next checkpoint, the caller's, makes them durable and their old places free.
///
/// Each step leaves the store as any commit and checkpoint does. The turn is held throughout.
/// Overflow runs are not moved: a file that consists of them to a good part is left as it is.
final class Compaction {

  /// Less is not worth a checkpoint.
  static final long LEAST_GAIN_PAGES = 256;

  /// The part of the file that must be gained.
  private static final int GAIN_PART = 128;

  /// The part of the live pages that may be overflow runs.
  private static final int RUNS_PART = 16;

  private static final int STEP_BYTES = 16 << 20;
  private static final long MOST_BYTES = 256L << 20;

  private final EngineParts parts;
  private final WriterMemory memory;
  private final CommitSequence commits;
  private final Checkpoint checkpoint;

  Compaction(
      EngineParts parts, WriterMemory memory, CommitSequence commits, Checkpoint checkpoint) {
    this.parts = parts;
    this.memory = memory;
    this.commits = commits;
    this.checkpoint = checkpoint;
  }

  /// From now on pages are given out where they do not keep the file long.
  private void pack(boolean on) {
    parts.spaceLock.lock();
    try {
      if (on) {
        parts.allocator.pack();
      } else {
        parts.allocator.spread();
      }
    } finally {
      parts.spaceLock.unlock();
    }
  }

  /// The checkpoint after [#run] is done: pages are given out as usual.
  void end() {
    pack(false);
  }

  /// What is to be done.
  ///
  /// @param limit pages from here on are to move
  /// @param pages how many these are
  private record Plan(long limit, long pages) {}

  /// Moves pages if the file can become shorter by a good part, and by `leastGainPages`. A failure
  /// that leaves the store sound only ends it. A checkpoint and [#end] are to follow.
  ///
  /// @return number of pages that were moved
  long run(long leastGainPages) {
    long moved = 0;
    pack(true);
    try {
      if (plan(leastGainPages) == null) {
        return 0;
      }
      checkpoint.run();
      Plan plan = plan(leastGainPages);
      if (plan == null) {
        return 0;
      }
      int step;
      do {
        step = move(plan.limit);
        moved += step;
      } while (step > 0 && moved <= plan.pages);
      checkpoint.renewMapFrom(plan.limit);
    } catch (StoreException e) {
      if (parts.state.isPoisoned()) {
        throw e;
      }
    }
    return moved;
  }

  /// Where to cut the file, as if every page that is not live were free; null if not at all.
  private @Nullable Plan plan(long leastGainPages) {
    long branches = countBranches();
    if (branches < 0) {
      return null;
    }
    parts.spaceLock.lock();
    try {
      parts.allocator.reclaim();
      long highWater = parts.allocator.highWater();
      long live = parts.map.countLive(highWater);
      // Branches are written anew beside their old places; then there is the space map.
      long spare = branches + branches / 4 + 16 + highWater / 1024;
      long most = MOST_BYTES / parts.pageSizeBytes();
      long limit = highWater;
      long above = 0;
      while (limit > parts.superblock.firstPage() + live + spare && above < most) {
        limit--;
        above += parts.map.isLive(limit) ? 1 : 0;
      }
      long gain = highWater - limit;
      return gain < Math.max(leastGainPages, highWater / GAIN_PART)
          ? null
          : new Plan(limit, above + branches);
    } finally {
      parts.spaceLock.unlock();
    }
  }

  /// Branch pages of all tables; -1 if too many pages are overflow runs.
  private long countBranches() {
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
      return runs > all / RUNS_PART ? -1 : branches;
    } finally {
      snapshot.end();
    }
  }

  /// One transaction.
  ///
  /// @return number of pages that it moves
  private int move(long limit) {
    pack(true);
    int most = STEP_BYTES / parts.pageSizeBytes();
    WriteSession session =
        new WriteSession(parts, memory, commits, commits.tip(), Durability.CHECKPOINT);
    try {
      int moved = memory.tree.relocate(session.tables().catalogue(), limit, most);
      for (byte[] name : tableNames(session)) {
        TableTree table = session.findTable(name);
        if (table != null && moved < most) {
          int before = moved;
          moved += memory.tree.relocate(table.root(), limit, most - moved);
          if (moved > before) {
            session.edited(table);
          }
        }
      }
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

  private static List<byte[]> tableNames(WriteSession session) {
    List<byte[]> names = new ArrayList<>();
    TreeCursor cursor = new TreeCursor(session.pages());
    cursor.open(session.catalogueRef());
    for (boolean more = cursor.first(); more; more = cursor.next()) {
      byte[] name = new byte[cursor.keyLength()];
      cursor.copyKey(name);
      names.add(name);
    }
    return names;
  }
}
