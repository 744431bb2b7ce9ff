package dev.quire.store.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A command that was run in this process: how it ended and what it wrote.
record Ran(ExitCode exitCode, byte[] data, String messages) {

  /// Runs a command on an empty standard input.
  static Ran quire(Object... arguments) {
    return quireWith(new byte[0], arguments);
  }

  /// Where nobody looks.
  static Output output() {
    ByteArrayOutputStream none = new ByteArrayOutputStream();
    return new Output(
        new ByteArrayInputStream(new byte[0]), none, new PrintStream(none, true, UTF_8), false);
  }

  /// Writes a file, where exceptions are in the way.
  static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Runs a command.
  static Ran quireWith(byte[] in, Object... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    List<String> words = new ArrayList<>();
    for (Object argument : arguments) {
      words.add(argument instanceof Path path ? path.toString() : (String) argument);
    }
    Output output =
        new Output(new ByteArrayInputStream(in), out, new PrintStream(err, true, UTF_8), false);
    ExitCode exitCode = Main.run(output, words);
    return new Ran(exitCode, out.toByteArray(), err.toString(UTF_8));
  }

  /// The standard output as text.
  String text() {
    return new String(data, UTF_8);
  }

  /// It did what it was told, wrote this text and no message.
  void assertPrints(String expected) {
    assertEquals("", messages);
    assertEquals(expected, text());
    assertEquals(ExitCode.OK, exitCode);
  }

  /// It ended so, wrote no data and a message with these words in it.
  void assertFails(ExitCode expected, String... words) {
    assertEquals("", text());
    for (String word : words) {
      assertTrue(messages.contains(word), () -> "no \"" + word + "\" in: " + messages);
    }
    assertEquals(expected, exitCode, messages);
  }
}
