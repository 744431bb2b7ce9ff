package dev.quire.store.bench.work;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// The directories that stores are made in.
public final class Directories {

  private static final int PIECE_BYTES = 1 << 16;

  private Directories() {}

  /// Makes a directory; if it exists, everything in it is deleted.
  public static Path makeEmpty(Path directory) {
    delete(directory);
    try {
      return Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Copies the files of a directory into another one, which is emptied before, and brings them to
  /// the medium. Where a file has zeros, its copy has holes, as the file may have.
  public static void copy(Path from, Path to) throws IOException {
    makeEmpty(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        copyFile(file, to.resolve(file.getFileName()));
      }
    }
  }

  private static void copyFile(Path from, Path to) throws IOException {
    ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
    ByteBuffer zeros = ByteBuffer.allocateDirect(PIECE_BYTES);
    try (FileChannel in = FileChannel.open(from, READ);
        FileChannel out = FileChannel.open(to, CREATE_NEW, READ, WRITE)) {
      long at = 0;
      while (in.read(piece.clear(), at) > 0) {
        piece.flip();
        int length = piece.limit();
        boolean isLast = at + length == in.size();
        if (isLast || piece.mismatch(zeros.slice(0, length)) >= 0) {
          while (piece.hasRemaining()) {
            out.write(piece, at + piece.position());
          }
        }
        at += length;
      }
      out.force(true);
    }
  }

  /// Deletes a directory with everything in it, if it exists.
  public static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
