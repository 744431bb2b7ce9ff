package dev.quire.store.internal.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.StoreException;
import dev.quire.store.errors.StoreFullException;
import dev.quire.store.errors.StoreIoException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IoFailureTest {

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "No space left on device",
        "Disk quota exceeded",
        "File too large",
        "/x/data: No space left on device"
      })
  void ofWrite_noRoom_isFull(String message) {
    IOException cause = new IOException(message);

    StoreException e = IoFailure.ofWrite(directory.resolve("data"), "writing", 1, cause);

    assertInstanceOf(StoreFullException.class, e);
    assertTrue(e.getMessage().contains(message), e.getMessage());
    assertTrue(e.getMessage().contains(directory.resolve("data").toString()), e.getMessage());
    assertSame(cause, e.getCause());
  }

  @Test
  void ofWrite_otherFailure_isIo() {
    StoreException e =
        IoFailure.ofWrite(directory, "writing", 1, new IOException("Input/output error"));

    assertInstanceOf(StoreIoException.class, e);
    assertEquals("writing " + directory + " failed: Input/output error", e.getMessage());
  }

  @Test
  void ofWrite_foreignMessageAndLittleSpace_isFull() {
    IOException cause = new IOException("Plus de place sur ce disque");

    assertInstanceOf(
        StoreFullException.class, IoFailure.ofWrite(directory, "writing", Long.MAX_VALUE, cause));
    assertInstanceOf(StoreIoException.class, IoFailure.ofWrite(directory, "writing", 1, cause));
  }

  @Test
  void of_refusals_sayWhatTheyMean() {
    assertEquals("opening x failed: it is not there", reported(new NoSuchFileException("x")));
    assertEquals(
        "opening x failed: this user may not; its owner can allow it",
        reported(new AccessDeniedException("x")));
    assertEquals(
        "opening x failed: it is a directory that holds something",
        reported(new DirectoryNotEmptyException("x")));
    assertEquals(
        "opening x failed: Read-only file system",
        reported(new FileSystemException("x", null, "Read-only file system")));
  }

  private static String reported(IOException cause) {
    return IoFailure.of(Path.of("x"), "opening", cause).getMessage();
  }

  @Test
  void of_noMessage_namesTheException() {
    assertEquals("opening x failed: IOException", reported(new IOException()));
  }
}
