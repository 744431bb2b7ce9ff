package dev.quire.store.internal.region;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/// What sort of file system a path is on: whether mappings and byte locks can be trusted there.
public enum FileSystemKind {
  /// On a disk of this host, or not known to be anything else.
  LOCAL,
  /// In this host's memory: nothing survives it.
  MEMORY,
  /// On another host: its pages and locks may differ from those seen there.
  REMOTE,
  /// Served by a program: mappings and locks are what it makes of them.
  USER_SPACE;

  private static final Set<String> MEMORY_TYPES = Set.of("tmpfs", "ramfs");

  private static final Set<String> REMOTE_TYPES =
      Set.of(
          "nfs",
          "nfs4",
          "cifs",
          "smb",
          "smb2",
          "smb3",
          "smbfs",
          "9p",
          "ceph",
          "afs",
          "coda",
          "ncpfs",
          "lustre",
          "gpfs",
          "beegfs",
          "glusterfs",
          "orangefs",
          "pvfs2",
          "acfs",
          "webdav",
          "afpfs");

  private static final Set<String> USER_SPACE_TYPES =
      Set.of(
          "fuse",
          "fuseblk",
          "osxfuse",
          "macfuse",
          "virtiofs",
          "vboxsf",
          "prl_fs",
          "vmhgfs",
          "drvfs",
          "hgfs");

  /// The kind of the file system that holds `path`, or would hold it when created.
  public static FileSystemKind of(Path path) {
    Path existing = path.toAbsolutePath();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    try {
      return ofType(Files.getFileStore(existing).type());
    } catch (IOException notInTheMountTable) {
      // As in a changed root directory: no ground to refuse it.
      return LOCAL;
    }
  }

  /// Whether processes of one host see each other's stores and locks there.
  public boolean isTrusted() {
    return this == LOCAL || this == MEMORY;
  }

  static FileSystemKind ofType(String type) {
    String name = type.toLowerCase(Locale.ROOT);
    if (MEMORY_TYPES.contains(name)) {
      return MEMORY;
    }
    if (REMOTE_TYPES.contains(name)) {
      return REMOTE;
    }
    if (USER_SPACE_TYPES.contains(name) || name.startsWith("fuse.")) {
      return USER_SPACE;
    }
    return LOCAL;
  }
}
