package dev.quire.store.internal.txn;

import dev.quire.store.errors.CommitInDoubtException;
import dev.quire.store.errors.StoreFailedException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// The named locks that are held through one handle of a store, so that they end with it.
public final class NamedLocks {

  private final EngineHandle handle;
  private final ReentrantLock guard = new ReentrantLock();
  private final Set<NamedLock> held = new HashSet<>();
  private boolean closed;

  public NamedLocks(EngineHandle handle) {
    this.handle = handle;
  }

  /// The lock of a name; another object each time, and so another holder.
  public NamedLock lock(byte[] name) {
    handle.engine();
    return new NamedLock(handle, this, name);
  }

  /// Notes a lock as held; false if it is too late for that.
  boolean taken(NamedLock lock) {
    guard.lock();
    try {
      return !closed && held.add(lock);
    } finally {
      guard.unlock();
    }
  }

  void givenBack(NamedLock lock) {
    guard.lock();
    try {
      held.remove(lock);
    } finally {
      guard.unlock();
    }
  }

  /// Gives all locks back and allows no more. In a store that refuses writes they stay, and end
  /// with the process: nobody can take a lock of such a store anyway. If giving back fails
  /// otherwise, what is left is held still.
  public void releaseAll() {
    List<NamedLock> left = begin();
    boolean done = false;
    try {
      for (NamedLock lock : left) {
        lock.releaseIfHeld();
      }
      done = true;
    } catch (StoreFailedException | CommitInDoubtException e) {
      left.forEach(NamedLock::forget);
      done = true;
    } finally {
      setClosed(done);
    }
  }

  private List<NamedLock> begin() {
    guard.lock();
    try {
      closed = true;
      return new ArrayList<>(held);
    } finally {
      guard.unlock();
    }
  }

  private void setClosed(boolean now) {
    guard.lock();
    try {
      closed = now;
    } finally {
      guard.unlock();
    }
  }
}
