package dev.quire.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/// A process that takes a lock and has it until it is killed.
final class LockHolder {

  private LockHolder() {}

  /// Starts one, and returns when it has the lock.
  static Process start(Path store, String name) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    try {
      Process process =
          new ProcessBuilder(
                  java,
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-cp",
                  System.getProperty("java.class.path"),
                  LockHolder.class.getName(),
                  store.toString(),
                  name)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      if (process.getInputStream().read() != 1) {
        throw new AssertionError("the process did not take the lock");
      }
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// @param arguments store, name of the lock
  public static void main(String[] arguments) throws Exception {
    StoreLock lock = Store.open(Path.of(arguments[0])).lock(arguments[1]);
    System.out.write(lock.tryLock() ? (int) lock.fence() : 0);
    System.out.flush();
    while (lock.isHeld()) {
      System.in.read();
    }
  }
}
