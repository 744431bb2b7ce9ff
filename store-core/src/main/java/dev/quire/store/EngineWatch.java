package dev.quire.store;

import dev.quire.store.internal.txn.EngineHandle;
import dev.quire.store.internal.txn.Snapshot;
import dev.quire.store.internal.txn.SnapshotFollower;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A watch of a store of the engine.
final class EngineWatch implements Watch {

  private static final Duration LONG = Duration.ofDays(1);

  private final EngineHandle handle;
  private final SnapshotFollower follower;
  private final ChangeScope scope;

  EngineWatch(EngineHandle handle, SnapshotFollower follower, ChangeScope scope) {
    this.handle = handle;
    this.follower = follower;
    this.scope = scope;
  }

  @Override
  public @Nullable Changes poll(Duration timeout) throws InterruptedException {
    long deadline = SnapshotFollower.deadlineNanos(timeout);
    while (true) {
      Snapshot newer = follower.await(deadline);
      if (newer == null) {
        return null;
      }
      long round = follower.round();
      EngineChanges changes =
          new EngineChanges(
              EngineStore.diff(follower.seen(), newer, scope),
              newer,
              handle.engine().nowMillis(),
              () -> follower.requireShown(round),
              follower::moveOn);
      if (changes.peek()) {
        return changes;
      }
      follower.moveOn();
      if (SnapshotFollower.isPast(deadline)) {
        return null;
      }
    }
  }

  @Override
  public <X extends Exception> void follow(ChangesHandler<X> handler)
      throws X, InterruptedException {
    while (isOpen()) {
      Changes changes = pollUnlessClosed();
      if (changes != null) {
        handler.handle(changes);
      }
    }
  }

  private @Nullable Changes pollUnlessClosed() throws InterruptedException {
    try {
      return poll(LONG);
    } catch (IllegalStateException e) {
      if (isOpen()) {
        throw e;
      }
      return null;
    }
  }

  @Override
  public boolean isOpen() {
    return follower.isOpen();
  }

  @Override
  public void close() {
    follower.close();
  }
}
