package dev.quire.store.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ChildJvmTest {

  /// Does what the tests below need.
  static final class Tool {

    private Tool() {}

    public static void main(String[] arguments) {
      if (arguments.length > 0) {
        ParentLink.say("began " + String.join(" ", arguments));
      }
      ParentLink.serve(Tool::answer);
      System.exit(7);
    }

    @SuppressWarnings("InfiniteLoopStatement")
    private static String answer(String verb, String... words) {
      return switch (verb) {
        case "add" -> Integer.toString(Integer.parseInt(words[0]) + Integer.parseInt(words[1]));
        case "say" -> {
          ParentLink.say("one");
          ParentLink.say("two\nlines");
          System.out.println("this is no answer");
          yield "three";
        }
        case "seed" -> Long.toString(Campaign.seed());
        case "die" -> {
          ParentLink.say("whole");
          Runtime.getRuntime().halt(9);
          yield "never";
        }
        case "spin" -> {
          while (true) {
            Thread.onSpinWait();
          }
        }
        case "parent" -> Long.toString(start(Tool.class).pid());
        default -> throw new IllegalArgumentException("what is " + verb);
      };
    }

    @SuppressWarnings("resource") // It is to be left behind.
    private static ChildJvm start(Class<?> main) {
      ChildJvm child = ChildJvm.start(main);
      child.ask("add 1 1");
      return child;
    }
  }

  @Test
  void ask_commands_areAnsweredInOrder() {
    try (ChildJvm child = ChildJvm.start(Tool.class, "with", "arguments")) {
      assertEquals("began with arguments", child.next());
      assertEquals("5", child.ask("add 2 3"));
      assertEquals("one", child.ask("say"));
      assertEquals("two\\nlines", child.next());
      assertEquals("three", child.next());
      assertEquals(Long.toString(Campaign.seed()), child.ask("seed"));
      assertEquals(7, child.finish());
      assertTrue(child.errors().contains("this is no answer"));
    }
  }

  @Test
  void ask_commandThatThrows_isToldWithItsStack() {
    try (ChildJvm child = ChildJvm.start(Tool.class)) {
      assertEquals("threw IllegalArgumentException what is love", child.attempt("love"));
      AssertionError error = assertThrows(AssertionError.class, () -> child.ask("love"));
      assertTrue(error.getMessage().contains("at dev.quire"), error.getMessage());
    }
  }

  @Test
  void next_childThatHangs_failsWithItsStacks() {
    JvmLaunch launch = JvmLaunch.of(Tool.class).withPatience(Duration.ofSeconds(1));
    try (ChildJvm child = ChildJvm.start(launch)) {
      child.tell("spin");
      AssertionError error = assertThrows(AssertionError.class, child::next);
      assertTrue(error.getMessage().contains("ChildJvmTest$Tool.answer"), error.getMessage());
    }
  }

  @Test
  void findNext_childThatDied_givesWhatItHadSaid() {
    try (ChildJvm child = ChildJvm.start(Tool.class)) {
      assertEquals("whole", child.ask("die"));
      assertEquals(Optional.empty(), child.findNext());
      assertEquals(9, child.awaitEnd());
      AssertionError error = assertThrows(AssertionError.class, child::next);
      assertTrue(error.getMessage().contains("exit code 9"), error.getMessage());
    }
  }

  @Test
  void kill_anyTime_keepsWhatWasSaid() {
    try (ChildJvm child = ChildJvm.start(Tool.class)) {
      assertEquals("one", child.ask("say"));
      child.kill();
      assertFalse(child.isAlive());
      List<String> rest = new ArrayList<>();
      for (Optional<String> line = child.findNext(); line.isPresent(); line = child.findNext()) {
        rest.add(line.get());
      }
      assertEquals(List.of("two\\nlines", "three").subList(0, rest.size()), rest);
    }
  }

  @Test
  void freeze_thenThaw_delaysTheAnswer() {
    try (ChildJvm child = ChildJvm.start(Tool.class)) {
      assertEquals("5", child.ask("add 2 3"));
      child.freeze();
      child.tell("add 3 4");
      assertFalse(child.speaksWithin(Duration.ofMillis(100)));
      child.thaw();
      assertEquals("7", child.next());
    }
  }

  @Test
  void death_ofTheParent_endsTheChild() throws Exception {
    try (ChildJvm child = ChildJvm.start(Tool.class)) {
      ProcessHandle grandchild =
          ProcessHandle.of(Long.parseLong(child.ask("parent"))).orElseThrow();
      assertTrue(grandchild.isAlive());
      ProcessHandle.of(child.pid()).orElseThrow().destroyForcibly();
      grandchild.onExit().get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void start_ofACommandThatRunsIt_works() {
    JvmLaunch launch = JvmLaunch.of(Tool.class).under("nice").withOwnClassesOnly();
    try (ChildJvm child = ChildJvm.start(launch.withFlags("-Dquire.seed=77"))) {
      assertEquals("77", child.ask("seed"));
    }
  }
}
