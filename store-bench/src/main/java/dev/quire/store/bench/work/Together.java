package dev.quire.store.bench.work;

import dev.quire.store.bench.peer.Peer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Processes that share a store, each with a [Role]: JVMs with the flags and the class path of this
/// one. They begin together when all of them have it open.
///
/// A process prints a line when it has opened the store, waits for a byte, and prints a line with
/// what it found in the end.
public final class Together {

  /// The word for one process, on the command line of [#main].
  private static final String PREFIX = "member ";

  private static final String READY = PREFIX + "ready";

  private Together() {}

  /// Runs one process for each role.
  ///
  /// @return what they found, in the order of `roles`
  static List<Role.Finding> run(Trial trial, List<Role> roles) {
    List<Process> members = new ArrayList<>();
    try {
      List<BufferedReader> outputs = new ArrayList<>();
      for (int i = 0; i < roles.size(); i++) {
        Process member = start(roles.get(i), trial.withSeed(trial.seed() * 31 + i));
        members.add(member);
        outputs.add(member.inputReader(StandardCharsets.UTF_8));
      }
      for (BufferedReader output : outputs) {
        next(output);
      }
      for (Process member : members) {
        try (OutputStream input = member.getOutputStream()) {
          input.write('\n');
        }
      }
      List<Role.Finding> findings = new ArrayList<>();
      for (BufferedReader output : outputs) {
        findings.add(Role.Finding.parse(next(output)));
      }
      for (Process member : members) {
        if (member.waitFor() != 0) {
          throw new IllegalStateException("a process failed with exit code " + member.exitValue());
        }
      }
      return findings;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      members.forEach(Process::destroyForcibly);
    }
  }

  private static Process start(Role role, Trial trial) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Together.class.getName()));
    command.add(role.name());
    command.addAll(trial.words());
    return new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
  }

  /// The next line of a process that is meant for this one.
  private static String next(BufferedReader output) throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(PREFIX)) {
        return line.substring(PREFIX.length());
      }
    }
    throw new IllegalStateException("a process ended before its time");
  }

  /// One of the processes: its role, and the words of its trial.
  public static void main(String[] args) throws IOException {
    List<String> words = List.of(args);
    Role role = Role.valueOf(words.getFirst());
    Trial trial = Trial.parse(words.subList(1, words.size()));
    try (Peer peer = trial.kind().open(trial.place())) {
      System.out.println(READY);
      if (System.in.read() < 0) {
        throw new IllegalStateException("the process that measures has gone");
      }
      System.out.println(PREFIX + role.run(trial, peer).line());
    }
  }
}
