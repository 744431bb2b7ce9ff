package dev.quire.store;

import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.txn.NamedLock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// A named lock of a store of the engine.
final class EngineLock implements StoreLock {

  private final String name;
  private final NamedLock lock;

  EngineLock(String name, NamedLock lock) {
    this.name = name;
    this.lock = lock;
  }

  /// The bytes of a name.
  ///
  /// @throws IllegalArgumentException if the name is not allowed
  static byte[] encode(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length == 0 || bytes.length > Limits.MAX_TABLE_NAME_BYTES) {
      throw new IllegalArgumentException(
          "lock name of "
              + bytes.length
              + " bytes: allowed are 1 to "
              + Limits.MAX_TABLE_NAME_BYTES
              + " bytes of UTF-8");
    }
    return bytes;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean tryLock(Duration timeout) throws InterruptedException {
    return lock.tryAcquire(timeout);
  }

  @Override
  public boolean isHeld() {
    return lock.fence() != 0;
  }

  @Override
  public long fence() {
    long fence = lock.fence();
    if (fence == 0) {
      throw new IllegalStateException("lock \"" + name + "\" is not held by this object");
    }
    return fence;
  }

  @Override
  public void unlock() {
    lock.release();
  }
}
