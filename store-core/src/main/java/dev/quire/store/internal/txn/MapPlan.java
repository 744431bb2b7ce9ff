package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.MapPage;
import dev.quire.store.internal.format.PlanRecord;
import dev.quire.store.internal.format.SharedHeader;
import dev.quire.store.internal.format.Word;
import dev.quire.store.internal.page.RestingMap;
import dev.quire.store.internal.page.SharedAreas;
import dev.quire.store.internal.page.SharedAreas.Area;
import dev.quire.store.internal.page.SpaceAllocator;
import dev.quire.store.internal.page.SpaceMap;
import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;

/// Which pages of the space map at rest a checkpoint takes and gives back, written down in `shm`:
/// so that they are accounted for whoever dies, and so that a checkpoint ends without the turn.
///
/// While a plan is in force, the pages of both maps are used. Who has the turn settles it: when the
/// superblock is durable, the pages that only the old map had are free; when it will not be
/// written, those that only the new map would have had. Everything here needs the turn and the
/// space lock, but for [#abandon].
final class MapPlan {

  private final SharedState state;
  private final SpaceMap map;
  private final int pageSizeBytes;

  MapPlan(SharedState state, SpaceMap map, int pageSizeBytes) {
    this.state = state;
    this.map = map;
    this.pageSizeBytes = pageSizeBytes;
  }

  /// Whether a plan is in force.
  boolean isInForce() {
    return planState() != PlanRecord.NONE;
  }

  /// Reserves the memory that [#write] takes.
  void require(RestingMap old, RestingMap next) {
    state.areas().require(Area.PLAN, PlanRecord.lengthBytes(more(next, old), more(old, next)));
  }

  /// Number of pages that one map has and the other has not.
  private static int more(RestingMap map, RestingMap than) {
    int[] count = {0};
    map.forEachNotIn(than, page -> count[0]++);
    return count[0];
  }

  /// Writes the plan for the step from one map to the next, and puts it in force.
  void write(long sequence, RestingMap old, RestingMap next) {
    MemorySegment s = state.segment();
    int taken = more(next, old);
    int left = more(old, next);
    long at = state.areas().offset(Area.PLAN, PlanRecord.lengthBytes(taken, left));
    PlanRecord.setHeader(s, at, sequence, taken, left);
    int[] index = {0};
    next.forEachNotIn(old, page -> PlanRecord.setPage(s, at, index[0]++, page));
    old.forEachNotIn(next, page -> PlanRecord.setPage(s, at, index[0]++, page));
    setState(PlanRecord.PLANNED);
  }

  /// The superblock will not be written. Needs only the checkpoint's byte.
  void abandon() {
    setState(PlanRecord.ABANDONED);
  }

  /// Calls `visitor` with every page of the plan.
  void forEach(LongConsumer visitor) {
    MemorySegment s = state.segment();
    long at = place();
    int pages = PlanRecord.taken(s, at) + PlanRecord.left(s, at);
    for (int i = 0; i < pages; i++) {
      visitor.accept(PlanRecord.page(s, at, i));
    }
  }

  /// Frees what the plan's outcome frees, if that is known.
  void settle(SpaceAllocator allocator) {
    long planState = planState();
    if (planState == PlanRecord.NONE) {
      return;
    }
    MemorySegment s = state.segment();
    long at = place();
    int taken = PlanRecord.taken(s, at);
    if (planState == PlanRecord.ABANDONED) {
      for (int i = 0; i < taken; i++) {
        allocator.freed(PlanRecord.page(s, at, i));
      }
      // It took the changes of leaves for its own, nobody knows of which.
      long leafPages = MapPage.bitsPerLeaf(pageSizeBytes);
      for (long leaf = 0; leaf * leafPages < state.highWater(); leaf++) {
        map.markLeafChanged(leaf);
      }
    } else if (state.durableSequence() >= PlanRecord.sequence(s, at)) {
      for (int i = taken; i < taken + PlanRecord.left(s, at); i++) {
        allocator.freed(PlanRecord.page(s, at, i));
      }
    } else {
      return;
    }
    setState(PlanRecord.NONE);
  }

  /// Offset of the plan, all of which is there.
  private long place() {
    long at = state.areas().offset(Area.PLAN, PlanRecord.lengthBytes(0, 0));
    MemorySegment s = state.segment();
    int taken = PlanRecord.taken(s, at);
    int left = PlanRecord.left(s, at);
    if (taken < 0 || left < 0) {
      throw SharedAreas.damaged("a plan of " + taken + " and " + left + " pages");
    }
    return state.areas().offset(Area.PLAN, PlanRecord.lengthBytes(taken, left));
  }

  /// One of the states of [PlanRecord].
  private long planState() {
    long planState = Word.getVolatile(state.segment(), SharedHeader.PLAN_STATE);
    if (planState < PlanRecord.NONE || planState > PlanRecord.ABANDONED) {
      throw SharedAreas.damaged("a plan in state " + planState);
    }
    return planState;
  }

  private void setState(long planState) {
    Word.setVolatile(state.segment(), SharedHeader.PLAN_STATE, planState);
  }
}
