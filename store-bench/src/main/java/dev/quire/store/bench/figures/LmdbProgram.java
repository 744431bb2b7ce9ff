package dev.quire.store.bench.figures;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The program that does the workloads with LMDB in C, `lmdb-bench.c` beside this class: compiled
/// when it is first needed, where the machine has a C compiler and LMDB's header and library.
final class LmdbProgram {

  private static final String SOURCE = "lmdb-bench.c";

  /// What a compiler says if the library is not there.
  private static final List<String> ABSENT = List.of("lmdb.h: No such file", "-llmdb");

  private Optional<Path> program = Optional.empty();
  private boolean wasSought;

  /// The compiled program, or none if the machine has not what it takes.
  ///
  /// @throws IOException if the program cannot be compiled for another reason
  Optional<Path> find() throws IOException, InterruptedException {
    if (!wasSought) {
      wasSought = true;
      program = hasCompiler() ? compile() : Optional.empty();
    }
    return program;
  }

  private static boolean hasCompiler() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "cc")));
  }

  private static Optional<Path> compile() throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("quire-bench-c");
    directory.toFile().deleteOnExit();
    Path source = directory.resolve(SOURCE);
    Path compiled = directory.resolve("lmdb-bench");
    source.toFile().deleteOnExit();
    compiled.toFile().deleteOnExit();
    try (InputStream in = LmdbProgram.class.getResourceAsStream(SOURCE)) {
      if (in == null) {
        throw new IOException(SOURCE + " is not in the jar");
      }
      Files.copy(in, source, StandardCopyOption.REPLACE_EXISTING);
    }
    Process cc =
        new ProcessBuilder(
                List.of(
                    "cc",
                    "-O2",
                    "-Wall",
                    "-pthread",
                    "-o",
                    compiled.toString(),
                    source.toString(),
                    "-llmdb",
                    "-lm"))
            .redirectErrorStream(true)
            .start();
    String said = new String(cc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (cc.waitFor() == 0) {
      return Optional.of(compiled);
    }
    if (ABSENT.stream().anyMatch(said::contains)) {
      return Optional.empty();
    }
    throw new IOException(SOURCE + " cannot be compiled: " + said);
  }
}
