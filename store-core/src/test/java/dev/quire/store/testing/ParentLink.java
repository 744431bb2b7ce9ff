package dev.quire.store.testing;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.LinkedBlockingQueue;

/// The way of a [ChildJvm]'s program to the test that started it. Lines go both ways; everything
/// else that the program prints goes to its error stream, which the test shows when it fails.
///
/// A program that uses this ends when the test's process ends, whatever it is doing.
public final class ParentLink {

  /// Asks the program to end in an orderly way; see [ChildJvm#finish].
  static final String FINISH = "finish";

  /// Begins an answer that is an exception.
  static final String THREW = "threw ";

  private static final LinkedBlockingQueue<String> HEARD = new LinkedBlockingQueue<>();
  private static final PrintStream OUT =
      new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

  static {
    System.setOut(System.err);
    Thread listener = new Thread(ParentLink::listen, "parent-link");
    listener.setDaemon(true);
    listener.start();
  }

  private ParentLink() {}

  private static void listen() {
    try {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        HEARD.add(line);
      }
    } catch (IOException e) {
      // The same as the end: nobody is there.
    }
    Runtime.getRuntime().halt(3);
  }

  /// Tells the test something.
  public static void say(String line) {
    String escaped = line.replace("\n", "\\n").replace("\r", "\\r");
    synchronized (OUT) {
      OUT.print(escaped + "\n");
      OUT.flush();
    }
  }

  /// Waits for the test's next line.
  public static String hear() {
    while (true) {
      try {
        return HEARD.take();
      } catch (InterruptedException e) {
        // An interrupt is part of some tests, and never meant for this.
      }
    }
  }

  /// Answers commands until the test says that it is enough. Then the caller goes on, and ends.
  public static void serve(Role role) {
    for (String line = hear(); !line.equals(FINISH); line = hear()) {
      say(answer(role, line));
    }
  }

  private static String answer(Role role, String line) {
    String[] words = line.split(" ");
    try {
      return role.answer(words[0], Arrays.copyOfRange(words, 1, words.length));
    } catch (Throwable e) {
      e.printStackTrace();
      return THREW + e.getClass().getSimpleName() + " " + e.getMessage();
    }
  }
}
