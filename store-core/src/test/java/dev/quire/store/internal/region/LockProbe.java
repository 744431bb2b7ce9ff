package dev.quire.store.internal.region;

import dev.quire.store.testing.ChildJvm;
import dev.quire.store.testing.JvmLaunch;
import dev.quire.store.testing.ParentLink;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/// A second process that looks at the byte locks of a file, and takes them.
final class LockProbe implements AutoCloseable {

  private final ChildJvm child;

  private LockProbe(ChildJvm child) {
    this.child = child;
  }

  static LockProbe start(Path lockFile) {
    JvmLaunch launch = JvmLaunch.of(LockProbe.class).withOwnClassesOnly();
    return new LockProbe(ChildJvm.start(launch, lockFile.toString()));
  }

  /// Whether the other process could take the byte.
  boolean seesFree(long index) {
    return ask("look " + index);
  }

  /// The other process takes the byte.
  boolean take(long index) {
    return ask("take " + index);
  }

  /// The other process lets go of the byte.
  boolean drop(long index) {
    return ask("drop " + index);
  }

  /// The other process dies with all it holds.
  void kill() {
    child.kill();
  }

  private boolean ask(String question) {
    return Boolean.parseBoolean(child.ask(question));
  }

  @Override
  public void close() {
    child.close();
  }

  /// The other process.
  ///
  /// @param arguments the lock file
  public static void main(String[] arguments) throws IOException {
    Map<Long, FileLock> held = new HashMap<>();
    Path path = Path.of(arguments[0]);
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ParentLink.serve(
          (verb, words) -> Boolean.toString(answer(channel, held, verb, Long.parseLong(words[0]))));
    }
  }

  private static boolean answer(
      FileChannel channel, Map<Long, FileLock> held, String verb, long index) throws IOException {
    if (verb.equals("drop")) {
      held.remove(index).release();
      return true;
    }
    FileLock lock = channel.tryLock(index, 1, false);
    if (lock == null) {
      return false;
    }
    if (verb.equals("take")) {
      held.put(index, lock);
    } else {
      lock.release();
    }
    return true;
  }
}
