package dev.quire.store.internal.region;

import dev.quire.store.errors.StoreLockedException;
import java.nio.file.Path;
import java.util.Properties;

/// Which stores are open in this process, for all class loaders in it.
///
/// Two copies of this library in one process (two web applications) would each open `lock`, and the
/// first to close it would drop the locks of both. So a store is claimed here before its `lock` is
/// opened. The registry lies in the system properties, the one map that every class loader shares,
/// and holds nothing but strings: no copy needs a class of another.
public final class StoreRegistry {

  private static final String PREFIX = "dev.quire.store.open.";

  private StoreRegistry() {}

  /// Claims the store of this lock file, which is created if missing, for the caller.
  ///
  /// The monitor of the properties keeps the descriptor that creates the file from closing after
  /// another copy has opened and locked it.
  ///
  /// @param owner who opens it, for the message to the next one
  /// @throws StoreLockedException if it is claimed already
  public static Claim claim(Path lockFile, String owner) {
    return claim(lockFile, owner, FileAccess.OWNER);
  }

  /// Claims a store as [#claim(Path, String)] does; a missing lock file is made with this access.
  public static Claim claim(Path lockFile, String owner, FileAccess access) {
    Properties properties = System.getProperties();
    synchronized (properties) {
      Directories.createFile(lockFile, access);
      FileIdentity identity = FileIdentity.of(lockFile);
      String key = PREFIX + identity.key();
      String holder = properties.getProperty(key);
      if (holder != null) {
        throw new StoreLockedException(
            "the store of "
                + lockFile
                + " is open in this process already, by "
                + holder
                + "; share that one (two class loaders cannot have one store open)");
      }
      properties.setProperty(key, owner);
      return new Claim(lockFile, identity, key);
    }
  }

  /// One store, claimed until closed.
  public static final class Claim implements AutoCloseable {
    private final Path path;
    private final FileIdentity identity;
    private final String key;
    private boolean closed;

    private Claim(Path path, FileIdentity identity, String key) {
      this.path = path;
      this.identity = identity;
      this.key = key;
    }

    /// The lock file.
    public Path path() {
      return path;
    }

    /// The identity of the lock file.
    public FileIdentity identity() {
      return identity;
    }

    /// Gives the store up. Close its [LockFile] first.
    @Override
    public synchronized void close() {
      if (!closed) {
        closed = true;
        System.getProperties().remove(key);
      }
    }
  }
}
