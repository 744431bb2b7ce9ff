package dev.quire.store.internal.region;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/// A name that should go on meaning one file, and is asked again and again whether it does.
///
/// The identity is looked up in full only when what a cheaper look finds has changed.
public final class NamedFile {

  /// What a cheap look finds.
  private record Look(@Nullable Object fileKey, FileTime created) {

    boolean isSame(@Nullable Look other) {
      return fileKey != null
          && other != null
          && fileKey.equals(other.fileKey)
          && created.equals(other.created);
    }
  }

  private final Path path;
  private final FileIdentity identity;
  private volatile @Nullable Look known;

  public NamedFile(Path path, FileIdentity identity) {
    this.path = path;
    this.identity = identity;
  }

  /// Whether the name means the file, as far as can be found out: not if it is gone.
  public boolean isIntact() {
    Look look;
    try {
      BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
      look = new Look(found.fileKey(), found.creationTime());
    } catch (IOException e) {
      return false;
    }
    if (look.isSame(known)) {
      return true;
    }
    if (!Files.exists(path) || !identity.isSameFile(FileIdentity.of(path))) {
      return false;
    }
    known = look;
    return true;
  }
}
