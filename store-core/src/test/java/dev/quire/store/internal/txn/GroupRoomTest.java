package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.region.Region.SyncRole;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.KeptRegion;
import dev.quire.store.testing.RegionOperation;
import dev.quire.store.testing.SimulatedRegion;
import dev.quire.store.testing.WatchedRegion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Goal: commits that share a sync have room among the pending pages for all that they replace,
/// though nothing of it is written before the first of them is published.
///
/// Method: each commit of a group replaces pages that are not adjacent; one alone fits where the
/// list is, all of them do not.
@Timeout(60)
class GroupRoomTest {

  private static final StoreOptions OPTIONS =
      StoreOptions.defaults().withCheckpointPeriod(Duration.ofHours(1));
  private static final int COMMITS = 8;
  private static final int KEYS = 6000;

  private final SimulatedRegion disk = new SimulatedRegion(64 << 20);
  private final Engine engine =
      Opening.onRegion(new WatchedRegion(new KeptRegion(disk), this::operated), OPTIONS);
  private final List<Thread> followers = new ArrayList<>();
  private StoreModel model = new StoreModel();
  private boolean isArmed;

  private void operated(RegionOperation operation, boolean done) {
    if (isArmed && !done && operation.role() == SyncRole.COMMIT) {
      isArmed = false;
      for (int i = 1; i < COMMITS; i++) {
        follow(i);
      }
    }
  }

  private void follow(int number) {
    Thread thread = Thread.ofPlatform().daemon().start(() -> commitScattered(number));
    followers.add(thread);
    while (thread.isAlive() && !waitsInTheGroup(thread)) {
      Thread.onSpinWait();
    }
  }

  private static boolean waitsInTheGroup(Thread thread) {
    return thread.getState() == Thread.State.WAITING
        && Arrays.stream(thread.getStackTrace())
            .anyMatch(frame -> frame.getClassName().equals(CommitGroup.class.getName()));
  }

  private void commit(int from, int to, int step, int size) {
    WriteSession session = engine.beginWrite(Durability.SYNC, Duration.ofSeconds(20));
    try {
      ModelSession both = new ModelSession(session, model);
      for (int key = from; key < to; key += step) {
        CrashTest.puts(0, key, key + 1, size).accept(both);
      }
      model = both.model();
      session.commit();
    } finally {
      session.rollback();
    }
  }

  private void commitScattered(int number) {
    commit(2 * number, KEYS, 2 * COMMITS, 1150);
  }

  @Test
  void commit_inAGroupThatReplacesMany_hasRoomForAll() throws InterruptedException {
    for (int from = 0; from < KEYS; from += 400) {
      commit(from, from + 400, 1, 1200);
    }
    engine.checkpoint();
    long epoch = engine.parts().pending.epoch();
    isArmed = true;
    commitScattered(0);
    for (Thread follower : followers) {
      follower.join();
    }
    assertEquals(COMMITS - 1, followers.size());
    assertTrue(engine.parts().pending.epoch() > epoch, "one list had room for them");
    assertNull(CrashOracle.difference(engine, model));
    engine.close();
    disk.close();
  }
}
