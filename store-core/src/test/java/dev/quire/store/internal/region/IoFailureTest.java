package dev.quire.store.internal.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.StoreException;
import dev.quire.store.errors.StoreFullException;
import dev.quire.store.errors.StoreIoException;
import java.io.IOException;
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
  void of_noMessage_namesTheException() {
    assertEquals(
        "opening x failed: NoSuchFileException",
        IoFailure.of(Path.of("x"), "opening", new NoSuchFileException("x")).getMessage());
    assertEquals(
        "opening x failed: IOException",
        IoFailure.of(Path.of("x"), "opening", new IOException()).getMessage());
  }
}
