package dev.quire.store.internal.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileSystemKindTest {

  @ParameterizedTest
  @ValueSource(strings = {"nfs", "nfs4", "NFS", "cifs", "smb3", "smbfs", "9p", "ceph", "lustre"})
  void ofType_anotherHost_isRemote(String type) {
    assertEquals(FileSystemKind.REMOTE, FileSystemKind.ofType(type));
    assertFalse(FileSystemKind.ofType(type).isTrusted());
  }

  @ParameterizedTest
  @ValueSource(strings = {"fuse", "fuse.sshfs", "fuse.glusterfs", "fuseblk", "virtiofs"})
  void ofType_aProgram_isUserSpace(String type) {
    assertEquals(FileSystemKind.USER_SPACE, FileSystemKind.ofType(type));
    assertFalse(FileSystemKind.ofType(type).isTrusted());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs", "btrfs", "zfs", "overlay", "apfs", "fusion", ""})
  void ofType_anythingElse_isLocal(String type) {
    assertEquals(FileSystemKind.LOCAL, FileSystemKind.ofType(type));
    assertTrue(FileSystemKind.ofType(type).isTrusted());
  }

  @ParameterizedTest
  @ValueSource(strings = {"tmpfs", "ramfs"})
  void ofType_memory_isMemory(String type) {
    assertEquals(FileSystemKind.MEMORY, FileSystemKind.ofType(type));
    assertTrue(FileSystemKind.ofType(type).isTrusted());
  }

  @Test
  void of_missingPath_isThatOfItsParent(@TempDir Path directory) {
    FileSystemKind kind = FileSystemKind.of(directory);

    assertEquals(kind, FileSystemKind.of(directory.resolve("a").resolve("b")));
    assertEquals(kind, FileSystemKind.of(directory.resolve(Path.of("a", "..", "b"))));
  }
}
