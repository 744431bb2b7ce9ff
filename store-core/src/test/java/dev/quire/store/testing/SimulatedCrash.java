package dev.quire.store.testing;

/// The machine stopped, or the process was killed. An error, so that nothing catches it by habit.
public final class SimulatedCrash extends Error {

  private static final long serialVersionUID = 1L;

  SimulatedCrash(String message) {
    super(message);
  }
}
