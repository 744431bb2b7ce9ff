package dev.quire.store.server.run;

/// A command cannot be run. The message is the reply, a code in capitals first.
public final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// With the reply's text.
  public Refusal(String reply) {
    super(reply, null, false, false);
  }

  /// Options that make no sense.
  public static Refusal syntax() {
    return new Refusal("ERR syntax error");
  }

  /// A word that is no whole number.
  public static Refusal notANumber() {
    return new Refusal("ERR value is not an integer or out of range");
  }
}
