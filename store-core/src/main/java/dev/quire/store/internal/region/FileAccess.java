package dev.quire.store.internal.region;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who may use the files of a store: their owner alone, or the members of a group too.
///
/// Files and directories are made for the owner alone, whatever the umask says, and then opened to
/// the group: at no time can anybody use them who is not meant to.
///
/// @param group the group that may use them, or null
public record FileAccess(@Nullable GroupPrincipal group) {

  /// Mode 0700 for directories, 0600 for files.
  public static final FileAccess OWNER = new FileAccess(null);

  private static final FileAttribute<?>[] NO_ATTRIBUTES = {};
  private static final Set<PosixFilePermission> OWNERS_DIRECTORY = set("rwx------");
  private static final Set<PosixFilePermission> OWNERS_FILE = set("rw-------");
  private static final Set<PosixFilePermission> GROUPS_DIRECTORY = set("rwxrwx---");
  private static final Set<PosixFilePermission> GROUPS_FILE = set("rw-rw----");

  /// Mode 0770 for directories, 0660 for files, and the group of an existing directory: of the
  /// store's own, or of the one in which it will be made.
  public static FileAccess ofGroup(Path directory) {
    Path existing = directory.toAbsolutePath();
    while (!Files.exists(existing)) {
      existing = Directories.parentOf(existing);
    }
    return isPosix(existing) ? new FileAccess(attributes(existing).group()) : OWNER;
  }

  /// The access that a file (exists) gives.
  public static FileAccess of(Path file) {
    if (!isPosix(file)) {
      return OWNER;
    }
    PosixFileAttributes attributes = attributes(file);
    return attributes.permissions().contains(PosixFilePermission.GROUP_WRITE)
        ? new FileAccess(attributes.group())
        : OWNER;
  }

  /// What a directory is made with.
  FileAttribute<?>[] ofNewDirectory(Path directory) {
    return newAttributes(directory, OWNERS_DIRECTORY);
  }

  /// What a file is made with.
  FileAttribute<?>[] ofNewFile(Path file) {
    return newAttributes(file, OWNERS_FILE);
  }

  /// Opens a new directory or file to the group, if there is one.
  void open(Path path) throws IOException {
    GroupPrincipal ours = group;
    PosixFileAttributeView view =
        ours == null ? null : Files.getFileAttributeView(path, PosixFileAttributeView.class);
    if (ours != null && view != null) {
      if (!view.readAttributes().group().equals(ours)) {
        view.setGroup(ours);
      }
      view.setPermissions(Files.isDirectory(path) ? GROUPS_DIRECTORY : GROUPS_FILE);
    }
  }

  private static FileAttribute<?>[] newAttributes(Path path, Set<PosixFilePermission> mode) {
    return isPosix(path)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(mode)}
        : NO_ATTRIBUTES;
  }

  private static Set<PosixFilePermission> set(String mode) {
    return Set.copyOf(PosixFilePermissions.fromString(mode));
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static PosixFileAttributes attributes(Path path) {
    try {
      return Files.readAttributes(path, PosixFileAttributes.class);
    } catch (IOException e) {
      throw IoFailure.of(path, "reading the attributes of", e);
    }
  }
}
